#include <fmt/format.h>

#include <algorithm>

#include "language/given.hh"
#include "language/lookup.hh"
#include "language/target.hh"

namespace hopyard::language {
namespace {

constexpr std::uint8_t autonomous_length =
    64;  // of a prefix that hosts make addresses of (RFC 4862, RFC 2464)
constexpr std::uint32_t longest_of_all = 1800;  // seconds between advertisements (RFC 4861, 6.2.1)

/// Looks up what nodes advertise, and to whom.
class Advertising {
 public:
  explicit Advertising(Draft& draft) : draft_(draft), report_(draft.context.report), lookup_(draft) {}

  void run() {
    for (node_ = 0; node_ < draft_.lab.nodes.size(); ++node_) {
      if (lab::is_layer_two(here().kind) || !said().radvd.runs) continue;
      here().radvd = said().radvd;
      find_interfaces();
      check_times();
      check_mtu();
      name_servers();
    }
    find_advertised();
    for (node_ = 0; node_ < draft_.lab.nodes.size(); ++node_)
      for (std::uint32_t i = 0; i < here().interfaces.size(); ++i) warn_of_silence(i);
  }

 private:
  lab::Node& here() { return draft_.lab.nodes[node_]; }
  const RadvdDraft& said() { return draft_.nodes[node_].radvd; }
  [[nodiscard]] std::uint32_t segment(std::uint32_t interface) const {
    return draft_.segment_of[draft_.first_interface[node_] + interface];
  }
  std::string name_of(std::uint32_t interface) {
    return fmt::format("{}:{}", here().name, here().interfaces[interface].name);
  }

  [[nodiscard]] static std::vector<Prefix> prefixes_of(const lab::Interface& interface) {
    std::vector<Prefix> all;
    for (const InterfaceAddress& one : interface.addresses) {
      const Prefix prefix = one.prefix();
      if (prefix.family() != Family::V6 || prefix.is_host() || link_local(one.address)) continue;
      if (std::ranges::find(all, prefix) == all.end()) all.push_back(prefix);
    }
    return all;
  }

  /// What the person's own configuration is not about gets no advertisements.
  void find_interfaces() {
    add_interfaces();
    const auto& config = here().radvd.config;
    if (config)
      std::erase_if(here().radvd.interfaces, [&](const lab::Radvd::Interface& one) {
        return config->text.find(here().interfaces[one.interface].name) == std::string::npos;
      });
  }

  void add(std::uint32_t index, std::vector<Prefix> prefixes) {
    const lab::Interface& interface = here().interfaces[index];
    if (!here().radvd.config && !lab::radvd_reads_name(interface.name))
      return report_.error(interface.at, fmt::format("radvd cannot read the name of '{}'", name_of(index)),
                           "a name of ASCII without ' | ; that is no number, no word of radvd's own ('on', "
                           "'prefix'), and does not begin with #");
    here().radvd.interfaces.push_back({index, std::move(prefixes)});
  }

  void add_interfaces() {
    const lab::Radvd& radvd = here().radvd;
    if (said().serve) {
      for (const Text& name : *said().serve)
        if (const auto index = lookup_.find(node_, name)) add_named(name, *index);
      return;
    }
    for (std::uint32_t i = 0; i < here().interfaces.size(); ++i)
      if (auto prefixes = prefixes_of(here().interfaces[i]); !prefixes.empty()) add(i, std::move(prefixes));
    if (radvd.interfaces.empty() && !radvd.config)
      report_.error(radvd.at, fmt::format("'{}' has no IPv6 prefix to advertise", here().name),
                    "one for its network: networks: {lan: [10.1.0.0/24, 'fd00:1::/64']}");
  }

  void add_named(const Text& name, std::uint32_t index) {
    const auto& interfaces = here().radvd.interfaces;
    const bool twice =
        std::ranges::find(interfaces, index, &lab::Radvd::Interface::interface) != interfaces.end();
    if (twice) return;
    auto prefixes = prefixes_of(here().interfaces[index]);
    if (prefixes.empty() && !here().radvd.config)
      return report_.error(name.at,
                           fmt::format("'{}' has no IPv6 address to advertise the prefix of", name_of(index)),
                           "an IPv6 prefix for its network, or an address");
    add(index, std::move(prefixes));
  }

