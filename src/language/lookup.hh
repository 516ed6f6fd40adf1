#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "language/draft.hh"

namespace hopyard::language {

/// Finds interfaces of nodes by what people call them: their own name, or the name of the network they are
/// attached to.
class InterfaceLookup {
 public:
  explicit InterfaceLookup(Draft& draft) : draft_(draft) {}

  /// Index into the node's interfaces. Reports a name that is not there, or a network that the node is
  /// attached to more than once, and then returns nothing.
  [[nodiscard]] std::optional<std::uint32_t> find(std::uint32_t node, const Text& name);
  /// Only interfaces' own names; reports nothing.
  [[nodiscard]] std::optional<std::uint32_t> by_name(std::uint32_t node, std::string_view name);

 private:
  void unknown(std::uint32_t node, const Text& name);
  [[nodiscard]] std::optional<std::uint32_t> by_network(std::uint32_t node, std::uint32_t network,
                                                        const Text& name);

  Draft& draft_;
  std::uint32_t cached_ = lab::none;  ///< the node that names_ is about
  std::unordered_map<std::string_view, std::uint32_t> names_;
};

}  // namespace hopyard::language
