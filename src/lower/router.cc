#include "lower/kinds.hh"

namespace hopyard::lower {

net::Namespace router(const lab::Node& node) {
  net::Namespace ns = common(node);
  ns.sysctls = merged(forwarding(), node.sysctls);
  return ns;
}

}  // namespace hopyard::lower
