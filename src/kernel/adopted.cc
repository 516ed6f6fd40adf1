#include "kernel/adopted.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/netlink.h>
#include <net/if.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <sstream>

#include "kernel/there_already.hh"
#include "netlink/address.hh"
#include "netlink/link.hh"
#include "netlink/link_name.hh"
#include "sys/netns.hh"
#include "sys/random.hh"

namespace hopyard::kernel {
namespace {

constexpr std::uint32_t loopback_index = 1;

std::string whose(const net::Namespace& own) {
  return own.adopted == net::host_namespace ? "the host" : own.adopted;
}

/// The message that takes away what @p added adds: of addresses, routes and rules the two differ in their
/// type alone, and RTM_DEL… is RTM_NEW… and one.
std::vector<char> reversed(std::span<const char> added) {
  std::vector<char> bytes(added.begin(), added.end());
  nlmsghdr head;
  std::memcpy(&head, bytes.data(), sizeof head);
  ++head.nlmsg_type;
  head.nlmsg_flags = NLM_F_REQUEST;
  std::memcpy(bytes.data(), &head, sizeof head);
  return bytes;
}

std::unexpected<Error> missing(const net::Namespace& own, std::uint32_t device) {
  return refusal("find an interface",
                 fmt::format("{} has no interface {}", whose(own), own.devices[device].name),
                 "its interfaces are listed by: ip link");
}

Result<std::map<std::uint32_t, std::uint32_t>> find_existing(const std::vector<netlink::LinkInfo>& links,
                                                             const net::Namespace& own) {
  std::map<std::uint32_t, std::uint32_t> found;
  for (std::uint32_t i = 0; i < own.devices.size(); ++i) {
    if (own.devices[i].kind != net::Device::Kind::Existing) continue;
    const auto link = std::ranges::find(links, own.devices[i].name, &netlink::LinkInfo::name);
    if (link == links.end()) return missing(own, i);
    found[i] = link->index;
  }
  return found;
}

}  // namespace

Result<std::unique_ptr<Namespace>> AdoptedNamespace::adopt(std::shared_ptr<RealKernel::Shared> shared,
                                                           const Door& door, const net::Namespace& own) {
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(door.netns, shared->home()));
  HOPYARD_TAKE(socket, netlink::Socket::open());
  HOPYARD_TAKE(netns, sys::netns_of_socket(socket.descriptor()));
  HOPYARD_TAKE(links, netlink::list_links(socket));
  HOPYARD_TAKE(existing, find_existing(links, own));
  std::uint32_t highest = 0;
  bool awake = true;
  for (const netlink::LinkInfo& link : links) {
    highest = std::max(highest, link.index);
    if (link.index == loopback_index) awake = (link.flags & IFF_UP) != 0;
  }
  const std::uint32_t first =
      shared->reserve_indices(door.place.inode, highest, static_cast<std::uint32_t>(own.devices.size()));
  auto made = std::make_unique<AdoptedNamespace>(std::move(shared), std::move(netns), first,
                                                 std::move(socket), door, std::move(existing));
  if (!awake && !own.loopback.empty()) HOPYARD_TRY(made->wake_loopback());
  made->visit_.emplace(std::move(inside));
  return std::unique_ptr<Namespace>(std::move(made));
}

AdoptedNamespace::AdoptedNamespace(std::shared_ptr<RealKernel::Shared> shared, sys::Fd netns,
                                   std::uint32_t first_index, netlink::Socket socket, Door door,
                                   std::map<std::uint32_t, std::uint32_t> existing)
    : RealNamespace(std::move(shared), std::move(netns), first_index, std::move(socket)),
      door_(std::move(door)),
      existing_(std::move(existing)) {}

template <class Add>
Result<> AdoptedNamespace::noted(Add add, std::span<const char> undo, bool taken) {
  refused_ = operation_;
  if (taken) return failure("add", "", EEXIST, "what is there would be taken for it when the lab ends");
  HOPYARD_TAKE(note, shared_->journal().request(door_.number, undo));
  HOPYARD_TAKE(requests, batch());
  HOPYARD_TRY(add(*requests));
  Result<> outcome = commit();
  if (!outcome && outcome.error().code == EEXIST)  // somebody has added it in between
    HOPYARD_TRY(shared_->journal().revoke(note));
  return outcome;
}

template <class Add, class... What>
Result<> AdoptedNamespace::added(Add add, const What&... what) {
  HOPYARD_TRY(commit());  // a refusal is then one of this alone
  refused_ = operation_;
  netlink::Batch written;
  HOPYARD_TRY(add(written));
  HOPYARD_TRY(batch());
  HOPYARD_TAKE(taken, there_already(channel_->socket, what...));
  return noted(add, reversed(written.bytes()), taken);
}

Result<> AdoptedNamespace::wake_loopback() {
  // What the kernel gives it when it goes up does not all go when it goes down.
  for (const char* address : {"::1/128", "127.0.0.1/8"}) {
    netlink::Batch given;
    HOPYARD_TRY(netlink::add_address(given, loopback_index, *InterfaceAddress::parse(address),
                                     netlink::Existing::Refuse));
    HOPYARD_TRY(shared_->journal().request(door_.number, reversed(given.bytes())));
  }
  netlink::Batch undo;
  HOPYARD_TRY(netlink::set_link_state(undo, loopback_index, false));
  HOPYARD_TRY(shared_->journal().request(door_.number, undo.bytes()));
  return netlink::set_link_state(channel_->batch, loopback_index, true);
}

std::uint32_t AdoptedNamespace::index_of(const net::Namespace& own, std::uint32_t device) const {
  const auto found = existing_.find(device);
  return found == existing_.end() ? RealNamespace::index_of(own, device) : found->second;
}

