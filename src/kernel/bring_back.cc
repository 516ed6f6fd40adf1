#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <thread>

#include "kernel/undo.hh"
#include "netlink/link.hh"
#include "netlink/link_name.hh"
#include "sys/netns.hh"
#include "sys/nsfs.hh"
#include "sys/procfs.hh"

namespace hopyard::kernel {
namespace {

constexpr std::chrono::seconds patience{3};
constexpr std::chrono::milliseconds between_looks{20};

Result<> move_to(netlink::Socket& socket, std::uint32_t index, const netlink::Destination& to) {
  netlink::Batch batch(socket);
  HOPYARD_TRY(netlink::move_link(batch, index, to));
  return batch.commit();
}

/// The network namespaces that this process has open: when a lab's keeper undoes, those of the lab's nodes.
Result<std::vector<int>> namespaces_at_hand() {
  HOPYARD_TAKE(procfs, sys::Procfs::open());
  HOPYARD_TAKE(names, procfs.list("self/fd"));
  std::vector<int> found;
  for (const std::string& name : names) {
    int descriptor = -1;
    std::from_chars(name.data(), name.data() + name.size(), descriptor);
    if (sys::netns_id(descriptor)) found.push_back(descriptor);
  }
  return found;
}

}  // namespace

Result<bool> Undo::fetch(const Departed& interface) {
  HOPYARD_TAKE(all, namespaces_at_hand());
  for (const int there : all) {
    HOPYARD_TAKE(inside, sys::InsideNetns::enter(there, home_.get()));
    HOPYARD_TAKE(socket, netlink::Socket::open());
    HOPYARD_TAKE(link, netlink::find_link(socket, interface.stamp));
    if (!link || !link->kind.empty()) continue;
    auto moved = move_to(socket, link->index, {netns_.get(), interface.name, interface.index});
    // Somebody has taken its name or its index meanwhile: it comes with those that it has here.
    if (!moved && (moved.error().code == EEXIST || moved.error().code == EBUSY))
      moved = move_to(socket, link->index, {netns_.get(), link->name, 0});
    if (!moved) return std::unexpected(moved.error());
    return true;
  }
  return false;
}

Result<> Undo::restore(const netlink::LinkInfo& found, const Departed& interface) {
  HOPYARD_TAKE(links, netlink::list_links(socket_));
  for (const netlink::LinkInfo& other : links)
    if (other.index != found.index && (other.name == interface.name || other.index == interface.index))
      return refusal(
          "bring back interface " + interface.name,
          fmt::format("{} has its {} now", other.name, other.name == interface.name ? "name" : "index"),
          fmt::format("it is there as {}", found.name));
  // Only whoever goes from one namespace to another may choose its index.
  if (found.index != interface.index) {
    HOPYARD_TRY(sys::unshare_netns());
    const auto inside = sys::InsideNetns::already(home_.get());
    HOPYARD_TAKE(socket, netlink::Socket::open());
    HOPYARD_TAKE(detour, sys::netns_of_socket(socket.descriptor()));
    HOPYARD_TRY(move_to(socket_, found.index, {detour.get(), interface.name, interface.index}));
    HOPYARD_TRY(move_to(socket, interface.index, {netns_.get(), interface.name, interface.index}));
  }
  netlink::Batch batch(socket_);
  if (found.index == interface.index && found.name != interface.name)
    HOPYARD_TRY(netlink::rename(batch, interface.index, interface.name));
  if (found.mac != interface.mac) HOPYARD_TRY(netlink::set_mac(batch, interface.index, interface.mac));
  if (found.mtu != interface.mtu) HOPYARD_TRY(netlink::set_mtu(batch, interface.index, interface.mtu));
  HOPYARD_TRY(netlink::remove_alternative_name(batch, interface.index, interface.stamp));
  return batch.commit();
}

Result<> Undo::bring_back(const Departed& interface) {
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;;) {
    HOPYARD_TAKE(found, netlink::find_link(socket_, interface.stamp));
    if (found && found->kind.empty()) return restore(*found, interface);
    HOPYARD_TAKE(links, netlink::list_links(socket_));
    for (const netlink::LinkInfo& one : links)
      if (one.index == interface.index && one.name == interface.name) return {};  // it has never left
    HOPYARD_TAKE(fetched, fetch(interface));
    // The kernel returns what was in a namespace that has ended a moment after it has.
    if (!fetched && std::chrono::steady_clock::now() >= end)
      return refusal("bring back interface " + interface.name,
                     fmt::format("no interface here has the alternative name {}", interface.stamp),
                     "a process may still be in the namespace of the node that had it");
    if (!fetched) std::this_thread::sleep_for(between_looks);
  }
}

}  // namespace hopyard::kernel
