#include "plan/drift.hh"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "net/adjustment.hh"
#include "net/rules.hh"
#include "plan/down.hh"
#include "plan/sysctl.hh"

namespace hopyard::plan {
namespace {

using net::Device;
using net::LinkType;

constexpr std::uint32_t usual_netem_limit = 1000;
constexpr std::uint32_t loopback_index = 1;

/// The kernel's name for what the device is (IFLA_INFO_KIND).
std::string_view kind_of(const Device& device) {
  switch (device.kind) {
    case Device::Kind::Veth:
      return "veth";
    case Device::Kind::Bridge:
      return "bridge";
    case Device::Kind::Tap:
      return "tun";
    default:
      return device.link ? net::link_type_name(device.link->type) : "";
  }
}

bool is_lab_made(const Device& device) {
  return device.kind != Device::Kind::Existing && device.kind != Device::Kind::Moved;
}

/// A bond gives its ports its own MAC and MTU, and a team does.
bool gives_ports_its_own(const Device& master) {
  return master.kind == Device::Kind::Other &&
         (master.link->type == LinkType::Bond || master.link->type == LinkType::Team);
}

Verb creation(const Device& device) {
  switch (device.kind) {
    case Device::Kind::Veth:
      return Verb::CreateVeth;
    case Device::Kind::Bridge:
      return Verb::CreateBridge;
    case Device::Kind::Tap:
      return Verb::CreateTap;
    default:
      return Verb::CreateDevice;
  }
}

bool same_share(double one, double other) {
  constexpr double smallest = 1e-8;  // the kernel counts in shares of 2^32
  return std::abs(one - other) < smallest;
}

bool same(const net::Impairment& wanted, const net::SeenEgress& seen) {
  constexpr std::uint64_t bits = 8;
  const net::Impairment& does = seen.does;
  const bool same_rate = std::max<std::uint64_t>(wanted.rate / bits, wanted.rate != 0) == does.rate / bits;
  if (wanted.only_rate()) return seen.kind == "tbf" && same_rate;
  // Kernels before 6.6 do not tell the seed.
  return seen.kind == "netem" && same_rate && wanted.delay == does.delay && wanted.jitter == does.jitter &&
         same_share(wanted.loss, does.loss) && same_share(wanted.corrupt, does.corrupt) &&
         same_share(wanted.duplicate, does.duplicate) && same_share(wanted.reorder, does.reorder) &&
         (wanted.limit != 0 ? wanted.limit : usual_netem_limit) == does.limit &&
         (!wanted.seed || !does.seed || wanted.seed == does.seed);
}

bool same_words(std::string_view one, std::string_view other) {
  std::istringstream left{std::string(one)};
  std::istringstream right{std::string(other)};
  for (std::string a, b;;) {
    const bool more = static_cast<bool>(left >> a);
    if (more != static_cast<bool>(right >> b)) return false;
    if (!more) return true;
    if (a != b) return false;
  }
}

bool same(const net::NextHop& wanted, const net::NextHop& seen) {
  return wanted.via == seen.via && (wanted.device.empty() || wanted.device == seen.device) &&
         wanted.weight == seen.weight;
}

/// All next hops of @p wanted are there, and no others but those of @p whole.
bool same_hops(const net::Route& wanted, const net::Route& whole, const net::Route& seen) {
  const auto in = [](const std::vector<net::NextHop>& all, const net::NextHop& one, bool seen_is_first) {
    return std::ranges::any_of(
        all, [&](const net::NextHop& each) { return seen_is_first ? same(one, each) : same(each, one); });
  };
  return std::ranges::all_of(wanted.next_hops,
                             [&](const auto& hop) { return in(seen.next_hops, hop, true); }) &&
         std::ranges::all_of(seen.next_hops,
                             [&](const auto& hop) { return in(whole.next_hops, hop, false); });
}

/// Where the kernel would take one for the other.
bool same_place(const net::Route& wanted, const net::Route& seen) {
  return wanted.to == seen.to && wanted.table == seen.table && effective_metric(wanted) == seen.metric;
}

/// Compares one namespace.
class Comparison {
 public:
  Comparison(const net::Desired& desired, std::uint32_t ns, const net::Observed& now, const IsDown& down)
      : desired_(desired), own_(desired.namespaces[ns]), ns_(ns), now_(now), down_(down) {}

