#pragma once

#include <sys/types.h>

#include <chrono>
#include <span>

#include "observe/processes.hh"

/// Which of the commands of a node are for its settings and not through yet, and which are meant to go on.
namespace hopyard::keeper {

/// Who has had so much of the processors is not through soon.
inline constexpr std::chrono::milliseconds most_work{500};

/// Whether one of @p processes that is in @p session runs, or waits for a processor, the disk or the kernel,
/// and not for something to happen; and all of that session have not had most_work yet.
[[nodiscard]] bool is_at_work(std::span<const observe::Process> processes, pid_t session);

/// The same of those that the caller's /proc shows; false if it cannot be read.
[[nodiscard]] bool is_at_work(pid_t session);

}  // namespace hopyard::keeper
