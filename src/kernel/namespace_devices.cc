#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <functional>
#include <thread>

#include "base/device_name.hh"
#include "kernel/bridging.hh"
#include "kernel/real_namespace.hh"
#include "kernel/types/tun.hh"
#include "kernel/types/types.hh"
#include "netlink/bridge.hh"
#include "netlink/link.hh"
#include "netlink/link_name.hh"
#include "sys/netns.hh"
#include "sys/offload.hh"

/// Devices of a namespace: made, moved, configured.
namespace hopyard::kernel {
namespace {

/// What modules of tunnels put into every namespace (net.core.fb_tunnels_only_for_init_net), down, never to
/// be deleted, under names that people like to give.
constexpr std::array<std::string_view, 9> fallback_devices{"gre0",    "gretap0", "erspan0", "tunl0",   "sit0",
                                                           "ip6tnl0", "ip6gre0", "ip_vti0", "ip6_vti0"};

constexpr const char* taken_advice =
    "something else on this host has that number or UDP port: give this another 'vni' or 'port', or try "
    "again "
    "if it was a lab that has just ended";

}  // namespace

Result<> RealNamespace::create_veth(const net::Namespace& own, std::uint32_t device, Namespace& peer,
                                    const net::Namespace& theirs, std::uint32_t peer_device) {
  HOPYARD_TAKE(name, name_at_birth(own, device));
  HOPYARD_TAKE(requests, batch());
  const auto& other = static_cast<const RealNamespace&>(peer);
  const net::Device& here = own.devices[device];
  const net::Device& there = theirs.devices[peer_device];
  HOPYARD_TRY(seen(netlink::create_veth(
      *requests, {name, here.mac, here.mtu, index_of(own, device), descriptor()},
      {there.name, there.mac, there.mtu, other.index_of(theirs, peer_device), other.descriptor()})));
  return born(own, device, name);
}

Result<> RealNamespace::create_bridge(const net::Namespace& own, std::uint32_t device) {
  leave_bridged_frames_alone();
  HOPYARD_TAKE(name, name_at_birth(own, device));
  HOPYARD_TAKE(requests, batch());
  netlink::NewBridge bridge = bridge_for(own.devices[device], index_of(own, device));
  bridge.name = name;
  HOPYARD_TRY(seen(netlink::create_bridge(*requests, bridge)));
  return born(own, device, name);
}

Result<> RealNamespace::create_tap(const net::Namespace& own, std::uint32_t device) {
  const net::Device& it = own.devices[device];
  HOPYARD_TAKE(name, name_at_birth(own, device));
  sys::NewTun tun = tun_for(it, index_of(own, device));
  tun.name = name;
  refused_ = operation_;
  {
    HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), shared_->home()));
    HOPYARD_TRY(sys::create_tun(tun));
  }
  HOPYARD_TRY(born(own, device, name));
  HOPYARD_TAKE(requests, batch());
  if (tun.frames && !it.mac.zero()) HOPYARD_TRY(seen(netlink::set_mac(*requests, tun.index, it.mac)));
  if (it.mtu == 0) return {};
  return seen(netlink::set_mtu(*requests, tun.index, it.mtu));
}

Result<> RealNamespace::sum_first(const net::Namespace& own, std::uint32_t device) {
  // What was gathered until now may be about others.
  HOPYARD_TRY(commit());
  refused_ = operation_;
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), shared_->home()));
  return sys::stop_checksum_offload(own.devices[device].name);
}

