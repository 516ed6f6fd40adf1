/// A library for LD_PRELOAD that stands between the program under test and the C library. At every call that
/// becomes a system call it notes where in the program that is, and at the one that it is told it fails or
/// kills. tests/e2e/faults.py gives the orders.

#include "faults.hh"

#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <unwind.h>

#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace hopyard::faults {
namespace {

Orders* orders = nullptr;
std::uintptr_t program_begin = 0;
std::uintptr_t program_end = 0;

int note_program(dl_phdr_info* info, std::size_t /*size*/, void* /*unused*/) {
  program_begin = info->dlpi_addr;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& part = info->dlpi_phdr[i];
    const std::uintptr_t end = info->dlpi_addr + part.p_vaddr + part.p_memsz;
    if (part.p_type == PT_LOAD && end > program_end) program_end = end;
  }
  return 1;  // the first one is the program
}

// Before the program begins. It does not hand on what has made it load this library.
__attribute__((constructor)) void begin() {
  const char* path = std::getenv("HOPYARD_FAULTS");
  if (path == nullptr) return;
  const int file = static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0));
  if (file < 0) return;
  void* mapped = ::mmap(nullptr, sizeof(Orders), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::syscall(SYS_close, file);
  if (mapped == MAP_FAILED) return;
  auto* found = static_cast<Orders*>(mapped);
  char self[sizeof found->program]{};
  if (::syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", self, sizeof self - 1) < 0 ||
      std::strcmp(self, found->program) != 0) {
    ::munmap(mapped, sizeof(Orders));
    return;
  }
  ::dl_iterate_phdr(note_program, nullptr);
  ::unsetenv("LD_PRELOAD");
  ::unsetenv("HOPYARD_FAULTS");
  orders = found;
}

struct Walk {
  std::uint64_t place[deepest]{};
  unsigned count = 0;
};

_Unwind_Reason_Code step(_Unwind_Context* context, void* data) {
  auto& walk = *static_cast<Walk*>(data);
  const std::uintptr_t at = _Unwind_GetIP(context);
  if (at >= program_begin && at < program_end) walk.place[walk.count++] = at - program_begin;
  return walk.count < orders->depth && walk.count < deepest ? _URC_NO_REASON : _URC_END_OF_STACK;
}

// FNV-1a (draft-eastlake-fnv), never 0.
std::uint64_t id_of(const Walk& walk, const char* function) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto take = [&](std::uint64_t value) { hash = (hash ^ value) * 0x100000001b3; };
  for (; *function != '\0'; ++function) take(static_cast<unsigned char>(*function));
  for (unsigned i = 0; i < walk.count; ++i) take(walk.place[i]);
  return hash | 1;
}

void record(std::uint64_t id, const Walk& walk, const char* function, int error) {
  for (std::uint64_t i = id; i < id + most_sites; ++i) {
    Site& site = orders->sites[i % most_sites];
    std::uint64_t free = 0;
    if (site.id.compare_exchange_strong(free, id)) {
      std::memcpy(site.place, walk.place, sizeof site.place);
      std::strncpy(site.function, function, sizeof site.function - 1);
      site.error = error;
    } else if (free != id) {
      continue;
    }
    ++site.passed;
    return;
  }
}

// A process that is the first one of its namespace does not hear its own signals: it ends as if it had.
[[noreturn]] void die() {
  ::syscall(SYS_kill, ::syscall(SYS_getpid), SIGKILL);
  for (;;) ::syscall(SYS_exit_group, 128 + SIGKILL);
}

/// @return whether this call of @p function has to fail, with errno @p error.
bool fails(const char* function, int error) {
  if (orders == nullptr) return false;
  const int before = errno;
  Walk walk;
  _Unwind_Backtrace(step, &walk);
  const std::uint64_t id = id_of(walk, function);
  bool strikes = false;
  if (orders->mode == Mode::Record) {
    record(id, walk, function, error);
  } else if (id == orders->site && ++orders->passed == orders->passing) {
    orders->struck = static_cast<std::int32_t>(::syscall(SYS_getpid));
    if (orders->mode == Mode::Kill) die();
    strikes = error != 0;
  }
  errno = strikes ? error : before;
  return strikes;
}

/// Of a call that is made by its number.
int likely_error(long number) {
  if (number == SYS_capget) return 0;  // a thread may always ask what it may do
  return number == SYS_futex ? EINTR : ENOMEM;
}

template <class Function>
Function* next(Function*& known, const char* name) {
  if (known == nullptr) known = reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
  return known;
}

}  // namespace
}  // namespace hopyard::faults

// A function of the C library by another name in this file, as its own declaration may say more (noexcept)
// than is known here.
#define HOPYARD_FAULT_OR(failure, error, type, name, parameters, arguments)                      \
  extern "C" __attribute__((visibility("default"))) type fault_##name parameters __asm__(#name); \
  type fault_##name parameters {                                                                 \
    static type(*real) parameters = nullptr;                                                     \
    if (hopyard::faults::fails(#name, error)) return failure;                                    \
    return hopyard::faults::next(real, #name) arguments;                                         \
  }
// Those that return -1, and those that return what errno would be.
#define HOPYARD_FAULT(error, type, name, parameters, arguments) \
  HOPYARD_FAULT_OR(-1, error, type, name, parameters, arguments)

#include "calls.hh"
