#include "keeper/at_work.hh"

#include <utility>

#include "sys/file.hh"

namespace hopyard::keeper {

bool AtWork::look(std::span<const observe::Process> processes) {
  bool working = false;
  Seen seen;
  for (const observe::Process& one : processes) {
    if (one.inner_session != session_) continue;
    working = working || one.state == 'R' || one.state == 'D';
    seen.processes.insert(one.pid);
    seen.had += one.cpu + one.ended_cpu;
  }
  if (seen.had >= most_work) return false;
  if (working || (last_ && *last_ != seen))
    quiet_ = 0;
  else
    ++quiet_;
  last_ = std::move(seen);
  return quiet_ < quiet_looks;
}

bool AtWork::look() {
  const auto proc = sys::open_folder(sys::here(), "/proc");
  if (!proc) return look({});
  const auto all = observe::list_processes(proc->get());
  return all ? look(*all) : look({});
}

}  // namespace hopyard::keeper
