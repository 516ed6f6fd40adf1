#include "sys/rights.hh"

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <vector>

namespace hopyard::sys {
namespace {

constexpr unsigned most_capabilities = 64;  // of version 3 of capset(2)

#if defined(__x86_64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_AARCH64;
#elif defined(__riscv) && __riscv_xlen == 64
constexpr std::uint32_t own_architecture = AUDIT_ARCH_RISCV64;
#else
#error "the architecture's number for seccomp(2) is not known: see linux/audit.h"
#endif

constexpr std::uint32_t x32_bit = 0x40000000;  // calls of the x32 ABI have it, and no others

constexpr std::array<std::uint32_t, 27> kernel_wide{SYS_kexec_load,
                                                    SYS_init_module,
                                                    SYS_finit_module,
                                                    SYS_delete_module,
                                                    SYS_reboot,
                                                    SYS_swapon,
                                                    SYS_swapoff,
                                                    SYS_settimeofday,
                                                    SYS_clock_settime,
                                                    SYS_clock_adjtime,
                                                    SYS_adjtimex,
                                                    SYS_bpf,
                                                    SYS_perf_event_open,
                                                    SYS_add_key,
                                                    SYS_request_key,
                                                    SYS_keyctl,
                                                    SYS_userfaultfd,
                                                    SYS_acct,
                                                    SYS_quotactl,
                                                    SYS_quotactl_fd,
                                                    SYS_syslog,
                                                    SYS_vhangup,
                                                    SYS_lookup_dcookie,
                                                    SYS_nfsservctl,
                                                    SYS_open_by_handle_at,
                                                    SYS_fanotify_init,
                                                    SYS_kexec_file_load};

constexpr sock_filter load(std::size_t offset) {
  return {BPF_LD | BPF_W | BPF_ABS, 0, 0, static_cast<std::uint32_t>(offset)};
}
constexpr sock_filter skip_if_equal(std::uint32_t value, std::uint8_t then, std::uint8_t otherwise) {
  return {BPF_JMP | BPF_JEQ | BPF_K, then, otherwise, value};
}
constexpr sock_filter answer(std::uint32_t value) {
  return {BPF_RET | BPF_K, 0, 0, value};
}

std::vector<sock_filter> kernel_call_filter() {
  std::vector<sock_filter> filter{
      load(offsetof(seccomp_data, arch)),         skip_if_equal(own_architecture, 1, 0),
      answer(SECCOMP_RET_ERRNO | ENOSYS),         load(offsetof(seccomp_data, nr)),
      {BPF_JMP | BPF_JGE | BPF_K, 0, 1, x32_bit}, answer(SECCOMP_RET_ERRNO | ENOSYS)};
  for (const std::uint32_t number : kernel_wide) {
    filter.push_back(skip_if_equal(number, 0, 1));
    filter.push_back(answer(SECCOMP_RET_ERRNO | EPERM));
  }
  filter.push_back(answer(SECCOMP_RET_ALLOW));
  return filter;
}

}  // namespace

Result<> bound_capabilities(std::uint64_t kept) {
  for (unsigned number = 0; number < most_capabilities; ++number) {
    if ((kept >> number & 1) != 0) continue;
    const int there = ::prctl(PR_CAPBSET_READ, number, 0, 0, 0);
    if (there < 0) break;  // the kernel has no more of them
    if (there == 1 && ::prctl(PR_CAPBSET_DROP, number, 0, 0, 0) != 0)
      return failure("give up a capability", "", errno, "", "CAP_SETPCAP is needed for that");
  }
  return {};
}

Result<> keep_capabilities(std::uint64_t kept) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0) return failure("see the capabilities", "", errno);
  for (std::size_t word = 0; word < sets.size(); ++word) {
    const auto part = static_cast<std::uint32_t>(kept >> (32 * word));
    sets[word].permitted &= part;
    sets[word].effective &= part;
    sets[word].inheritable &= part;
  }
  if (::syscall(SYS_capset, &header, sets.data()) != 0) return failure("give up capabilities", "", errno);
  return {};
}

Result<> refuse_kernel_calls() {
  std::vector<sock_filter> filter = kernel_call_filter();
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0)
    return failure("have system calls refused", "", errno,
                   errno == EINVAL ? "the kernel has no CONFIG_SECCOMP_FILTER" : "",
                   "leave 'seccomp' out of the lab file");
  return {};
}

}  // namespace hopyard::sys
