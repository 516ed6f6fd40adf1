#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hopyard {

/// Quantities carry their unit. Each parse returns nothing for what is not one, and never guesses a unit.

/// "20ms", "1.5s", "250us", "100ns", "2m", "1h".
[[nodiscard]] std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);
[[nodiscard]] std::string duration_text(std::chrono::nanoseconds duration);

/// Bits per second: "50mbit", "1gbit", "64kbit", "9600bit" (powers of 1,000, as tc(8) has them).
[[nodiscard]] std::optional<std::uint64_t> parse_rate(std::string_view text);
[[nodiscard]] std::string rate_text(std::uint64_t bits_per_second);

/// A share: "0.1%", "100%"; from 0 to 1.
[[nodiscard]] std::optional<double> parse_percent(std::string_view text);
[[nodiscard]] std::string percent_text(double share);

/// Bytes: "1500", "64KiB", "512MiB", "2GiB" (powers of 1,024).
[[nodiscard]] std::optional<std::uint64_t> parse_bytes(std::string_view text);
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

}  // namespace hopyard
