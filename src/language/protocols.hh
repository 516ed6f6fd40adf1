#pragma once

#include "language/draft.hh"

/// Parts of what a node says about its routing protocols. Each reports what is wrong and then leaves the
/// value as it was.
namespace hopyard::language {

void read_bgp_timers(Values& values, const Yaml& value, lab::Bgp& bgp);
void read_ospf_timers(Values& values, const Yaml& value, lab::Ospf& ospf);
void read_rip(Values& values, const Yaml& value, NodeDraft& draft);
void read_isis(Values& values, const Yaml& value, lab::Isis& isis, NodeDraft& draft);

}  // namespace hopyard::language
