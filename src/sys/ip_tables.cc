#include "sys/ip_tables.hh"

#include <linux/netfilter.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "sys/fd.hh"
#include "sys/file.hh"

namespace hopyard::sys {
namespace {

constexpr std::string_view filter = "filter";

struct V4 {
  using Info = ipt_getinfo;
  using Entries = ipt_get_entries;
  using Entry = ipt_entry;
  static constexpr int domain = AF_INET;
  static constexpr int level = IPPROTO_IP;
  static constexpr int get_info = IPT_SO_GET_INFO;
  static constexpr int get_entries = IPT_SO_GET_ENTRIES;
  static constexpr const char* names = "/proc/self/net/ip_tables_names";
};

struct V6 {
  using Info = ip6t_getinfo;
  using Entries = ip6t_get_entries;
  using Entry = ip6t_entry;
  static constexpr int domain = AF_INET6;
  static constexpr int level = IPPROTO_IPV6;
  static constexpr int get_info = IP6T_SO_GET_INFO;
  static constexpr int get_entries = IP6T_SO_GET_ENTRIES;
  static constexpr const char* names = "/proc/self/net/ip6_tables_names";
};

/// The tables in use; asking the kernel for another one would load its module.
bool in_use(const char* names) {
  const auto text = read_file(here(), names);
  if (!text) return false;
  for (std::string_view rest = *text; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    if (rest.substr(0, end) == filter) return true;
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return false;
}

/// Whether the rule at @p offset of @p entries, a chain's last, drops. @param size of all rules, in bytes.
template <class Of>
bool drops(const char* entries, std::size_t size, std::size_t offset) {
  typename Of::Entry entry;
  xt_standard_target target{};
  if (offset + sizeof entry > size) return false;
  std::memcpy(&entry, entries + offset, sizeof entry);
  if (offset + entry.target_offset + sizeof target > size) return false;
  std::memcpy(&target, entries + offset + entry.target_offset, sizeof target);
  return target.verdict == -NF_DROP - 1;
}

template <class Of>
Result<bool> forward_drops() {
  if (!in_use(Of::names)) return false;
  const Fd socket(::socket(Of::domain, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW));
  if (!socket) return failure("read the old iptables", "", errno);
  typename Of::Info info{};
  std::memcpy(info.name, filter.data(), filter.size());
  socklen_t length = sizeof info;
  if (::getsockopt(socket.get(), Of::level, Of::get_info, &info, &length) != 0)
    return failure("read the old iptables", "", errno);
  std::vector<char> room(sizeof(typename Of::Entries) + info.size);
  typename Of::Entries head{};
  std::memcpy(head.name, filter.data(), filter.size());
  head.size = info.size;
  std::memcpy(room.data(), &head, sizeof head);
  length = static_cast<socklen_t>(room.size());
  if (::getsockopt(socket.get(), Of::level, Of::get_entries, room.data(), &length) != 0)
    return failure("read the old iptables", "", errno);  // EAGAIN: it was changed in between
  return drops<Of>(room.data() + sizeof head, info.size, info.underflow[NF_INET_FORWARD]);
}

}  // namespace

Result<bool> old_tables_drop_forwarded(Family family) {
  return family == Family::V4 ? forward_drops<V4>() : forward_drops<V6>();
}

}  // namespace hopyard::sys
