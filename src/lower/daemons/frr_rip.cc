#include <fmt/format.h>

#include <algorithm>

#include "lower/daemons/daemons.hh"

namespace hopyard::lower::daemons {

std::string ripd_configuration(const lab::Node& node, const Speaker& speaker, Family family) {
  const bool v4 = family == Family::V4;
  std::string networks;
  bool fast = true;
  for (const IgpInterface& one : speaker.rip) {
    if (one.passive || !(v4 ? one.v4 : one.v6)) continue;
    networks += fmt::format(" network {}\n", one.name);
    fast = fast && one.fast;
  }
  std::string out = head(node) + (v4 ? "router rip\n version 2\n" : "router ripng\n");
  // Those who hear of a route rarely have to believe in it for longer. 5 s is the least that ripd takes.
  if (!node.dynamic.realistic) out += fast ? " timers basic 5 15 10\n" : " timers basic 5 180 120\n";
  // The interfaces that are not spoken on, and lo, are announced by this.
  out += " redistribute connected\n allow-ecmp\n";
  return out + networks + "!\n";
}

}  // namespace hopyard::lower::daemons
