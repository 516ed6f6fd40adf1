#include <fmt/format.h>
#include <net/if.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <thread>

#include "kernel/adopted.hh"
#include "kernel/takeover.hh"
#include "netlink/link.hh"
#include "netlink/link_name.hh"
#include "netlink/neighbour.hh"

namespace hopyard::kernel {
namespace {

constexpr std::chrono::milliseconds between_questions{200};

std::vector<char> written(const std::function<Result<>(netlink::Batch&)>& put) {
  netlink::Batch batch;
  static_cast<void>(put(batch));
  return {batch.bytes().begin(), batch.bytes().end()};
}

/// A bridge listens to routers where the interface does, also where the host forwards.
Result<> listen_as(const sys::Procfs& procfs, const std::string& interface, const std::string& bridge) {
  const std::string folder = "sys/net/ipv6/conf/";
  const auto accepts = procfs.read(folder + interface + "/accept_ra");
  if (!accepts) return {};
  const bool listens =
      *accepts == "2" || (*accepts == "1" && procfs.read(folder + interface + "/forwarding") == "0");
  return procfs.write(folder + bridge + "/accept_ra", listens ? "2" : *accepts);
}

}  // namespace

Result<> AdoptedNamespace::note_return(const std::string& interface, const Belongings& belongings) {
  const Journal& journal = shared_->journal();
  const std::string dad = "sys/net/ipv6/conf/" + interface + "/accept_dad";
  HOPYARD_TAKE(messages, belongings.messages_to_return());
  HOPYARD_TAKE(procfs, shared_->procfs());
  std::string checks_for_duplicates;
  {
    HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), shared_->home()));
    checks_for_duplicates = procfs->read(dad).value_or("");
  }
  if (!checks_for_duplicates.empty()) HOPYARD_TRY(journal.later(door_.number, dad, checks_for_duplicates));
  for (auto message = messages.rbegin(); message != messages.rend(); ++message)
    HOPYARD_TRY(journal.request(door_.number, *message));
  if (!checks_for_duplicates.empty()) HOPYARD_TRY(journal.later(door_.number, dad, "0"));
  return {};
}

Result<> AdoptedNamespace::take_over(const net::Namespace& own, std::uint32_t device) {
  const std::string& name = own.devices[device].name;
  const std::uint32_t index = index_of(own, device);
  const std::uint32_t bridge = index_of(own, own.devices[device].master);
  HOPYARD_TRY(commit());
  HOPYARD_TAKE(requests, batch());
  refused_ = operation_;
  HOPYARD_TAKE(links, netlink::list_links(channel_->socket));
  const auto link = std::ranges::find(links, index, &netlink::LinkInfo::index);
  if (link == links.end()) return failure("find interface " + name, "", ENODEV);
  if (link->master != 0 || link->kind == "bridge")
    return refusal("make interface " + name + " a port of a bridge",
                   link->master != 0 ? "it is a port already" : "it is a bridge itself",
                   "by: macvlan leaves it as it is");
  HOPYARD_TAKE(belongings, Belongings::of(channel_->socket, index));

  // Noted in the order opposite to that in which it will be done: leave the bridge, delete it, and then give
  // back addresses and routes.
  const Journal& journal = shared_->journal();
  {
    HOPYARD_TAKE(procfs, shared_->procfs());
    HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), shared_->home()));
    HOPYARD_TRY(listen_as(*procfs, name, own.devices[own.devices[device].master].name));
  }
  HOPYARD_TRY(note_return(name, belongings));
  HOPYARD_TAKE(unmade, without_stamp(own, own.devices[device].master));
  HOPYARD_TRY(journal.request(door_.number, unmade));
  if ((link->flags & IFF_UP) == 0)
    HOPYARD_TRY(journal.request(door_.number, written([&](netlink::Batch& to) {
                                  return netlink::set_link_state(to, index, false);
                                })));
  HOPYARD_TRY(journal.request(
      door_.number, written([&](netlink::Batch& to) { return netlink::set_master(to, index, 0); })));

  HOPYARD_TRY(netlink::set_mac(*requests, bridge, link->mac));
  HOPYARD_TRY(netlink::set_link_state(*requests, bridge, true));
  HOPYARD_TRY(netlink::set_link_state(*requests, index, true));
  HOPYARD_TRY(netlink::set_master(*requests, index, bridge));
  // An interface may refuse to be a port (wireless ones do): then it keeps what it has.
  HOPYARD_TRY(seen(requests->commit()));
  HOPYARD_TRY(belongings.move(*requests, bridge));
  HOPYARD_TRY(seen(requests->commit()));
  const auto gateway = own.takeover->gateway ? own.takeover->gateway : belongings.gateway();
  return gateway ? await_gateway(*own.takeover, *gateway, bridge) : Result<>();
}

Result<> AdoptedNamespace::await_gateway(const net::Takeover& takeover, const IpAddress& gateway,
                                         std::uint32_t bridge) {
  const auto end = std::chrono::steady_clock::now() + takeover.within;
  for (;;) {
    HOPYARD_TAKE(requests, batch());
    HOPYARD_TRY(netlink::ask_neighbour(*requests, bridge, gateway));
    HOPYARD_TRY(seen(requests->commit()));
    HOPYARD_TAKE(there, netlink::has_neighbour(channel_->socket, bridge, gateway));
    if (there) return {};
    if (std::chrono::steady_clock::now() >= end)
      return refusal(
          "keep the host's connection",
          fmt::format("gateway {} has not answered through the bridge in {} ms; all will be put back",
                      gateway.text(), takeover.within.count()),
          "another 'gateway', a longer 'within', or by: macvlan, which leaves the interface as it is");
    std::this_thread::sleep_for(between_questions);
  }
}

}  // namespace hopyard::kernel
