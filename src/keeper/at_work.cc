#include "keeper/at_work.hh"

#include "sys/file.hh"

namespace hopyard::keeper {

bool is_at_work(std::span<const observe::Process> processes, pid_t session) {
  bool working = false;
  std::chrono::milliseconds had{0};
  for (const observe::Process& one : processes) {
    if (one.inner_session != session) continue;
    working = working || one.state == 'R' || one.state == 'D';
    had += one.cpu + one.ended_cpu;
  }
  return working && had < most_work;
}

bool is_at_work(pid_t session) {
  const auto proc = sys::open_folder(sys::here(), "/proc");
  if (!proc) return false;
  const auto all = observe::list_processes(proc->get());
  return all && is_at_work(*all, session);
}

}  // namespace hopyard::keeper