Result<> AdoptedNamespace::find_again(const net::Namespace& own, std::uint32_t device) {
  if (own.devices[device].kind != net::Device::Kind::Existing) return {};
  HOPYARD_TRY(batch());
  HOPYARD_TAKE(links, netlink::list_links(channel_->socket));
  const auto link = std::ranges::find(links, own.devices[device].name, &netlink::LinkInfo::name);
  if (link == links.end()) return missing(own, device);
  existing_[device] = link->index;
  return {};
}

std::string AdoptedNamespace::stamp_of(const net::Namespace& own, std::uint32_t device) const {
  return fmt::format("hopyard.{}.{}", shared_->lab(), own.devices[device].name);
}

Result<std::vector<char>> AdoptedNamespace::without_stamp(const net::Namespace& own,
                                                          std::uint32_t device) const {
  netlink::Batch undo;
  HOPYARD_TRY(netlink::delete_link(undo, stamp_of(own, device)));
  return std::vector(undo.bytes().begin(), undo.bytes().end());
}

Result<> AdoptedNamespace::stamp(const net::Namespace& own, std::uint32_t device) {
  HOPYARD_TRY(commit());  // what was refused must not be stamped: its index may be another lab's
  HOPYARD_TRY(batch());
  const std::string name = stamp_of(own, device);
  HOPYARD_TAKE(another, netlink::find_link(channel_->socket, name));
  HOPYARD_TAKE(undo, without_stamp(own, device));
  const auto add = [&](netlink::Batch& to) {
    return netlink::add_alternative_name(to, index_of(own, device), name);
  };
  Result<> outcome = noted(add, undo, another.has_value());
  stamped_.insert(device);
  return outcome;
}

Result<std::string> AdoptedNamespace::name_at_birth(const net::Namespace&, std::uint32_t) {
  HOPYARD_TRY(commit());
  HOPYARD_TAKE(number, sys::random_number());
  std::string name = fmt::format("hopyard{:08x}", number);  // IFNAMSIZ leaves no room for more
  netlink::Batch undo;
  HOPYARD_TRY(netlink::delete_link(undo, name));
  HOPYARD_TRY(shared_->journal().request(door_.number, undo.bytes()));
  return name;
}

Result<> AdoptedNamespace::born(const net::Namespace& own, std::uint32_t device, std::string_view name) {
  HOPYARD_TRY(stamp(own, device));
  return RealNamespace::born(own, device, name);
}

Result<> AdoptedNamespace::create_device(const net::Namespace& own, std::uint32_t device, Namespace& lower,
                                         const net::Namespace& lowers) {
  // What moves here has the stamp of the namespace that it comes from.
  if (own.devices[device].kind == net::Device::Kind::Moved) stamped_.insert(device);
  return RealNamespace::create_device(own, device, lower, lowers);
}

Result<> AdoptedNamespace::set_up(const net::Namespace& own, std::uint32_t device) {
  if (own.devices[device].kind == net::Device::Kind::Existing)
    return own.devices[device].master == net::none ? Result<>() : take_over(own, device);
  // The bridge of an interface comes up with that one's MAC address, and has its link-local address from it:
  // take_over() does it.
  const auto is_its_port = [&](const net::Device& one) {
    return one.kind == net::Device::Kind::Existing && one.master == device;
  };
  if (std::ranges::any_of(own.devices, is_its_port)) return {};
  // The end of a pair that the other end's namespace has made.
  if (!stamped_.contains(device)) HOPYARD_TRY(stamp(own, device));
  return RealNamespace::set_up(own, device);
}

Result<> AdoptedNamespace::add_address(const net::Namespace& own, std::uint32_t device,
                                       const InterfaceAddress& address, Existing existing) {
  // Those of the lab's own devices go with them, and what is brought back was noted when it first came.
  const bool stays = device == net::none || own.devices[device].kind == net::Device::Kind::Existing;
  if (!stays || existing == Existing::Replace)
    return RealNamespace::add_address(own, device, address, existing);
  const std::uint32_t index = index_of(own, device);
  return added(
      [&](netlink::Batch& to) { return netlink::add_address(to, index, address, netlink::Existing::Refuse); },
      index, address);
}

Result<> AdoptedNamespace::add_route(const net::Namespace& own, const net::Route& route, Existing existing) {
  if (existing == Existing::Replace) return RealNamespace::add_route(own, route, existing);
  refused_ = operation_;
  HOPYARD_TAKE(request, lowered(own, route));
  return added([&](netlink::Batch& to) { return netlink::add_route(to, request, netlink::Existing::Refuse); },
               request);
}

Result<> AdoptedNamespace::add_rule(const net::Rule& rule) {
  netlink::Rule request = lowered(rule);
  if (!request.priority) {
    HOPYARD_TRY(commit());
    HOPYARD_TRY(batch());
    refused_ = operation_;
    HOPYARD_TAKE(priority, netlink::free_priority(channel_->socket, request.family));
    request.priority = priority;
  }
  return added([&](netlink::Batch& to) { return netlink::add_rule(to, request); }, request);
}

Result<> AdoptedNamespace::load_ruleset(const std::string& text) {
  // Of a ruleset that Hopyard wrote: each table begins a line.
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("table ")) continue;
    const std::string table = line.substr(0, line.find(" {"));
    HOPYARD_TRY(shared_->journal().ruleset(door_.number, fmt::format("{} {{ }}\ndelete {}\n", table, table)));
  }
  return RealNamespace::load_ruleset(text);
}

}  // namespace hopyard::kernel
