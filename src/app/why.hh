#pragma once

#include <string>
#include <vector>

#include "keeper/registry.hh"
#include "observe/mistakes.hh"

namespace hopyard::app {

/// What was found where.
struct PlacedMistake {
  std::string place;  ///< a node; "netns NAME", "the host"; empty for a wire
  observe::Mistake mistake;
};

struct Diagnosis {
  std::string lab;            ///< empty when it is not about a lab
  std::size_t looked_at = 0;  ///< namespaces
  std::vector<PlacedMistake> mistakes;
};

/// Of the nodes of a lab and the wires between them. @param nodes "NODE" or "LAB/NODE", all of one lab; none
/// for every node.
[[nodiscard]] Result<Diagnosis> why(const keeper::Registry& registry, const std::string& lab,
                                    const std::vector<std::string>& nodes);
/// Of named network namespaces of this host, as `hopyard netns list` has them.
[[nodiscard]] Result<Diagnosis> why_netns(const std::vector<std::string>& names);
/// Of the network namespace that the caller is in.
[[nodiscard]] Result<Diagnosis> why_here();

}  // namespace hopyard::app
