#include "lower/nat.hh"

#include <fmt/format.h>

namespace hopyard::lower {
namespace {

std::string forward(const std::string& interface, const lab::Forward& one, const IpAddress& to) {
  const bool v4 = to.family() == Family::V4;
  const std::string_view protocol = one.protocol == lab::Forward::Protocol::Tcp ? "tcp" : "udp";
  // Whatever address the node has at the time, by DHCP as well; what only passes through is let alone.
  return fmt::format(
      "    iifname \"{}\" meta nfproto ipv{} fib daddr type local {} dport {} dnat ip{} to {}:{}\n",
      interface, v4 ? 4 : 6, protocol, one.port, v4 ? "" : "6",
      v4 ? to.text() : fmt::format("[{}]", to.text()), one.to_port);
}

}  // namespace

std::string nat_ruleset(const lab::Node& node, std::string_view table) {
  std::string text = fmt::format("table inet {} {{\n", table);
  if (!node.forwards.empty()) {
    text +=
        "  chain prerouting {\n"
        "    type nat hook prerouting priority dstnat; policy accept;\n";
    for (const std::string& interface : node.nat_out)
      for (const lab::Forward& one : node.forwards)
        for (const IpAddress& to : one.to) text += forward(interface, one, to);
    text += "  }\n";
  }
  text +=
      "  chain postrouting {\n"
      "    type nat hook postrouting priority srcnat; policy accept;\n";
  for (const std::string& name : node.nat_out) text += fmt::format("    oifname \"{}\" masquerade\n", name);
  return text + "  }\n}\n";
}

}  // namespace hopyard::lower
