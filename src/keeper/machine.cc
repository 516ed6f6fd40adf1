#include "keeper/machine.hh"

#include <sched.h>

#include "keeper/machine_init.hh"
#include "sys/process.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {

Result<Machine> Machine::begin(const MachinePlan& plan) {
  HOPYARD_TAKE(ends, sys::socket_pair());
  HOPYARD_TAKE(child, sys::clone3(CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC));
  if (child.is_child()) run_init(plan, std::move(ends.second));
  return Machine{child.pid, std::move(child.pidfd), std::move(ends.first)};
}

}  // namespace hopyard::keeper
