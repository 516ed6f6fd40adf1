#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace hopyard::lower {

/// True for what the kernel takes as the name of a new device in a namespace, and what it keeps as it is:
/// dev_valid_name() and sysctl_dev_name_is_allowed() of Linux; "lo" is taken, "%" starts a pattern.
[[nodiscard]] bool good_device_name(std::string_view name);

/// The names of the ports of one bridge: each says who is behind it, none comes twice.
class PortNames {
 public:
  /// @param bridge the bridge's own name, which no port may have.
  explicit PortNames(std::string_view bridge) : taken_{std::string(bridge)} {}
  /// @p full ("pc1-eth0") when it will do as it is; else the first eight bytes of it and a hash of it all:
  /// the same name on every machine, so long as the ports are named in the same order.
  [[nodiscard]] std::string name(std::string_view full);

 private:
  std::unordered_set<std::string> taken_;
};

}  // namespace hopyard::lower