  /// RFC 4861, 6.2.1: the shortest interval is at most three quarters of the longest, and who is to be
  /// believed for less than that would be forgotten in between.
  void check_times() {
    const lab::Radvd& radvd = here().radvd;
    const std::uint32_t longest = radvd.max_interval;
    if (longest != 0 && radvd.min_interval != 0 && radvd.min_interval * 4 > longest * 3)
      report_.error(radvd.at, "'min-interval' is more than three quarters of 'max-interval'",
                    fmt::format("{{min-interval: 3s, max-interval: {}s}}", longest));
    if (longest == 0 && radvd.min_interval != 0)
      report_.error(radvd.at, "'min-interval' needs 'max-interval'",
                    fmt::format("{{min-interval: {}s, max-interval: {}s}}", radvd.min_interval,
                                std::min(longest_of_all, radvd.min_interval * 2)));
    const std::uint32_t used = lab::longest_interval(radvd, here().dynamic.realistic);
    if (radvd.lifetime && *radvd.lifetime != 0 && *radvd.lifetime < used)
      report_.error(radvd.at,
                    longest != 0
                        ? "'lifetime' is shorter than 'max-interval'"
                        : fmt::format("'lifetime' is shorter than 'max-interval', which is {}s here", used),
                    fmt::format("three times as long is usual: {}s", 3 * used));
  }

  /// radvd says nothing to hosts that it would tell to send more than the link takes.
  void check_mtu() {
    constexpr std::uint32_t ethernet = 1500;
    const lab::Radvd& radvd = here().radvd;
    if (radvd.config) return;
    for (const lab::Radvd::Interface& one : radvd.interfaces) {
      const std::uint32_t given = here().interfaces[one.interface].mtu;
      const std::uint32_t most = given == 0 ? ethernet : given;
      if (radvd.mtu <= most) continue;
      return report_.error(
          radvd.at,
          fmt::format("'mtu' of 'radvd' is {}, that of '{}' is {}", radvd.mtu, name_of(one.interface), most),
          fmt::format("at most {}, or a larger 'mtu' of the link", most));
    }
  }

  void name_servers() {
    if (!said().rdnss) return;
    auto& servers = here().radvd.rdnss.emplace();
    for (const Text& one : *said().rdnss) {
      const std::size_t before = report_.errors();
      if (const auto address = IpAddress::parse(one.value); address && unfit(*address)) {
        report_.error(one.at, fmt::format("'{}' cannot be the address of a server", one.value));
        continue;
      }
      std::vector<IpAddress> found = addresses_of(draft_, node_, one);
      std::erase_if(found, [](const IpAddress& address) { return address.family() == Family::V4; });
      if (found.empty() && report_.errors() == before)
        report_.error(one.at, fmt::format("'{}' has no IPv6 address", one.value),
                      "an advertisement names IPv6 servers alone (RFC 8106); DHCP names others");
      servers.insert(servers.end(), found.begin(), found.end());
    }
  }

  /// The segments in which hosts are told a prefix to make addresses of.
  void find_advertised() {
    for (const std::uint32_t one : draft_.segment_of)
      if (one != lab::none && one >= advertised_.size()) advertised_.resize(one + 1);
    for (node_ = 0; node_ < draft_.lab.nodes.size(); ++node_) {
      for (const lab::Radvd::Interface& one : here().radvd.interfaces)
        if (here().radvd.runs && fits(one)) advertised_[segment(one.interface)] = true;
      for (const lab::DhcpSubnet& one : here().dhcp.subnets)
        if (one.own.address.family() == Family::V6 && one.own.length == autonomous_length)
          advertised_[segment(one.interface)] = true;
    }
  }

  [[nodiscard]] bool fits(const lab::Radvd::Interface& one) {
    return here().radvd.config || std::ranges::any_of(one.prefixes, [](const Prefix& prefix) {
             return prefix.length == autonomous_length;
           });
  }

  void warn_of_silence(std::uint32_t interface) {
    const lab::Interface& one = here().interfaces[interface];
    if (!one.automatic || advertised_[segment(interface)]) return;
    report_.warning(
        one.automatic_at,
        fmt::format("nobody in the lab advertises a prefix of 64 bits to '{}'", name_of(interface)),
        "radvd: true on its router");
  }

  Draft& draft_;
  Report& report_;
  InterfaceLookup lookup_;
  std::uint32_t node_ = 0;
  std::vector<bool> advertised_;  ///< by segment
};

}  // namespace

void resolve_radvd(Draft& draft) {
  Advertising(draft).run();
}

}  // namespace hopyard::language
