#include <net/if.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "kernel/real_namespace.hh"
#include "netlink/link.hh"

namespace hopyard::kernel {

namespace {

/// That nobody here decides when it has a carrier, or that IPv6 never begins on it (addrconf_notify).
bool is_in_vain(const net::Namespace& own, std::uint32_t device) {
  if (device == net::none) return false;
  const net::Device& it = own.devices[device];
  if (it.kind == net::Device::Kind::Tap) return true;
  const net::LinkSettings* above = it.master == net::none ? nullptr : own.devices[it.master].link.get();
  return above != nullptr && (above->type == net::LinkType::Bond || above->type == net::LinkType::Team);
}

}  // namespace

Result<> RealNamespace::await_ipv6(const net::Namespace& own, std::uint32_t device) {
  if (is_in_vain(own, device)) return {};
  constexpr std::chrono::milliseconds pause{2};
  constexpr std::chrono::seconds patience{2};
  const auto end = std::chrono::steady_clock::now() + patience;
  HOPYARD_TRY(commit());
  refused_ = operation_;
  for (;;) {
    HOPYARD_TAKE(requests, batch());
    static_cast<void>(requests);  // there is a socket now, with nothing waiting on it
    HOPYARD_TAKE(links, netlink::list_links(channel_->socket));
    const auto link = std::ranges::find(links, index_of(own, device), &netlink::LinkInfo::index);
    const bool begins = link != links.end() && (link->flags & IFF_UP) != 0 && link->waits_for_ipv6;
    if (!begins || std::chrono::steady_clock::now() >= end) return {};
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace hopyard::kernel
