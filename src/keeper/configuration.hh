#pragma once

#include <string>
#include <vector>

namespace hopyard::keeper {

/// A file that a service of a node was started with.
struct ConfigurationFile {
  std::string path;                   ///< in the node
  std::string content;                ///< as it was given: what was changed in the node since is not in it
  std::vector<std::string> services;  ///< those that name it in their command
};

}  // namespace hopyard::keeper
