#include "app/attempt.hh"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>

#include "lower/daemons/peers.hh"
#include "observe/echo.hh"
#include "observe/look.hh"

namespace hopyard::app {
namespace {

constexpr auto patience = std::chrono::seconds(1);  // for one echo

bool leads_to(const net::Route& route, const std::vector<IpAddress>& gateways) {
  return std::ranges::any_of(route.next_hops, [&](const net::NextHop& hop) {
    return hop.via && std::ranges::find(gateways, *hop.via) != gateways.end();
  });
}

}  // namespace

Result<Seen> Attempts::make(const lab::Check& check, Clock::time_point until) {
  switch (check.kind) {
    case lab::Check::Kind::Reach:
      return reach(check, until);
    case lab::Check::Kind::Route:
      return route(check);
    case lab::Check::Kind::Command:
      return command(check, until);
  }
  return Seen{};
}

bool Attempts::wait(int descriptor, Clock::time_point until) {
  pollfd waits[] = {{signals_, POLLIN, 0}, {ended_, POLLIN, 0}, {descriptor, POLLIN, 0}};
  while (!cut_short_) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    const int ready = ::poll(waits, 3, static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000)));
    if (ready < 0 && errno == EINTR) continue;
    if (waits[0].revents != 0 || waits[1].revents != 0) cut_short_ = true;
    if (ready <= 0 && left > 1'000'000) continue;
    return ready > 0 && waits[2].revents != 0;
  }
  return false;
}

/// What must be reached has to answer at every address, what must not be at none. Silence proves nothing
/// before each address was given its time, be it past @p until.
Result<Seen> Attempts::reach(const lab::Check& check, Clock::time_point until) {
  HOPYARD_TAKE(netns, client_.network_namespace(lab_.nodes[check.node].name));
  const Clock::duration silence = std::min<Clock::duration>(check.within, patience);
  Seen last;
  for (const IpAddress& address : check.addresses) {
    const auto now = Clock::now();
    const auto end = check.negated ? now + silence : std::min(until, now + patience);
    HOPYARD_TAKE(seen, echo(netns.get(), address, end));
    if (seen.so == check.negated) return seen;
    last = std::move(seen);
  }
  return last;
}

Result<Seen> Attempts::echo(int netns, const IpAddress& address, Clock::time_point until) {
  HOPYARD_TAKE(request, observe::Echo::open(netns, address));
  if (const auto sent = request.send(); !sent)
    return Seen{false,
                fmt::format("{}: {}", address.text(), std::generic_category().message(sent.error().code))};
  while (wait(request.descriptor(), until))
    if (request.answered()) return Seen{true, fmt::format("{} answers", address.text())};
  return Seen{false, fmt::format("{} does not answer", address.text())};
}

Result<std::vector<IpAddress>> Attempts::addresses_of(std::uint32_t node, std::uint32_t asker) {
  const lab::Node& it = lab_.nodes[node];
  std::vector<IpAddress> all;
  if (it.on_machine != lab_.nodes[asker].on_machine) {  // nobody here can look at it: what the file gives it
    for (const InterfaceAddress& one : it.loopback) all.push_back(one.address);
    for (const lab::Interface& interface : it.interfaces) {
      all.push_back(lower::daemons::link_local(interface.mac));
      for (const InterfaceAddress& one : interface.addresses) all.push_back(one.address);
    }
    return all;
  }
  HOPYARD_TAKE(netns, client_.network_namespace(it.name));
  HOPYARD_TAKE(now, observe::look(netns.get()));
  for (const net::SeenAddress& one : now.addresses) all.push_back(one.address.address);
  return all;
}

Result<Seen> Attempts::route(const lab::Check& check) {
  std::vector<IpAddress> gateways = check.addresses;
  if (check.via != lab::none) {
    HOPYARD_TAKE(own, addresses_of(check.via, check.node));
    gateways.insert(gateways.end(), own.begin(), own.end());
  }
  HOPYARD_TAKE(netns, client_.network_namespace(lab_.nodes[check.node].name));
  HOPYARD_TAKE(now, observe::look(netns.get()));
  bool others = false;
  for (const auto& [route, protocol] : now.routes) {
    const bool meant = check.either ? route.to.length == 0 : route.to == check.to;
    if (!meant || route.table == net::local_table || route.type != net::Route::Type::Unicast) continue;
    if (gateways.empty() || leads_to(route, gateways)) return Seen{true, "it has the route"};
    others = true;
  }
  return Seen{false, others ? "it has the route by another next hop" : "it has no such route"};
}

}  // namespace hopyard::app