  std::vector<Difference> run() {
    for (const net::SeenRoute& seen : now_.snapshot.routes) routes_.push_back(&seen.route);
    std::ranges::sort(routes_, {}, &net::Route::to);
    compare_loopback();
    links_.resize(own_.devices.size());
    for (std::uint32_t device = 0; device < own_.devices.size(); ++device) find_link(device);
    for (std::uint32_t device = 0; device < own_.devices.size(); ++device)
      if (links_[device] != nullptr) compare_device(device, *links_[device]);
    for (std::uint32_t item = 0; item < own_.routes.size(); ++item) compare_route(item);
    strangers_ = now_.rules;
    for (std::uint32_t item = 0; item < own_.rules.size(); ++item) compare_rule(item);
    compare_sysctls();
    for (const std::string& table : now_.changed_tables)
      add({Verb::LoadRuleset, ns_}, "ruleset", table, "as the lab has it", "another");
    return std::move(differences_);
  }

 private:
  void add(Operation step, std::string_view what, std::string object, std::string wanted, std::string found) {
    differences_.push_back({step, what, std::move(object), std::move(wanted), std::move(found)});
  }
  [[nodiscard]] Operation step(Verb verb, std::uint32_t device, std::uint32_t item = net::none) const {
    return {verb, ns_, device, item};
  }

  [[nodiscard]] std::span<const net::Route* const> routes_to(const Prefix& to) const {
    return std::ranges::equal_range(routes_, to, {}, &net::Route::to);
  }

  void compare_loopback() {
    const auto lo = std::ranges::find(now_.snapshot.links, loopback_index, &net::SeenLink::index);
    if (lo == now_.snapshot.links.end()) return;
    if (!lo->up) add(step(Verb::SetUp, net::none), "state", "lo", "up", "down");
    compare_addresses(net::none, own_.loopback, loopback_index, lo->name, lo->up);
  }

  /// The link that is the device, or the difference that there is none.
  void find_link(std::uint32_t device) {
    const Device& wanted = own_.devices[device];
    if (!is_lab_made(wanted)) return;
    const auto& links = now_.snapshot.links;
    const auto named = std::ranges::find(links, wanted.name, &net::SeenLink::name);
    // Its number is what every other step goes by: one of that name with another number is somebody else's.
    if (named != links.end() && named->kind == kind_of(wanted) && named->index == now_.numbers[device]) {
      links_[device] = &*named;
      return;
    }
    const auto numbered = std::ranges::find(links, now_.numbers[device], &net::SeenLink::index);
    if (named == links.end() && numbered != links.end() && numbered->kind == kind_of(wanted) &&
        numbered->mac == wanted.mac) {
      add(step(Verb::Adjust, device, net::adjust_name), "interface", wanted.name, wanted.name,
          numbered->name);
      links_[device] = &*numbered;
      return;
    }
    std::string found = named == links.end() ? "" : named->kind.empty() ? "hardware" : named->kind;
    add(step(creation(wanted), device), "interface", wanted.name, std::string(kind_of(wanted)),
        std::move(found));
  }

  [[nodiscard]] bool is_down(std::uint32_t device) const { return held_down(own_, ns_, device, down_); }

  void compare_device(std::uint32_t device, const net::SeenLink& link) {
    const Device& wanted = own_.devices[device];
    const bool down = is_down(device);
    compare_identity(device, link);
    compare_master(device, link);
    if (link.up == down)
      add(step(down ? Verb::SetDown : Verb::SetUp, device), "state", wanted.name, down ? "down" : "up",
          link.up ? "up" : "down");
    compare_egress(device, link);
    compare_addresses(device, wanted.addresses, link.index, wanted.name, !down);
    if (!down) compare_neighbours(device, link);
  }

  void compare_identity(std::uint32_t device, const net::SeenLink& link) {
    const Device& wanted = own_.devices[device];
    if (wanted.master != net::none && gives_ports_its_own(own_.devices[wanted.master])) return;
    const std::uint32_t mtu = net::expected_mtu(wanted);
    // The server of addresses may say another one, and its client sets it.
    const bool is_given = !address_client(own_, device).empty();
    if (!is_given && mtu != 0 && mtu != link.mtu)
      add(step(Verb::Adjust, device, net::adjust_mtu), "mtu", wanted.name, std::to_string(mtu),
          std::to_string(link.mtu));
    const bool has_mac = wanted.kind == Device::Kind::Veth || wanted.kind == Device::Kind::Bridge;
    if (has_mac && !wanted.mac.zero() && wanted.mac != link.mac)
      add(step(Verb::Adjust, device, net::adjust_mac), "mac", wanted.name, wanted.mac.text(),
          link.mac.text());
  }

