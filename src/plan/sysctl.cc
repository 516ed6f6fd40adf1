#include "plan/sysctl.hh"

#include <algorithm>
#include <array>

namespace hopyard::plan {

bool needs_device(std::string_view name) {
  static constexpr std::array<std::string_view, 5> tables{
      "net.ipv4.conf.", "net.ipv4.neigh.", "net.ipv6.conf.", "net.ipv6.neigh.", "net.mpls.conf."};
  for (const std::string_view table : tables) {
    if (!name.starts_with(table)) continue;
    const std::string_view rest = name.substr(table.size());
    const std::string_view device = rest.substr(0, rest.find('.'));
    return device != "all" && device != "default" && device != "lo";
  }
  return false;
}

std::string overwritten_by(std::string_view name) {
  constexpr std::string_view begin = "net.ipv6.conf.";
  constexpr std::string_view end = ".mtu";
  if (!name.starts_with(begin) || !name.ends_with(end) || name.size() <= begin.size() + end.size()) return {};
  std::string device(name.substr(begin.size(), name.size() - begin.size() - end.size()));
  if (device == "all" || device == "default") return {};
  std::ranges::replace(device, '/', '.');
  return device;
}

}  // namespace hopyard::plan
