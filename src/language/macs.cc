#include "language/draft.hh"

namespace hopyard::language {

void derive_macs(lab::Lab& lab) {
  for (lab::Node& node : lab.nodes)
    for (lab::Interface& one : node.interfaces)
      if (one.mac.zero() && !lab::is_moved(lab, one))
        one.mac = lab::has_lowers_mac(one) ? node.interfaces[one.lower].mac
                                           : Mac::derived(lab.name, node.name, one.name);
}

}  // namespace hopyard::language
