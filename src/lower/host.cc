#include "lower/kinds.hh"

namespace hopyard::lower {

net::Namespace host(const lab::Node& node) {
  net::Namespace ns = common(node);
  ns.sysctls = node.sysctls;
  return ns;
}

}  // namespace hopyard::lower