Result<> RealNamespace::create_device(const net::Namespace& own, std::uint32_t device, Namespace& lower,
                                      const net::Namespace& lowers) {
  const net::Device& it = own.devices[device];
  const net::LinkSettings& link = *it.link;
  if (it.kind == net::Device::Kind::Moved)
    return receive(own, device, static_cast<RealNamespace&>(lower), lowers);
  const TypeEntry& type = type_entry(link.type);
  auto& maker = static_cast<RealNamespace&>(lower);
  HOPYARD_TRY(free_name(it.name));
  HOPYARD_TAKE(name, name_at_birth(own, device));
  HOPYARD_TAKE(requests, maker.batch());
  if (&maker != this) maker.attribute_to(operation_);
  refused_ = operation_;
  if (link.lower_device != net::none) HOPYARD_TRY(maker.find_again(lowers, link.lower_device));
  const std::uint32_t stands_on =
      link.lower_device == net::none ? 0 : maker.index_of(lowers, link.lower_device);
  netlink::NewDevice made{net::link_type_name(link.type), name, {}, it.mtu, index_of(own, device)};
  if (type.has_mac) made.mac = it.mac;
  if (&maker != this && !type.moves) made.netns = descriptor();
  if (type.on_link) made.lower = stands_on;
  std::function<void(netlink::Batch&)> data;
  if (type.data != nullptr) data = [&](netlink::Batch& batch) { type.data(batch, link, stands_on); };
  if (&maker != this && type.moves) return create_and_fetch(own, device, maker, made, data);
  if (&maker == this) {
    HOPYARD_TRY(seen(netlink::create_device(*requests, made, data)));
    HOPYARD_TRY(born(own, device, name));
    if (type.configure == nullptr && link.floods.empty()) return {};
    HOPYARD_TRY(commit());
  } else {
    HOPYARD_TRY(commit_of(maker));
    const auto create = [&]() -> Result<> {
      HOPYARD_TAKE(again, maker.batch());
      maker.attribute_to(operation_);
      HOPYARD_TRY(maker.seen(netlink::create_device(*again, made, data)));
      return commit_of(maker);
    };
    HOPYARD_TRY(once_free(EEXIST, create));
    HOPYARD_TRY(born(own, device, name));
  }
  if (type.configure != nullptr) HOPYARD_TRY(configure(type, index_of(own, device), link));
  if (&maker != this && type.listens) return take_port(index_of(own, device));
  return add_floods(index_of(own, device), link);
}

