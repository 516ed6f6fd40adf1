#include "observe/look.hh"

#include "kernel/snapshot.hh"

namespace hopyard::observe {

Result<net::Snapshot> look(int netns) {
  return kernel::take_snapshot(netns);
}

}  // namespace hopyard::observe
