#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.hh"

namespace hopyard::app {

/// A node, an interface or a network, as the command line says it: "r1", "r1:eth0", "lan".
struct EndWords {
  std::string node;       ///< or a network
  std::string interface;  ///< empty when none was said
};

/// Something of a lab that can be failed, healed or impaired: a node ("r1"), an interface ("r1:eth0"), or a
/// link ("r1 -- r2", "r1--r2", "r1:eth0--r2:eth0"). With "LAB/" before it, the lab is said as well.
struct Place {
  std::string lab;  ///< empty when not said
  EndWords one;
  std::optional<EndWords> other;  ///< the other end, of a link

  [[nodiscard]] bool is_link() const { return other.has_value(); }
  [[nodiscard]] bool is_interface() const { return !other && !one.interface.empty(); }
  [[nodiscard]] bool is_node() const { return !other && one.interface.empty(); }
};

/// The error is one of the command line: the words are not of any of these forms.
[[nodiscard]] Result<Place> parse_place(std::string_view words);

/// "LAB/NODE" taken apart; without a slash the lab is empty.
struct NodeWords {
  std::string lab;
  std::string node;
};
[[nodiscard]] NodeWords parse_node(std::string_view words);

}  // namespace hopyard::app
