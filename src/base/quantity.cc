#include "base/quantity.hh"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <span>

namespace hopyard {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr std::array duration_units{Unit{"ns", 1},  Unit{"us", 1e3}, Unit{"ms", 1e6},
                                    Unit{"s", 1e9}, Unit{"m", 60e9}, Unit{"h", 3600e9}};
constexpr std::array rate_units{Unit{"bit", 1}, Unit{"kbit", 1e3}, Unit{"mbit", 1e6}, Unit{"gbit", 1e9},
                                Unit{"tbit", 1e12}};
constexpr std::array byte_units{Unit{"", 1}, Unit{"KiB", 1024.0}, Unit{"MiB", 1048576.0},
                                Unit{"GiB", 1073741824.0}};
constexpr std::array percent_units{Unit{"%", 0.01}};

/// NUMBER UNIT as a multiple of the smallest unit, when it is at most @p limit.
std::optional<double> parse(std::string_view text, std::span<const Unit> units, double limit) {
  double number = 0;
  const char* end_of_text = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), end_of_text, number, std::chars_format::fixed);
  if (error != std::errc{} || !std::isfinite(number) || std::signbit(number)) return std::nullopt;
  const std::string_view name(end, static_cast<std::size_t>(end_of_text - end));
  for (const Unit& unit : units)
    if (unit.name == name && number * unit.factor <= limit) return number * unit.factor;
  return std::nullopt;
}

/// The value in the largest unit that shows it without a fraction, or with one of at most three digits; never
/// with an exponent, which no unit is read after.
std::string show(double value, std::span<const Unit> units) {
  const Unit* best = &units.front();
  for (const Unit& unit : units)
    if (value >= unit.factor && unit.factor > best->factor &&
        std::abs(value / unit.factor * 1000 - std::round(value / unit.factor * 1000)) < 1e-6)
      best = &unit;
  std::string number = fmt::format("{:.3f}", value / best->factor);
  number.erase(number.find_last_not_of('0') + 1);
  if (number.ends_with('.')) number.pop_back();
  return number + std::string(best->name);
}

constexpr double largest_count = 9.0e18;

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  const auto value = parse(text, duration_units, largest_count);
  if (!value) return std::nullopt;
  return std::chrono::nanoseconds(std::llround(*value));
}

std::string duration_text(std::chrono::nanoseconds duration) {
  return show(static_cast<double>(duration.count()), std::span(duration_units).first(4));
}

std::optional<std::uint64_t> parse_rate(std::string_view text) {
  const auto value = parse(text, rate_units, largest_count);
  if (!value) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(*value));
}

std::string rate_text(std::uint64_t bits_per_second) {
  return show(static_cast<double>(bits_per_second), rate_units);
}

std::optional<double> parse_percent(std::string_view text) {
  return parse(text, percent_units, 1.0);
}

std::string percent_text(double share) {
  return fmt::format("{:.6g}%", share * 100);
}

std::optional<std::uint64_t> parse_bytes(std::string_view text) {
  const auto value = parse(text, byte_units, largest_count);
  if (!value || *value != std::floor(*value)) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

std::string bytes_text(std::uint64_t bytes) {
  return show(static_cast<double>(bytes), byte_units);
}

}  // namespace hopyard
