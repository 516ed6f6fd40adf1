#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "keeper/registry.hh"

/// Names for a lab's nodes under /run/netns, for `ip -n` and `ip netns exec`.
namespace hopyard::app {

struct Exposure {
  std::string lab;                 ///< empty for the only one that runs
  std::vector<std::string> nodes;  ///< none for all
  std::string pattern = "{lab}-{node}";
};

struct ExposedName {
  std::string node;  ///< empty where it cannot be told any more
  std::string name;
};

struct Exposed {
  std::string lab;
  std::vector<ExposedName> names;
};

/// The name that @p pattern makes of a node; an error when it has other words in braces than lab and node, or
/// makes no name.
[[nodiscard]] Result<std::string> exposed_name(const std::string& pattern, const std::string& lab,
                                               const std::string& node);

/// Makes the names; again is no error. One that is taken is an error, and then none is made.
[[nodiscard]] Result<Exposed> expose(const keeper::Registry& registry, const Exposure& wanted);

/// Takes the names of these nodes away, whatever the pattern was.
[[nodiscard]] Result<Exposed> unexpose(const keeper::Registry& registry, const Exposure& wanted);

}  // namespace hopyard::app
