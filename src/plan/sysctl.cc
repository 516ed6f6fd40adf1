#include "plan/sysctl.hh"

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

}  // namespace hopyard::plan
