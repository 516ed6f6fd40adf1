#include <fcntl.h>
#include <fmt/format.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <climits>
#include <map>
#include <thread>

#include "app/netns.hh"
#include "app/netns_folder.hh"
#include "netlink/link.hh"
#include "netlink/nsid.hh"
#include "observe/processes.hh"
#include "sys/file.hh"
#include "sys/inotify.hh"
#include "sys/netns.hh"
#include "sys/nsfs.hh"

namespace hopyard::app {
namespace {

Result<std::map<sys::NamespaceId, std::uint64_t>> count_processes() {
  HOPYARD_TAKE(proc, sys::open_at(sys::here(), "/proc", O_RDONLY | O_DIRECTORY));
  HOPYARD_TAKE(names, sys::list_folder(proc.get()));
  std::map<sys::NamespaceId, std::uint64_t> counts;
  for (const std::string& name : names) {
    pid_t pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ec != std::errc{}) continue;
    if (const auto id = sys::netns_id_of(proc.get(), pid)) ++counts[*id];
  }
  return counts;
}

Result<std::vector<std::string>> interfaces_of(int netns, int home) {
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns, home));
  HOPYARD_TAKE(socket, netlink::Socket::open());
  HOPYARD_TAKE(links, netlink::list_links(socket));
  std::vector<std::string> names;
  names.reserve(links.size());
  for (const netlink::LinkInfo& link : links) names.push_back(link.name);
  return names;
}

/// Of a link, what it leads to: of a lab's, the lab, whose keeper's title says its name.
std::string maker_of(const std::string& name) {
  std::array<char, PATH_MAX> room;
  const ssize_t size = ::readlink(netns_path(name).c_str(), room.data(), room.size());
  if (size < 0) return "netns add";
  const std::string target(room.data(), static_cast<std::size_t>(size));
  constexpr std::string_view proc = "/proc/";
  pid_t pid = 0;
  if (target.starts_with(proc) && target.find("/fd/") != std::string::npos)
    std::from_chars(target.data() + proc.size(), target.data() + target.size(), pid);
  const auto title = sys::read_file(sys::here(), fmt::format("/proc/{}/cmdline", pid));
  constexpr std::string_view keeper = "hopyard: ";
  if (pid != 0 && title && title->starts_with(keeper))
    return title->substr(keeper.size(), title->find('\0') - keeper.size());
  return "link to " + target;
}

/// Nothing where @p answer is an error of what was looked at; what the caller itself lacks stays an error.
template <class T>
Result<std::optional<T>> if_seen(Result<T> answer) {
  if (!answer && is_scarcity(answer.error().code)) return pass_on(std::move(answer));
  return answer ? std::optional(*std::move(answer)) : std::nullopt;
}

}  // namespace

Result<std::vector<NamedNetns>> list_netns(bool details) {
  HOPYARD_TAKE(names, netns_names());
  std::vector<NamedNetns> list;
  if (names.empty()) return list;
  HOPYARD_TAKE(home, sys::current_netns());
  HOPYARD_TAKE(socket, netlink::Socket::open());
  std::map<sys::NamespaceId, std::uint64_t> counts;
  if (details) {
    HOPYARD_TAKE(counted, count_processes());
    counts = std::move(counted);
  }
  for (std::string& name : names) {
    NamedNetns& one = list.emplace_back();
    one.name = std::move(name);
    if (details) one.made_by = maker_of(one.name);
    auto netns = open_netns(one.name);
    if (!netns && is_scarcity(netns.error().code)) return pass_on(std::move(netns));
    if (!netns) {
      one.state = netns.error().code == ENOENT ? NetnsState::Dangling : NetnsState::Stale;
      continue;
    }
    HOPYARD_TAKE(number, if_seen(netlink::nsid_of(socket, netns->get())));
    one.id = number.value_or(std::nullopt);
    if (!details) continue;
    HOPYARD_TAKE(interfaces, if_seen(interfaces_of(netns->get(), home.get())));
    one.interfaces = std::move(interfaces);
    if (const auto id = sys::netns_id(netns->get())) one.processes = counts[*id];
  }
  return list;
}

Result<std::vector<std::string>> identify_netns(pid_t pid) {
  HOPYARD_TAKE(proc, sys::open_at(sys::here(), "/proc", O_RDONLY | O_DIRECTORY));
  const auto wanted = sys::netns_id_of(proc.get(), pid);
  if (!wanted) {
    const int code = errno;
    return failure("identify the network namespace of process", std::to_string(pid), code, {},
                   code == ENOENT ? "'ps -e' shows which processes there are" : rights_remedy(code));
  }
  HOPYARD_TAKE(names, netns_names());
  std::vector<std::string> fitting;
  for (std::string& name : names) {
    HOPYARD_TAKE(netns, if_seen(open_netns(name)));
    if (netns && sys::netns_id(netns->get()) == wanted) fitting.push_back(std::move(name));
  }
  return fitting;
}

