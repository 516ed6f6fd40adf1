#include "sys/kvm.hh"

#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "sys/fd.hh"
#include "sys/process.hh"
#include "sys/socket.hh"

namespace hopyard::sys {
namespace {

/// Memory of this process.
class Mapping {
 public:
  Mapping(std::size_t size, int flags, int descriptor)
      : size_(size), begin_(::mmap(nullptr, size, PROT_READ | PROT_WRITE, flags, descriptor, 0)) {}
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() {
    if (*this) ::munmap(begin_, size_);
  }
  explicit operator bool() const { return begin_ != MAP_FAILED; }
  [[nodiscard]] void* get() const { return begin_; }

 private:
  std::size_t size_;
  void* begin_;
};

#if defined(__x86_64__)
constexpr std::size_t page = 4096;
constexpr unsigned char hlt = 0xF4;  // of x86

Result<> give_memory(int machine, const Mapping& memory) {
  // Where Intel's processors keep what they need for real mode: below the firmware, where nothing else is.
  constexpr unsigned long task_state = 0xFFFBD000;
  kvm_userspace_memory_region region{};
  region.memory_size = page;
  region.userspace_addr = reinterpret_cast<std::uintptr_t>(memory.get());
  if (::ioctl(machine, KVM_SET_TSS_ADDR, task_state) != 0 ||
      ::ioctl(machine, KVM_SET_USER_MEMORY_REGION, &region) != 0)
    return failure("give memory to a virtual machine", "", errno);
  return {};
}

/// In real mode, at address 0.
Result<> set_registers(int processor) {
  constexpr std::uint64_t always_set = 2;  // of the flags
  kvm_sregs special{};
  kvm_regs registers{};
  registers.rflags = always_set;
  if (::ioctl(processor, KVM_GET_SREGS, &special) != 0) return failure("read a virtual processor", "", errno);
  special.cs.base = 0;
  special.cs.selector = 0;
  if (::ioctl(processor, KVM_SET_SREGS, &special) != 0 || ::ioctl(processor, KVM_SET_REGS, &registers) != 0)
    return failure("set a virtual processor", "", errno);
  return {};
}

Result<> run_until_it_halts(int kvm, int processor) {
  const int size = ::ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
  if (size < static_cast<int>(sizeof(kvm_run))) return failure("run a virtual processor", "", errno);
  const Mapping shared(static_cast<std::size_t>(size), MAP_SHARED, processor);
  if (!shared) return failure("run a virtual processor", "", errno);
  HOPYARD_TRY(set_registers(processor));
  if (::ioctl(processor, KVM_RUN, 0) != 0) return failure("run a virtual processor", "", errno);
  const auto reason = static_cast<const kvm_run*>(shared.get())->exit_reason;
  if (reason == KVM_EXIT_HLT) return {};
  return refusal("run a virtual processor",
                 "it left its only instruction for reason " + std::to_string(reason) + " of linux/kvm.h");
}

Result<> run_on(int kvm) {
  const Fd machine(::ioctl(kvm, KVM_CREATE_VM, 0));
  if (!machine) return failure("create a virtual machine", "", errno);
  const Mapping memory(page, MAP_PRIVATE | MAP_ANONYMOUS, -1);
  if (!memory) return failure("give memory to a virtual machine", "", errno);
  std::memcpy(memory.get(), &hlt, sizeof hlt);
  HOPYARD_TRY(give_memory(machine.get(), memory));
  const Fd processor(::ioctl(machine.get(), KVM_CREATE_VCPU, 0));
  if (!processor) return failure("create a virtual processor", "", errno);
  return run_until_it_halts(kvm, processor.get());
}
#else
Result<> run_on(int) {
  return refusal("run a virtual processor", "this machine's is none of x86, which its guests are for");
}
#endif

/// What the process that does it says: "ok", or the errno and the words of its error, a line each.
std::string report(const Result<>& outcome) {
  if (outcome) return "ok";
  const Error& error = outcome.error();
  return std::to_string(error.code) + '\n' + error.doing + '\n' + error.object + '\n' + error.detail;
}

Result<> understood(std::string_view words, const std::string& doing) {
  if (words == "ok") return {};
  std::array<std::string, 4> lines;
  for (std::string& line : lines) {
    const std::size_t end = words.find('\n');
    line = words.substr(0, end);
    words = end == std::string_view::npos ? std::string_view() : words.substr(end + 1);
  }
  if (lines[1].empty()) return refusal(doing, "the process that tried it has ended without a word");
  return failure(lines[1], lines[2], std::atoi(lines[0].c_str()), lines[3]);
}

/// @return false when the time was over before anything came.
Result<bool> has_words(int descriptor, std::chrono::milliseconds deadline) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  for (;;) {
    pollfd watched{descriptor, POLLIN, 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    const int count = ::poll(&watched, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (count >= 0) return count > 0;
    if (errno != EINTR) return failure("wait for a process", "", errno);
  }
}

}  // namespace

Result<> run_kvm_guest(const std::string& device) {
  const Fd kvm(::open(device.c_str(), O_RDWR | O_CLOEXEC));
  if (!kvm) return failure("open", device, errno);
  const int version = ::ioctl(kvm.get(), KVM_GET_API_VERSION, 0);
  if (version < 0) return failure("ask for the version of", device, errno);
  if (version != KVM_API_VERSION)
    return refusal("use " + device, "it is of version " + std::to_string(version) + ", not 12");
  return run_on(kvm.get());
}

Result<> within(std::chrono::milliseconds deadline, const std::string& doing,
                const std::function<Result<>()>& what) {
  HOPYARD_TAKE(ends, socket_pair());
  HOPYARD_TAKE(child, fork());
  if (child.is_child()) {
    ends.first.reset();
    static_cast<void>(send_all(ends.second.get(), report(what())));
    ::_exit(0);
  }
  ends.second.reset();
  const auto answered = has_words(ends.first.get(), deadline);
  std::array<char, 1024> room;
  const ssize_t count =
      answered && *answered ? ::recv(ends.first.get(), room.data(), room.size(), MSG_DONTWAIT) : 0;
  static_cast<void>(pidfd_send_signal(child.pidfd.get(), SIGKILL));
  // What hangs in the kernel does not even end when it is killed: it is left to whoever comes after us.
  const auto ended = await_exit(child.pidfd.get(), deadline);
  if (ended && *ended) ::waitpid(child.pid, nullptr, 0);
  HOPYARD_TRY(answered);
  if (!*answered)
    return refusal(doing, "nothing came of it within " + std::to_string(deadline.count()) + " ms");
  return understood(std::string_view(room.data(), count > 0 ? static_cast<std::size_t>(count) : 0), doing);
}

Result<> check_kvm() {
  constexpr const char* device = "/dev/kvm";
  // Whether there is one at all takes no process.
  const Fd kvm(::open(device, O_RDWR | O_CLOEXEC));
  if (!kvm) return failure("open", device, errno);
  return within(kvm_deadline, "run a virtual processor", [] { return run_kvm_guest(device); });
}

}  // namespace hopyard::sys
