#include <cerrno>
#include <optional>
#include <string>
#include <vector>

#include "kernel/adopted.hh"
#include "kernel/baseline.hh"
#include "netlink/link.hh"
#include "sys/netns.hh"

namespace hopyard::kernel {
namespace {

constexpr std::string_view forwarding4 = "sys/net/ipv4/ip_forward";
constexpr std::string_view forwarding6 = "sys/net/ipv6/conf/all/forwarding";

/// What the kernel, or who forwards, changes along with forwarding for all interfaces (inet_forward_change,
/// addrconf_fixup_forwarding): what each had before has to be noted.
std::vector<std::string> companions(std::string_view path, const std::vector<netlink::LinkInfo>& links) {
  std::vector<std::string> paths;
  if (path == forwarding4)
    paths = {"sys/net/ipv4/conf/all/accept_redirects", "sys/net/ipv4/conf/default/forwarding"};
  if (path == forwarding6) paths = {"sys/net/ipv6/conf/default/forwarding"};
  for (const netlink::LinkInfo& link : links) {
    const std::string folder =
        (path == forwarding4 ? "sys/net/ipv4/conf/" : "sys/net/ipv6/conf/") + link.name;
    paths.push_back(folder + "/forwarding");
    if (path == forwarding6) paths.push_back(folder + "/accept_ra");
  }
  return paths;
}

/// What a file of procfs has; nothing for one that is not there.
Result<std::optional<std::string>> read_if_there(const sys::Procfs& procfs, const std::string& path) {
  auto text = procfs.read(path);
  if (!text && text.error().code != ENOENT) return pass_on(std::move(text));
  return text ? std::optional(*std::move(text)) : std::nullopt;
}

}  // namespace

Result<> AdoptedNamespace::write_sysctl(const net::Sysctl& sysctl) {
  HOPYARD_TRY(commit());
  refused_ = operation_;
  const std::string path = sysctl_path(sysctl.name);
  if (path.empty()) return refusal("set", sysctl.name + " is not a setting of a network namespace");
  std::vector<netlink::LinkInfo> links;
  if (path == forwarding4 || path == forwarding6) {
    HOPYARD_TAKE(requests, batch());
    static_cast<void>(requests);  // there is a socket now, with nothing waiting on it
    HOPYARD_TAKE(listed, netlink::list_links(channel_->socket));
    links = std::move(listed);
  }
  Result<> outcome;
  {
    HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), shared_->home()));
    outcome = write_noted(path, sysctl.value, links);
  }
  // The thread that has opened the namespace is to stay in it until leave().
  if (visit_) HOPYARD_TRY(sys::enter_netns(netns_.get()));
  return outcome;
}

Result<> AdoptedNamespace::write_noted(const std::string& path, const std::string& value,
                                       const std::vector<netlink::LinkInfo>& links) {
  HOPYARD_TAKE(procfs, shared_->procfs());
  const Journal& journal = shared_->journal();
  HOPYARD_TAKE(was, procfs->read(path));
  for (const std::string& one : companions(path, links)) {
    HOPYARD_TAKE(now, read_if_there(*procfs, one));
    if (!now) continue;  // an interface that does without IPv6
    // Where all is as wanted already, another lab may have made it so: its notes are then shared.
    const std::optional<std::string> wanted = was == value ? now : std::nullopt;
    HOPYARD_TRY(journal.sysctl(door_.number, door_.place, one, *procfs, wanted));
  }
  HOPYARD_TAKE(differs, journal.sysctl(door_.number, door_.place, path, *procfs, value));
  if (!differs) return {};
  if (path == forwarding6) HOPYARD_TRY(keep_advertisements(*procfs, links));
  return procfs->write(path, value);
}

/// Whoever forwards IPv6 no longer listens to routers, unless each interface is told to (accept_ra of 2), and
/// loses the default routes that it has from them.
Result<> AdoptedNamespace::keep_advertisements(const sys::Procfs& procfs,
                                               const std::vector<netlink::LinkInfo>& links) {
  for (const netlink::LinkInfo& link : links) {
    const std::string folder = "sys/net/ipv6/conf/" + link.name;
    HOPYARD_TAKE(forwards, read_if_there(procfs, folder + "/forwarding"));
    HOPYARD_TAKE(listens, read_if_there(procfs, folder + "/accept_ra"));
    if (forwards == "0" && listens == "1") HOPYARD_TRY(procfs.write(folder + "/accept_ra", "2"));
  }
  return {};
}

}  // namespace hopyard::kernel
