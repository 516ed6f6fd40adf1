#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "net/desired.hh"

namespace hopyard::kernel {

/// Something that a kernel may be built without.
struct Feature {
  std::string name;  ///< "network emulator (netem)"
  std::string
      option;  ///< of the kernel's configuration: "CONFIG_NET_SCH_NETEM"; empty when it is not of the kernel
  std::string meaning;  ///< what a lab cannot have without it
  std::string remedy;   ///< where to get it
  bool present = false;
  std::string words;  ///< what the kernel said, when it is missing
};

/// An error that names the first feature that @p desired needs and the running kernel lacks. Looks for
/// nothing that is not needed, makes a namespace to look in only for what cannot be asked without, and leaves
/// nothing.
[[nodiscard]] Result<> check_features(const net::Desired& desired);
/// The same for one impairment of a link.
[[nodiscard]] Result<> check_features(const net::Impairment& impairment);

/// Everything that Hopyard can make use of. An error when nothing can be asked at all (no root).
[[nodiscard]] Result<std::vector<Feature>> probe_all();

}  // namespace hopyard::kernel
