#pragma once

#include <functional>
#include <vector>

#include "language/draft.hh"

namespace hopyard::language {

/// Which interfaces of a node count; all if empty.
using Chosen = std::function<bool(std::uint32_t interface)>;

/// The addresses of @p node as @p from would use them, at most one of each family: those in a network that
/// the two share come before others. To be called once all have their addresses.
[[nodiscard]] std::vector<IpAddress> addresses_from(Draft& draft, std::uint32_t from, std::uint32_t node,
                                                    const Chosen& chosen = {});
/// The node of that name. Nothing, and reported, if there is none.
[[nodiscard]] std::optional<std::uint32_t> find_node(Draft& draft, const Text& name);
/// The addresses that a text means, itself or those of a node. Empty, and reported, if there are none.
[[nodiscard]] std::vector<IpAddress> addresses_of(Draft& draft, std::uint32_t from, const Text& host);

}  // namespace hopyard::language
