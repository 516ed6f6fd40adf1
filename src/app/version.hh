#pragma once

#include <string>

namespace hopyard::app {

struct Version {
  std::string hopyard;
  std::string kernel;  ///< release of the running one (uname(2))
  std::string machine;
  bool sanitized = false;  ///< built with the address sanitizer
};

[[nodiscard]] Version version();

}  // namespace hopyard::app