  void compare_master(std::uint32_t device, const net::SeenLink& link) {
    const Device& wanted = own_.devices[device];
    const auto found = std::ranges::find(now_.snapshot.links, link.master, &net::SeenLink::index);
    const std::string into = link.master == 0 || found == now_.snapshot.links.end() ? "" : found->name;
    if (wanted.master == net::none) {
      // Open vSwitch takes its ports itself.
      if (!into.empty() && found->kind != "openvswitch")
        add(step(Verb::Adjust, device, net::adjust_master), "port", wanted.name, "", "of " + into);
      return;
    }
    if (const std::string& master = own_.devices[wanted.master].name; into != master)
      add(step(Verb::SetUp, device), "port", wanted.name, "of " + master, into.empty() ? "" : "of " + into);
  }

  void compare_egress(std::uint32_t device, const net::SeenLink& link) {
    const Device& wanted = own_.devices[device];
    const auto seen = std::ranges::find(now_.egresses, link.index, &net::SeenEgress::link);
    const bool there = seen != now_.egresses.end();
    if (wanted.egress.none() ? !there : there && same(wanted.egress, *seen)) return;
    std::string words = wanted.egress.none() ? "" : impairment_words(wanted.egress).substr(1);
    std::string found = !there ? "" : seen->kind + impairment_words(seen->does);
    add(step(Verb::Shape, device), "impairment", wanted.name, std::move(words), std::move(found));
  }

  /// IPv6 addresses go with a device that goes down.
  void compare_addresses(std::uint32_t device, const std::vector<InterfaceAddress>& wanted,
                         std::uint32_t index, const std::string& name, bool up) {
    for (std::uint32_t item = 0; item < wanted.size(); ++item) {
      if (!up && wanted[item].address.family() == Family::V6) continue;
      const bool there = std::ranges::any_of(now_.snapshot.addresses, [&](const net::SeenAddress& seen) {
        return seen.link == index && seen.address == wanted[item];
      });
      if (!there) add(step(Verb::AddAddress, device, item), "address", name, wanted[item].text(), "");
      if (there && up && device != net::none && !has_connected_route(device, wanted[item].prefix()))
        add(step(Verb::AddAddress, device, item), "route", "",
            fmt::format("{} dev {}", wanted[item].prefix().text(), name), "");
    }
  }

  /// The kernel makes it with the address, and whoever flushes routes takes it away.
  [[nodiscard]] bool has_connected_route(std::uint32_t device, const Prefix& subnet) const {
    if (subnet.length == bits(subnet.family())) return true;
    const std::string& name = links_[device]->name;
    return std::ranges::any_of(routes_to(subnet), [&](const net::Route* seen) {
      return seen->type == net::Route::Type::Unicast &&
             std::ranges::any_of(seen->next_hops,
                                 [&](const net::NextHop& hop) { return !hop.via && hop.device == name; });
    });
  }

  void compare_neighbours(std::uint32_t device, const net::SeenLink& link) {
    const auto& wanted = own_.devices[device].neighbours;
    for (std::uint32_t item = 0; item < wanted.size(); ++item) {
      const auto seen = std::ranges::find_if(now_.neighbours, [&](const net::SeenNeighbour& one) {
        return one.link == link.index && one.neighbour.address == wanted[item].address;
      });
      const bool there = seen != now_.neighbours.end();
      if (there && seen->neighbour.mac == wanted[item].mac) continue;
      add(step(Verb::AddNeighbour, device, item), "neighbour", link.name,
          fmt::format("{} at {}", wanted[item].address.text(), wanted[item].mac.text()),
          there ? "at " + seen->neighbour.mac.text() : "");
    }
  }