/// The kernel clears away the namespaces of a lab that has ended behind its back, and until then their
/// tunnels hold their numbers and ports in the namespace that their outer packets are in.
Result<> RealNamespace::once_free(int taken, const std::function<Result<>()>& ask) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  while (true) {
    Result<> outcome = ask();
    if (outcome || outcome.error().code != taken) return outcome;
    if (std::chrono::steady_clock::now() > until)
      return failure("make a device", "", taken, "", taken_advice);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

/// Its port is taken when it goes up.
Result<> RealNamespace::take_port(std::uint32_t index) {
  return once_free(EADDRINUSE, [&]() -> Result<> {
    HOPYARD_TAKE(requests, batch());
    HOPYARD_TRY(seen(netlink::set_link_state(*requests, index, true)));
    return commit();
  });
}

Result<> RealNamespace::commit_of(RealNamespace& maker) {
  Result<> outcome = maker.commit();
  if (!outcome) refused_ = maker.refused_;
  return outcome;
}

Result<> RealNamespace::add_floods(std::uint32_t index, const net::LinkSettings& link) {
  if (link.floods.empty()) return {};
  HOPYARD_TAKE(requests, batch());
  for (const IpAddress& end : link.floods) HOPYARD_TRY(seen(netlink::add_flood(*requests, index, end)));
  return {};
}

/// A device is born in the maker's namespace, where its outer packets stay, under a name that nobody has
/// there, and leaves it by the next request of the same message: nobody else sees it there for longer than
/// the kernel's own lock is held, and nothing that ends this process falls between.
Result<> RealNamespace::create_and_fetch(const net::Namespace& own, std::uint32_t device,
                                         RealNamespace& maker, netlink::NewDevice made,
                                         const std::function<void(netlink::Batch&)>& data) {
  const std::string& wanted = own.devices[device].name;
  const std::string name =
      made.name == wanted ? device_name({shared_->lab(), own.name, wanted}) : std::string(made.name);
  const std::uint32_t index = index_of(own, device);
  made.name = name;
  made.index = 0;
  HOPYARD_TRY(commit_of(maker));
  const auto create = [&]() -> Result<> {
    HOPYARD_TAKE(requests, maker.batch());
    maker.attribute_to(operation_);
    HOPYARD_TRY(maker.seen(netlink::create_device(*requests, made, data)));
    HOPYARD_TRY(maker.seen(netlink::move(*requests, name, descriptor(), index)));
    return commit_of(maker);
  };
  if (Result<> created = once_free(EEXIST, create); !created) {
    // One that was made and not let go would stay where it is not the lab's. EEXIST: the name is somebody
    // else's.
    if (created.error().code != EEXIST) {
      HOPYARD_TAKE(requests, maker.batch());
      HOPYARD_TRY(netlink::delete_link(*requests, name));
      static_cast<void>(maker.commit());  // there may be none
    }
    return created;
  }
  return born(own, device, name);
}

Result<std::string> RealNamespace::name_at_birth(const net::Namespace& own, std::uint32_t device) {
  return own.devices[device].name;
}

Result<> RealNamespace::born(const net::Namespace& own, std::uint32_t device, std::string_view name) {
  if (name == own.devices[device].name) return {};
  HOPYARD_TAKE(requests, batch());
  return seen(netlink::rename(*requests, index_of(own, device), own.devices[device].name));
}

Result<> RealNamespace::receive(const net::Namespace& own, std::uint32_t device, RealNamespace& home,
                                const net::Namespace& homes) {
  const net::Device& it = own.devices[device];
  const std::uint32_t index = index_of(own, device);
  HOPYARD_TRY(commit());
  refused_ = operation_;
  home.attribute_to(operation_);
  HOPYARD_TRY(home.hand_over(homes, it.link->lower_device, {descriptor(), it.name, index}));
  HOPYARD_TAKE(requests, batch());
  if (!it.mac.zero()) HOPYARD_TRY(seen(netlink::set_mac(*requests, index, it.mac)));
  return it.mtu == 0 ? Result<>() : seen(netlink::set_mtu(*requests, index, it.mtu));
}

Result<> RealNamespace::hand_over(const net::Namespace& own, std::uint32_t device,
                                  const netlink::Destination&) {
  return failure("move interface " + own.devices[device].name, "", EINVAL);
}

Result<> RealNamespace::configure(const TypeEntry& type, std::uint32_t index, const net::LinkSettings& link) {
  refused_ = operation_;
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), shared_->home()));
  HOPYARD_TAKE(generic, netlink::Socket::open_generic());
  return type.configure(generic, index, link);
}

Result<> RealNamespace::choose_port(const net::Namespace& own, std::uint32_t device) {
  const std::uint32_t master = own.devices[device].master;
  const net::LinkSettings* link = own.devices[master].link.get();
  if (link == nullptr || !needs_active_port(*link)) return {};
  // In other modes the kernel does it: a port with a MAC of its own takes what is for the team for another's.
  HOPYARD_TAKE(requests, batch());
  HOPYARD_TRY(seen(netlink::set_mac(*requests, index_of(own, device), own.devices[master].mac)));
  const auto first = std::ranges::find(own.devices, master, &net::Device::master);
  if (&*first != &own.devices[device]) return {};
  HOPYARD_TRY(commit());
  refused_ = operation_;
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns_.get(), shared_->home()));
  HOPYARD_TAKE(generic, netlink::Socket::open_generic());
  return set_active_port(generic, index_of(own, master), index_of(own, device));
}

Result<> RealNamespace::free_name(const std::string& name) {
  if (std::ranges::find(fallback_devices, name) == fallback_devices.end()) return {};
  HOPYARD_TRY(commit());
  HOPYARD_TRY(batch());
  HOPYARD_TAKE(links, netlink::list_links(channel_->socket));
  for (const netlink::LinkInfo& one : links)
    if (one.name == name) return seen(netlink::rename(channel_->batch, one.index, "no-" + name));
  return {};
}

}  // namespace hopyard::kernel
