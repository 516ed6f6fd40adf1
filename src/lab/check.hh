#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "lab/lab.hh"

namespace hopyard::lab {

/// Something that has to hold once the lab is up.
struct Check {
  enum class Kind : std::uint8_t { Reach, Route, Command };

  Kind kind = Kind::Reach;
  bool negated = false;       ///< it has to be otherwise
  std::string words;          ///< for people: "a -> b", "r1 has 10.0.0.0/8 via r2", "a runs …"
  std::uint32_t node = none;  ///< where it is asked: an index into Lab::nodes
  std::vector<IpAddress>
      addresses;             ///< Reach: each of them has to answer. Route: the next hop; empty for any
  std::uint32_t via = none;  ///< Route: the node that is the next hop, by whichever of its addresses
  Prefix to;                 ///< Route: its destination
  bool either = false;       ///< Route: a default route of either family will do
  std::string run;           ///< Command: for the node's shell; has to succeed
  std::optional<std::string> matches;  ///< Command: a regular expression (ECMAScript) found in what it writes
  std::optional<std::string> json;     ///< Command: a JSON Pointer (RFC 6901) into what it writes
  std::optional<std::string> equals;   ///< Command: what is there, text as it is, all else as JSON
  std::chrono::nanoseconds within = std::chrono::seconds(5);
  Span at;
};

}  // namespace hopyard::lab
