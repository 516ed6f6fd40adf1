#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/error.hh"
#include "net/impairment.hh"

namespace hopyard::app {

/// The keys of impairments as `set` takes them and a lab file has them, in the order of the help.
[[nodiscard]] std::span<const std::string_view> impairment_keys();

/// What `set` is to do with a link, as the command line says it: "delay=20ms loss=1% out", "none".
struct ImpairmentChange {
  enum class Direction : std::uint8_t { Both, Out, Back };
  Direction direction = Direction::Both;
  bool clear = false;             ///< what was there goes first
  std::vector<std::string> keys;  ///< the ones that were given
  net::Impairment values;

  /// @p now as it is after the change: what was not named stays.
  [[nodiscard]] net::Impairment applied_to(const net::Impairment& now) const;
};

/// The error is one of the command line and says what would be right.
[[nodiscard]] Result<ImpairmentChange> parse_impairment(std::span<const std::string> words);

}  // namespace hopyard::app
