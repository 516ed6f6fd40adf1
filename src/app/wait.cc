#include "app/wait.hh"

#include <fmt/format.h>

#include <algorithm>

#include "app/locate.hh"
#include "app/place.hh"
#include "app/show.hh"
#include "observe/echo.hh"
#include "observe/settling.hh"

namespace hopyard::app {
namespace {

constexpr std::chrono::milliseconds between_echoes{100};

struct Ends {
  std::string lab;
  std::string from;
  std::string to;
};

Result<Ends> ends_of(const WaitFor& wanted) {
  auto [from_lab, from] = parse_node(wanted.from);
  HOPYARD_TAKE(lab, agreed_lab(wanted.lab, from_lab));
  if (IpAddress::parse(wanted.to)) return Ends{std::move(lab), std::move(from), wanted.to};
  auto [to_lab, to] = parse_node(wanted.to);
  HOPYARD_TAKE(agreed, agreed_lab(lab, to_lab));
  return Ends{std::move(agreed), std::move(from), std::move(to)};
}

/// The first address of each family that the node was given: on lo if there is one.
std::vector<IpAddress> addresses_of(const keeper::NodeDescription& node) {
  std::vector<std::string> all = node.loopback;
  for (const keeper::InterfaceDescription& interface : node.interfaces)
    all.insert(all.end(), interface.addresses.begin(), interface.addresses.end());
  std::vector<IpAddress> first;
  for (const std::string& text : all) {
    const auto address = IpAddress::parse(text.substr(0, text.find('/')));
    const auto family_is = [&](const IpAddress& one) { return one.family() == address->family(); };
    if (address && std::ranges::none_of(first, family_is)) first.push_back(*address);
  }
  return first;
}

/// What @p to means for @p from: an address, or those of a node in the families that both have.
Result<std::vector<IpAddress>> targets(keeper::Client& client, const std::string& from,
                                       const std::string& to) {
  if (const auto address = IpAddress::parse(to)) return std::vector{*address};
  const std::string both[] = {from, to};
  HOPYARD_TAKE(description, client.describe(both));
  const auto found = [&](const std::string& name) {
    const auto node = std::ranges::find(description.nodes, name, &keeper::NodeDescription::name);
    return node == description.nodes.end() ? std::vector<IpAddress>{} : addresses_of(*node);
  };
  const std::vector<IpAddress> own = found(from);
  std::vector<IpAddress> common;
  for (const IpAddress& one : found(to))
    if (std::ranges::any_of(own, [&](const IpAddress& mine) { return mine.family() == one.family(); }))
      common.push_back(one);
  if (common.empty())
    return refusal(fmt::format("reach {} from {}", to, from),
                   "the lab gave them no addresses of the same family", "name an address instead");
  return common;
}

/// Both conditions, and what is known of them.
class Waiter {
 public:
  /// @param called when the wait began: before the lab was found and listened to, which takes its time where
  /// there are many nodes and little is left of the machine.
  Waiter(LabWatch& watch, const WaitFor& wanted, Clock::time_point called)
      : watch_(watch),
        wanted_(wanted),
        called_(called),
        settling_(wanted.routes_stable.value_or(std::chrono::nanoseconds(0)), watch.began()),
        nodes_(watch.nodes().size()) {}

  Result<> reach(const std::string& from, const std::string& to) {
    from_ = from;
    HOPYARD_TAKE(addresses, targets(watch_.client(), from, to));
    HOPYARD_TAKE(netns, watch_.client().network_namespace(from));
    for (const IpAddress& address : addresses) {
      HOPYARD_TAKE(echo, observe::Echo::open(netns.get(), address));
      echoes_.push_back({std::move(echo), false});
    }
    return {};
  }

  Result<Waited> run() {
    const Clock::time_point end = called_ + wanted_.timeout;
    send();
    for (;;) {
      HOPYARD_TAKE(wake, watch_.next(std::min(end, next_step()), descriptors()));
      const bool changed = take(wake.events) || !wake.lost.empty();
      for (Asked& asked : echoes_) {
        if (changed) asked.echo.forget();
        asked.answered = (asked.echo.answered() || asked.answered) && !changed;
      }
      const Clock::time_point now = Clock::now();
      if (wake.ended) return refusal("wait for lab " + watch_.lab(), "it has ended");
      const bool done = settling_.settled(now) && reached();
      if (done || now >= end || wake.signal != 0) return outcome(done, wake.signal, now);
      if (now >= next_echo_) send();
    }
  }

 private:
  struct Asked {
    observe::Echo echo;
    bool answered;
  };
  struct Node {
    std::uint64_t changes = 0;
    Clock::time_point when;
    std::string last;
  };

  bool take(const std::vector<observe::RouteEvent>& events) {
    bool counted = false;
    for (const observe::RouteEvent& event : events) {
      const net::Route& route = event.change.route.route;
      if (route.table == net::local_table || is_link_local(route)) continue;
      counted = true;
      settling_.changed(event.when);
      Node& node = nodes_[event.who];
      ++node.changes;
      node.when = event.when;
      node.last = fmt::format("{} {}", event.change.added ? '+' : '-', route.to.text());
    }
    return counted;
  }

  bool reached() const { return std::ranges::all_of(echoes_, &Asked::answered); }

  void send() {
    next_echo_ = Clock::now() + between_echoes;
    for (Asked& asked : echoes_)
      if (!asked.answered) (void)asked.echo.send();
  }

  /// The next moment at which something may be so that is not so now.
  Clock::time_point next_step() const {
    const Clock::time_point settled = wanted_.routes_stable ? settling_.due() : Clock::time_point::max();
    if (reached()) return settled;
    return settling_.settled(Clock::now()) ? next_echo_ : std::min(settled, next_echo_);
  }

  std::vector<int> descriptors() const {
    std::vector<int> all;
    all.reserve(echoes_.size());
    for (const Asked& asked : echoes_) all.push_back(asked.echo.descriptor());
    return all;
  }

  Waited outcome(bool done, int signal, Clock::time_point now) const {
    Waited waited;
    waited.lab = watch_.lab();
    waited.reached = done;
    waited.from = from_;
    waited.signal = signal;
    waited.seconds = seconds_between(called_, now);
    waited.changes = settling_.changes();
    if (settling_.last()) waited.last_change = seconds_between(called_, *settling_.last());
    waited.settled = settling_.settled(now);
    for (std::size_t i = 0; i < nodes_.size() && !waited.settled; ++i)
      if (nodes_[i].changes != 0 && nodes_[i].when + *wanted_.routes_stable > now)
        waited.moving.push_back({watch_.nodes()[i], nodes_[i].changes, nodes_[i].last});
    for (const Asked& asked : echoes_) waited.reach.push_back({asked.echo.to().text(), asked.answered});
    return waited;
  }

  LabWatch& watch_;
  const WaitFor& wanted_;
  Clock::time_point called_;
  observe::Settling settling_;
  std::vector<Node> nodes_;
  std::string from_;
  std::vector<Asked> echoes_;
  Clock::time_point next_echo_;
};

}  // namespace

Result<Waited> wait(const keeper::Registry& registry, const WaitFor& wanted) {
  const Clock::time_point called = Clock::now();
  HOPYARD_TAKE(ends, ends_of(wanted));
  HOPYARD_TAKE(watch, LabWatch::open(registry, {ends.lab, {}}));
  Waiter waiter(*watch, wanted, called);
  if (!ends.from.empty()) HOPYARD_TRY(waiter.reach(ends.from, ends.to));
  return waiter.run();
}

}  // namespace hopyard::app
