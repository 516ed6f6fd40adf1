#include "lower/kinds.hh"

namespace hopyard::lower {

net::Namespace router(const lab::Node& node) {
  net::Namespace ns = common(node);
  ns.sysctls = merged({{"net.ipv4.ip_forward", "1"}, {"net.ipv6.conf.all.forwarding", "1"}}, node.sysctls);
  return ns;
}

}  // namespace hopyard::lower
