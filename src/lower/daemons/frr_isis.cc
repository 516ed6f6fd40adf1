#include <fmt/format.h>

#include <algorithm>

#include "lower/daemons/daemons.hh"

namespace hopyard::lower::daemons {
namespace {

/// The system id that people make of a router id: twelve digits, in fours (192.0.2.1 is 1920.0000.2001).
std::string system_id(const IpAddress& router_id) {
  const auto bytes = router_id.data();
  const std::string digits = fmt::format("{:03}{:03}{:03}{:03}", bytes[0], bytes[1], bytes[2], bytes[3]);
  return fmt::format("{}.{}.{}", digits.substr(0, 4), digits.substr(4, 4), digits.substr(8, 4));
}

std::string_view router_type(lab::Isis::Level level) {
  if (level == lab::Isis::Level::One) return "level-1";
  return level == lab::Isis::Level::Two ? "level-2-only" : "level-1-2";
}

void put_interface(std::string& out, const IgpInterface& one) {
  out += fmt::format("interface {}\n", one.name);
  if (one.v4) out += " ip router isis 1\n";
  if (one.v6) out += " ipv6 router isis 1\n";
  out += fmt::format(" isis metric {}\n", one.cost);
  if (one.passive) out += " isis passive\n";
  if (!one.passive && one.point_to_point) out += " isis network point-to-point\n";
  if (!one.passive && one.bfd) out += " isis bfd\n";
  if (!one.passive && one.fast)
    out += " isis hello-interval 1\n isis hello-multiplier 4\n isis csnp-interval 2\n";
  out += "!\n";
}

}  // namespace

std::string isisd_configuration(const lab::Node& node, const Speaker& speaker) {
  std::string out = head(node);
  IgpInterface loopback{"lo"};
  loopback.passive = true;
  loopback.v4 = speaker.v4;
  loopback.v6 = speaker.v6;
  put_interface(out, loopback);
  for (const IgpInterface& one : speaker.isis)
    if (one.v4 || one.v6) put_interface(out, one);
  out += "router isis 1\n";
  // What changes the router's own part of the database comes last: isisd takes the lines in this order, and
  // waits for as long as it was told by then before it writes that part anew, which is 30 s by default.
  if (!node.dynamic.realistic)
    out +=
        " lsp-gen-interval 1\n"
        " spf-delay-ietf init-delay 0 short-delay 50 long-delay 1000 holddown 1000 time-to-learn 500\n";
  if (speaker.lsp_mtu != 0) out += fmt::format(" lsp-mtu {}\n", speaker.lsp_mtu);
  out += " metric-style wide\n";
  out += fmt::format(" is-type {}\n", router_type(node.dynamic.isis.level));
  out += fmt::format(" net {}.{}.00\n", node.dynamic.isis.area, system_id(speaker.router_id));
  return out + "!\n";
}

}  // namespace hopyard::lower::daemons
