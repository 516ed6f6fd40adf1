#pragma once

#include <sys/types.h>

#include <string>

#include "keeper/adoption.hh"
#include "keeper/cgroup.hh"
#include "keeper/copies.hh"
#include "keeper/registry.hh"
#include "kernel/page_merging.hh"
#include "net/desired.hh"
#include "plan/plan.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// What a keeper is born with: all of it was made by the process that starts the lab.
struct Birth {
  net::Desired& desired;
  plan::Plan& plan;
  Claim& claim;
  Cgroups& cgroups;
  Adoptions& adoptions;  ///< what of the host and of containers it takes in
  kernel::PageMerging& merging;
  bool own_users;  ///< the process is in a user namespace of its own, and in the network of the host still
  HostOwners& owners;  ///< noted for a lab with users of its own
  sys::Fd& control;    ///< bound to its name in the lab's directory
  sys::Fd& starter;    ///< one of a pair of sockets; the other end stays with the starting process
  std::string folder;  ///< the lab's directory as a path
  std::string file;    ///< the lab file
};

/// The life of a keeper, from right after the fork into a new pid namespace: leaves the host's mounts, builds
/// the network, and holds it. Tells the starter how far it is, and ends, with all that it made, when the
/// starter goes before the lab is ready.
[[noreturn]] void live(Birth birth);

}  // namespace hopyard::keeper
