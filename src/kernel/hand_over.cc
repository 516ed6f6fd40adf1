#include <fmt/format.h>
#include <net/if.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "kernel/adopted.hh"
#include "kernel/takeover.hh"
#include "netlink/link.hh"
#include "netlink/link_name.hh"

namespace hopyard::kernel {
namespace {

constexpr const char* instead =
    "by: macvlan leaves it where it is, by: bridge gives the lab's wires to its network";

/// Only what the kernel itself returns when a namespace ends may go into one: whoever is killed returns
/// nothing (default_device_exit_net).
Result<> check_may_leave(const netlink::LinkInfo& link, const std::vector<netlink::LinkInfo>& links) {
  const std::string doing = "move interface " + link.name;
  if ((link.flags & IFF_LOOPBACK) != 0) return refusal(doing, "it is the loopback interface", "");
  if (!link.kind.empty())
    return refusal(
        doing,
        fmt::format("it is no hardware but a {}, which would be lost if the lab were killed", link.kind),
        instead);
  if (link.master != 0) return refusal(doing, "it is a port of another interface", instead);
  for (const netlink::LinkInfo& other : links)
    if (other.index != link.index && other.peer == link.index && !other.peer_nsid)
      return refusal(doing, fmt::format("{} stands on it", other.name), instead);
  return {};
}

/// The settings of an interface: it gets the namespace's defaults anew when it comes back.
constexpr std::array folders{"sys/net/ipv4/conf/", "sys/net/ipv4/neigh/", "sys/net/ipv6/conf/",
                             "sys/net/ipv6/neigh/"};

struct Setting {
  std::string path;
  std::string value;
};
std::vector<Setting> own_settings(const sys::Procfs& procfs, const std::string& interface) {
  std::vector<Setting> own;
  for (const std::string folder : folders) {
    const auto files = procfs.list(folder + interface);
    if (!files) continue;  // an interface that does without IPv6
    for (const std::string& file : *files) {
      const std::string path = fmt::format("{}{}/{}", folder, interface, file);
      const auto value = procfs.read(path);
      if (!value || file == "mc_forwarding") continue;  // nobody can write that one
      if (const auto usual = procfs.read(fmt::format("{}default/{}", folder, file));
          !usual || *usual != *value)
        own.push_back({path, *value});
    }
  }
  return own;
}

}  // namespace

Result<> AdoptedNamespace::note_departure(const netlink::LinkInfo& link, const std::string& stamp) {
  const Journal& journal = shared_->journal();
  HOPYARD_TAKE(belongings, Belongings::of(channel_->socket, link.index));
  std::vector<Setting> settings;
  {
    HOPYARD_TAKE(procfs, shared_->procfs());
    HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), shared_->home()));
    settings = own_settings(*procfs, link.name);
  }
  HOPYARD_TRY(journal.departing(door_.number, stamp));
  // Noted in the order opposite to that in which it will be done: fetch it, give it its settings, set it up,
  // and give it its addresses and routes.
  HOPYARD_TRY(note_return(link.name, belongings));
  if ((link.flags & IFF_UP) != 0) {
    netlink::Batch up;
    HOPYARD_TRY(netlink::set_link_state(up, link.index, true));
    HOPYARD_TRY(journal.request(door_.number, up.bytes()));
  }
  for (const Setting& one : settings) HOPYARD_TRY(journal.later(door_.number, one.path, one.value));
  return journal.departure(door_.number, {stamp, link.name, link.index, link.mac, link.mtu});
}

Result<> AdoptedNamespace::hand_over(const net::Namespace& own, std::uint32_t device,
                                     const netlink::Destination& to) {
  HOPYARD_TRY(commit());
  HOPYARD_TAKE(requests, batch());
  refused_ = operation_;
  HOPYARD_TAKE(links, netlink::list_links(channel_->socket));
  const std::uint32_t index = index_of(own, device);
  const auto link = std::ranges::find(links, index, &netlink::LinkInfo::index);
  if (link == links.end()) return failure("find interface " + own.devices[device].name, "", ENODEV);
  HOPYARD_TRY(check_may_leave(*link, links));
  const std::string stamp = fmt::format("hopyard.{}.moved.{}", shared_->lab(), link->name);
  HOPYARD_TRY(note_departure(*link, stamp));
  HOPYARD_TRY(netlink::add_alternative_name(*requests, index, stamp));
  HOPYARD_TRY(seen(requests->commit()));
  HOPYARD_TRY(netlink::move_link(*requests, index, to));
  Result<> moved = seen(requests->commit());
  if (!moved && moved.error().code == EINVAL)
    return refusal("move interface " + link->name, "its driver does not let it leave its namespace", instead);
  return moved;
}

}  // namespace hopyard::kernel