namespace {

constexpr auto between_looks = std::chrono::milliseconds(10);

/// How long it may take until number @p id is free for @p netns: a namespace that has been deleted keeps its
/// own until the kernel has taken it apart. 0 where it is to stay as it is.
std::chrono::milliseconds time_to_end(netlink::Socket& socket, int netns, std::int32_t id) {
  const auto own = netlink::nsid_of(socket, netns);
  if (!own || *own) return {};
  const auto found = netlink::translate_nsid(socket, id, std::nullopt);
  // Nobody has it any more (rtnl_net_getid of net/core/net_namespace.c). They are taken apart one after the
  // other.
  if (!found && found.error().code == ENOENT) return std::chrono::seconds(30);
  const auto named = list_netns(false);
  if (!found || !named || std::ranges::find(*named, std::optional(id), &NamedNetns::id) != named->end())
    return {};
  // A socket of a process that has ended may have it for a moment yet.
  return std::chrono::seconds(1);
}

/// set_nsid(), when the number is free.
Result<> set_when_free(netlink::Socket& socket, int netns, std::optional<std::int32_t> id) {
  const auto began = std::chrono::steady_clock::now();
  for (;;) {
    auto set = netlink::set_nsid(socket, netns, id);
    if (set || !id || set.error().code != EEXIST) return set;
    if (std::chrono::steady_clock::now() - began >= time_to_end(socket, netns, *id)) return set;
    std::this_thread::sleep_for(between_looks);
  }
}

}  // namespace

Result<std::int32_t> set_netns_id(const std::string& name, std::optional<std::int32_t> id) {
  HOPYARD_TAKE(netns, open_netns(name));
  HOPYARD_TAKE(socket, netlink::Socket::open());
  if (auto set = set_when_free(socket, netns.get(), id); !set) {
    const auto before = netlink::nsid_of(socket, netns.get());
    const bool has = before && before->has_value();
    set.error().doing = "give a number to network namespace";
    set.error().object = name;
    set.error().remedy = has ? fmt::format("it has number {}, and keeps it", **before)
                         : set.error().code == EEXIST
                             ? "'hopyard netns list-id' shows which are taken; auto takes a free one"
                             : rights_remedy(set.error().code);
    return std::unexpected(std::move(set).error());
  }
  HOPYARD_TAKE(given, netlink::nsid_of(socket, netns.get()));
  return given.value_or(-1);
}

namespace {

Result<std::vector<netlink::Nsid>> numbers_of(const NetnsIdQuery& query) {
  HOPYARD_TAKE(socket, netlink::Socket::open());
  if (!query.id) return netlink::list_nsids(socket, query.target);
  HOPYARD_TAKE(one, netlink::translate_nsid(socket, *query.id, query.target));
  return std::vector{one};
}

}  // namespace

Result<std::vector<NumberedNetns>> list_netns_ids(const NetnsIdQuery& query) {
  auto numbers = numbers_of(query);
  if (!numbers) {
    if (numbers.error().code == EINVAL || numbers.error().code == ENOENT)
      numbers.error().remedy = "'hopyard netns list-id' shows which numbers there are";
    return pass_on(std::move(numbers));
  }
  HOPYARD_TAKE(named, list_netns(false));
  std::ranges::sort(*numbers, {}, &netlink::Nsid::id);
  std::vector<NumberedNetns> list;
  list.reserve(numbers->size());
  for (const netlink::Nsid& number : *numbers) {
    NumberedNetns& one = list.emplace_back(NumberedNetns{number.id, number.current, {}});
    const std::int32_t here = query.target ? number.current.value_or(-1) : number.id;
    for (const NamedNetns& netns : named)
      if (here >= 0 && netns.id == here) one.names.push_back(netns.name);
  }
  return list;
}

Result<> watch_netns(const std::function<bool(bool added, const std::string& name)>& tell) {
  HOPYARD_TRY(sys::make_folder(sys::here(), netns_folder, 0755));
  HOPYARD_TAKE(watch,
               sys::FolderWatch::open(netns_folder, IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO));
  for (;;) {
    HOPYARD_TAKE(events, watch.wait());
    for (const auto& event : events) {
      if ((event.mask & (IN_IGNORED | IN_Q_OVERFLOW)) != 0)
        return refusal(fmt::format("watch folder {}", netns_folder),
                       (event.mask & IN_IGNORED) != 0 ? "it is gone" : "too much happened at once");
      if (!tell((event.mask & (IN_CREATE | IN_MOVED_TO)) != 0, event.name)) return {};
    }
  }
}

}  // namespace hopyard::app