  void compare_route(std::uint32_t item) {
    const net::Route& whole = own_.routes[item];
    const auto wanted =
        usable(desired_, ns_, whole, [this](std::uint32_t, std::uint32_t device) { return is_down(device); });
    if (!wanted) return;
    const net::Route* instead = nullptr;
    for (const net::Route* seen : routes_to(whole.to)) {
      if (!same_place(whole, *seen)) continue;
      if (seen->type == whole.type && same_hops(*wanted, whole, *seen) &&
          (!whole.source || whole.source == seen->source))
        return;
      instead = seen;
    }
    add(step(Verb::AddRoute, net::none, item), "route", "", route_words(*wanted),
        instead == nullptr ? "" : route_words(*instead));
  }

  void compare_rule(std::uint32_t item) {
    const net::Rule& wanted = own_.rules[item];
    if (std::ranges::any_of(now_.rules, [&](const net::Rule& seen) { return same_rule(wanted, seen); }))
      return;
    std::string found;
    if (const std::size_t instead = net::in_place_of(wanted, own_, strangers_); instead < strangers_.size()) {
      found = rule_words(strangers_[instead]).substr(1);
      // One that stands for it stands for no other.
      strangers_.erase(strangers_.begin() + static_cast<std::ptrdiff_t>(instead));
    }
    add(step(Verb::AddRule, net::none, item), "rule", "", rule_words(wanted).substr(1), std::move(found));
  }

  /// What the kernel says of it counts, and not how it was written: it knows other forms of numbers, it has
  /// limits, and some settings go by two names.
  [[nodiscard]] bool is_as_written(std::uint32_t item, const std::string& found) const {
    if (item < now_.wanted_sysctls.size() && now_.wanted_sysctls[item])
      return same_words(*now_.wanted_sysctls[item], found);
    return same_words(own_.sysctls[item].value, found);
  }

  /// Of two that write the same setting the later one counts.
  void compare_sysctls() {
    for (std::uint32_t item = 0; item < own_.sysctls.size(); ++item) {
      const net::Sysctl& wanted = own_.sysctls[item];
      const auto& found = now_.sysctls[item];
      const auto later = std::span(own_.sysctls).subspan(item + 1);
      if (!found || is_as_written(item, *found) ||
          std::ranges::find(later, wanted.name, &net::Sysctl::name) != later.end())
        continue;
      add(step(Verb::WriteSysctl, net::none, item), "sysctl", wanted.name, wanted.value, *found);
    }
  }

  const net::Desired& desired_;
  const net::Namespace& own_;
  std::uint32_t ns_;
  const net::Observed& now_;
  const IsDown& down_;
  std::vector<const net::Route*> routes_;    // by destination
  std::vector<const net::SeenLink*> links_;  // by device; none for one that is not there
  std::vector<net::Rule> strangers_;         // rules that stand for none of the lab's yet
  std::vector<Difference> differences_;
};

}  // namespace

std::string address_client(const net::Namespace& node, std::uint32_t device) {
  std::string name = "dhcp-" + node.devices[device].name;
  const auto found = std::ranges::find(node.machine.services, name, &net::Service::name);
  return found == node.machine.services.end() ? std::string() : name;
}

std::uint32_t device_of(const net::Namespace& ns, const net::NextHop& hop) {
  for (std::uint32_t device = 0; device < ns.devices.size(); ++device) {
    const Device& candidate = ns.devices[device];
    if (!hop.device.empty()) {
      if (candidate.name == hop.device) return device;
    } else if (hop.via && std::ranges::any_of(candidate.addresses, [&](const InterfaceAddress& address) {
                 return address.prefix().contains(*hop.via);
               })) {
      return device;
    }
  }
  return net::none;
}

std::optional<net::Route> usable(const net::Desired& desired, std::uint32_t ns, const net::Route& route,
                                 const IsDown& down) {
  net::Route rest = route;
  std::erase_if(rest.next_hops, [&](const net::NextHop& hop) {
    const std::uint32_t device = device_of(desired.namespaces[ns], hop);
    return device != net::none && down(ns, device);
  });
  if (rest.next_hops.empty() && !route.next_hops.empty()) return std::nullopt;
  return rest;
}

std::vector<Difference> drift(const net::Desired& desired, std::uint32_t ns, const net::Observed& now,
                              const IsDown& down) {
  return Comparison(desired, ns, now, down).run();
}

}  // namespace hopyard::plan
