#include "language/dhcp.hh"

#include <fmt/format.h>

#include <algorithm>

namespace hopyard::language {
namespace {

using Role = DhcpDraft::Role;

constexpr Number most_by_itself = 65536;  ///< addresses of a range that nobody wrote

/// IPv6 has room enough for a range that is easy to know again: ::1000 to ::ffff.
Dhcp::Run usual_v6(const Prefix& prefix) {
  const Number base = to_number(prefix.address);
  return {base + 0x1000, base + 0xffff};
}

/// What dnsmasq takes the name of a host for, where that is no name (dnsmasq(8), --dhcp-host).
std::optional<std::string_view> read_by_dnsmasq(std::string_view name) {
  if (name == "ignore") return "an order to give the host nothing";
  if (name == "infinite") return "the time of a lease";
  const std::size_t digits = std::min(name.find_first_not_of("0123456789"), name.size());
  const std::string_view unit = name.substr(digits);
  const bool is_unit = unit.empty() || (unit.size() == 1 &&
                                        std::string_view("wWdDhHmMsS").find(unit) != std::string_view::npos);
  if (digits > 0 && is_unit) return "the time of a lease";
  return std::nullopt;
}

bool is_range_sign(const Text& range) {
  return range.value.find('-') != std::string_view::npos;
}

}  // namespace

std::string Dhcp::name_of(std::uint32_t node, std::uint32_t interface) const {
  const lab::Node& one = draft_.lab.nodes[node];
  return fmt::format("{}:{}", one.name, one.interfaces[interface].name);
}

std::string Dhcp::segment_name(std::uint32_t segment) const {
  const lab::Segment& one = segments_[segment];
  if (!one.networks.empty())
    return fmt::format("network '{}'", draft_.lab.networks[one.networks.front()].name);
  return fmt::format("'{}'", lab::link_name(draft_.lab, draft_.lab.links[one.links.front()]));
}

void Dhcp::prepare(const std::function<bool(std::uint32_t)>& given) {
  has_client_.assign(segments_.size(), false);
  has_server_.assign(segments_.size(), false);
  for (std::uint32_t node = 0; node < draft_.nodes.size(); ++node)
    if (!lab::is_layer_two(draft_.lab.nodes[node].kind)) find_clients(node, given);
  InterfaceLookup lookup(draft_);
  for (std::uint32_t node = 0; node < draft_.nodes.size(); ++node)
    if (draft_.nodes[node].dhcp.role == Role::Server && !lab::is_layer_two(draft_.lab.nodes[node].kind))
      find_served(node, lookup);
}

void Dhcp::find_clients(std::uint32_t node, const std::function<bool(std::uint32_t)>& given) {
  const NodeDraft& said = draft_.nodes[node];
  lab::Node& here = draft_.lab.nodes[node];
  bool any = here.interfaces.empty();
  for (std::uint32_t i = 0; i < here.interfaces.size(); ++i) {
    const bool has_addresses = given(draft_.first_interface[node] + i);
    bool asks = said.dhcp.role == Role::Client && !has_addresses;
    Span at = said.dhcp.at;
    for (const InterfaceDraft& one : said.interfaces) {
      if (!one.dhcp || one.name.value != here.interfaces[i].name) continue;
      asks = *one.dhcp;
      at = one.dhcp_at;
      if (asks && has_addresses)
        draft_.context.report.error(
            at, fmt::format("'{}' has addresses, and asks for some by DHCP", name_of(node, i)),
            "leave one of them out");
    }
    any = any || asks;
    if (!asks) continue;
    here.interfaces[i].dhcp = true;
    here.interfaces[i].dhcp_at = at;
    has_client_[segment_of(node, i)] = true;
  }
  if (!any && said.dhcp.role == Role::Client)
    draft_.context.report.error(
        said.dhcp.at, fmt::format("every interface of '{}' has addresses: none is left for DHCP", here.name));
}

void Dhcp::find_served(std::uint32_t node, InterfaceLookup& lookup) {
  DhcpDraft& said = draft_.nodes[node].dhcp;
  const lab::Node& here = draft_.lab.nodes[node];
  if (said.serve) {
    for (const Text& name : *said.serve) {
      const auto index = lookup.find(node, name);
      if (!index) continue;
      if (here.interfaces[*index].dhcp)
        draft_.context.report.error(name.at,
                                    fmt::format("'{}' gets its own address by DHCP", name_of(node, *index)),
                                    "a server has an address of its own there");
      else if (std::ranges::find(said.served, *index) == said.served.end())
        said.served.push_back(*index);
    }
  } else {
    for (std::uint32_t i = 0; i < here.interfaces.size(); ++i)
      if (!here.interfaces[i].dhcp && has_client_[segment_of(node, i)]) said.served.push_back(i);
    if (said.served.empty())
      draft_.context.report.error(said.at,
                                  fmt::format("nobody in the networks of '{}' asks for addresses", here.name),
                                  "dhcp: true on a host; or name what is served: dhcp: {serve: lan}");
  }
  for (const std::uint32_t one : said.served) has_server_[segment_of(node, one)] = true;
  servers_.push_back(node);
}

std::optional<Dhcp::Run> Dhcp::run_in(const Text& range, const Prefix& prefix, std::string_view segment) {
  Context& context = draft_.context;
  const std::size_t dash = range.value.find('-');
  if (!is_range_sign(range)) {
    context.report.error(range.at, fmt::format("'{}' is not a range of addresses", range.value),
                         ".100-.199, 10.0.0.100-10.0.0.199, or '::100-::1ff'");
    return std::nullopt;
  }
  const Text texts[2] = {trimmed(part(range, 0, dash)),
                         trimmed(part(range, dash + 1, range.value.size() - dash - 1))};
  Number ends[2] = {};
  for (int i = 0; i < 2; ++i) {
    auto one = parse_given(context, texts[i]);
    if (!one) return std::nullopt;
    const bool whole = one->form == Given::Form::Full || one->form == Given::Form::Bare;
    if (one->length) {
      context.report.error(texts[i].at, fmt::format("'{}' is not a range of addresses", range.value),
                           "its ends have no length");
      return std::nullopt;
    }
    if (one->family() != prefix.family() || (whole && !prefix.contains(one->address.address)))
      return std::nullopt;
    if (!complete(context, *one, prefix, segment)) return std::nullopt;
    ends[i] = to_number(one->address.address);
  }
  if (ends[0] <= ends[1]) return Run{ends[0], ends[1]};
  context.report.error(range.at, fmt::format("the range '{}' ends before it begins", range.value));
  return std::nullopt;
}

std::vector<Dhcp::Run> Dhcp::reserved(std::uint32_t segment, const Prefix& prefix) {
  std::vector<Run> runs;
  if (!has_server_[segment]) return runs;
  const std::string name = segment_name(segment);
  for (const std::uint32_t node : servers_) {
    const DhcpDraft& said = draft_.nodes[node].dhcp;
    const bool serves =
        std::ranges::any_of(said.served, [&](std::uint32_t one) { return segment_of(node, one) == segment; });
    if (!serves) continue;
    for (const Text& range : said.ranges)
      if (const auto run = run_in(range, prefix, name)) runs.push_back(*run);
    for (const AddressDraft& host : said.hosts)
      for (const Text& text : host.values) {
        auto one = parse_given(draft_.context, text);
        if (!one || one->family() != prefix.family()) continue;
        const bool whole = one->form == Given::Form::Full || one->form == Given::Form::Bare;
        if (whole && !prefix.contains(one->address.address)) continue;
        if (!complete(draft_.context, *one, prefix, name)) continue;
        runs.emplace_back(to_number(one->address.address), to_number(one->address.address));
      }
  }
  return runs;
}

std::optional<Dhcp::Run> Dhcp::longest_free(std::uint32_t segment, const Prefix& prefix) {
  std::vector<Run> used = reserved(segment, prefix);
  for (const auto& member : segments_[segment].members)
    for (const InterfaceAddress& one : draft_.lab.nodes[member.node].interfaces[member.interface].addresses)
      if (prefix.contains(one.address)) used.emplace_back(to_number(one.address), to_number(one.address));
  for (const std::uint32_t node : servers_)
    for (const lab::DhcpSubnet& one : draft_.lab.nodes[node].dhcp.subnets)
      if (prefix.contains(one.first)) used.emplace_back(to_number(one.first), to_number(one.last));
  std::ranges::sort(used);
  if (prefix.family() == Family::V6 && prefix.length <= 64) {
    const Run usual = usual_v6(prefix);
    const bool free = std::ranges::none_of(
        used, [&](const Run& one) { return one.first <= usual.second && usual.first <= one.second; });
    if (free) return usual;
  }
  const auto [first, last] = host_range(prefix);
  used.emplace_back(last + 1, last + 1);
  std::optional<Run> best;
  Number next = first;
  for (const Run& one : used) {
    const Number end = std::min(one.first, last + 1);
    if (end > next && (!best || end - next > best->second - best->first + 1)) best = Run{next, end - 1};
    next = std::max(next, one.second + 1);
  }
  if (best && best->second - best->first >= most_by_itself) best->second = best->first + most_by_itself - 1;
  return best;
}

std::vector<Dhcp::Run> Dhcp::without_members(const Run& run, std::uint32_t segment,
                                             const Prefix& prefix) const {
  std::vector<Number> used;
  for (const auto& member : segments_[segment].members)
    for (const InterfaceAddress& one : draft_.lab.nodes[member.node].interfaces[member.interface].addresses)
      if (prefix.contains(one.address)) used.push_back(to_number(one.address));
  std::ranges::sort(used);
  std::vector<Run> free;
  Number next = run.first;
  for (const Number one : used) {
    if (one < next || one > run.second) continue;
    if (one > next) free.emplace_back(next, one - 1);
    next = one + 1;
  }
  if (next <= run.second) free.emplace_back(next, run.second);
  return free;
}

void Dhcp::add_subnet(std::uint32_t node, std::uint32_t interface, const InterfaceAddress& own) {
  const DhcpDraft& said = draft_.nodes[node].dhcp;
  lab::Node& here = draft_.lab.nodes[node];
  Report& report = draft_.context.report;
  const Prefix prefix = own.prefix();
  // dnsmasq(8): the prefix length of an IPv6 range is 64 or more.
  if (prefix.family() == Family::V6 && prefix.length < 64)
    return report.error(said.at, fmt::format("'{}' is to hand out addresses of {}", here.name, prefix.text()),
                        "of IPv6 that can be a prefix of 64 bits or more");
  const std::uint32_t segment = segment_of(node, interface);
  const auto add = [&](const Run& run) {
    here.dhcp.subnets.push_back(
        {interface, own, to_address(prefix.family(), run.first), to_address(prefix.family(), run.second)});
  };
  bool written = false;
  for (const Text& range : said.ranges)
    if (const auto run = run_in(range, prefix, segment_name(segment))) {
      const std::vector<Run> free = without_members(*run, segment, prefix);
      for (const Run& part : free) add(part);
      if (free.empty())
        report.error(range.at, fmt::format("all of '{}' are addresses of nodes", range.value));
      written = true;
    }
  if (written) return;
  if (const auto run = longest_free(segment, prefix)) return add(*run);
  report.error(said.at, fmt::format("{} has no address left for '{}' to hand out", prefix.text(), here.name),
               "give it a larger prefix");
}

void Dhcp::add_subnets(std::uint32_t node, std::uint32_t interface) {
  const lab::Node& here = draft_.lab.nodes[node];
  bool has[2] = {false, false};
  for (const InterfaceAddress& one : here.interfaces[interface].addresses) {
    bool& known = has[one.address.family() == Family::V4 ? 0 : 1];
    if (known || link_local(one.address)) continue;
    known = true;
    add_subnet(node, interface, one);
  }
  if (!has[0] && !has[1])
    draft_.context.report.error(
        draft_.nodes[node].dhcp.at,
        fmt::format("'{}' serves DHCP and has no address there", name_of(node, interface)),
        "a prefix for its network, or an address");
}

/// What was not found in any subnet was written for nothing.
void Dhcp::check_ranges(std::uint32_t node) {
  const lab::Node& here = draft_.lab.nodes[node];
  const std::size_t before = draft_.context.report.errors();
  for (const Text& range : draft_.nodes[node].dhcp.ranges) {
    const bool used = std::ranges::any_of(here.dhcp.subnets, [&](const lab::DhcpSubnet& one) {
      return run_in(range, one.own.prefix(), "").has_value();
    });
    if (!used && draft_.context.report.errors() == before)
      draft_.context.report.error(
          range.at, fmt::format("'{}' is in no subnet that '{}' serves", range.value, here.name));
  }
}

bool Dhcp::find_mac(std::uint32_t node, const Text& key, lab::DhcpHost& host,
                    std::optional<std::uint32_t>& segment) {
  Report& report = draft_.context.report;
  if (key.value.find(':') != std::string_view::npos) {
    const auto mac = Mac::parse(key.value);
    if (!mac) report.error(key.at, fmt::format("'{}' is not a MAC", key.value), "02:00:5e:00:53:01");
    host.mac = mac.value_or(Mac{});
    return mac.has_value();
  }
  const auto found = draft_.node_index.find(key.value);
  if (found == draft_.node_index.end()) {
    std::vector<std::string_view> names;
    names.reserve(draft_.lab.nodes.size());
    for (const lab::Node& one : draft_.lab.nodes) names.push_back(one.name);
    report.error(key.at, fmt::format("'{}' is neither a node nor a MAC", key.value),
                 suggest(key.value, names));
    return false;
  }
  const lab::Node& other = draft_.lab.nodes[found->second];
  for (std::uint32_t i = 0; i < other.interfaces.size(); ++i)
    for (const std::uint32_t served : draft_.nodes[node].dhcp.served)
      if (segment_of(found->second, i) == segment_of(node, served) && other.interfaces[i].dhcp) {
        host.mac = other.interfaces[i].mac;
        host.name = other.name;
        segment = segment_of(node, served);
        const auto meaning = read_by_dnsmasq(other.name);
        if (meaning)
          report.error(key.at,
                       fmt::format("dnsmasq takes the name '{}' among its hosts for {}", key.value, *meaning),
                       fmt::format("another name, or its MAC: {}", host.mac.text()));
        return !meaning;
      }
  report.error(key.at,
               fmt::format("'{}' does not ask '{}' for addresses", key.value, draft_.lab.nodes[node].name),
               "dhcp: true on a node of a network that is served");
  return false;
}

const lab::DhcpSubnet* Dhcp::subnet_of(std::uint32_t node, const Given& given,
                                       std::optional<std::uint32_t> segment) {
  const bool whole = given.form == Given::Form::Full || given.form == Given::Form::Bare;
  const lab::DhcpSubnet* subnet = nullptr;
  bool several = false;
  for (const lab::DhcpSubnet& candidate : draft_.lab.nodes[node].dhcp.subnets) {
    if (candidate.own.address.family() != given.family()) continue;
    if (segment && segment_of(node, candidate.interface) != *segment) continue;
    if (whole && !candidate.own.prefix().contains(given.address.address)) continue;
    several = several || (subnet != nullptr && subnet->own != candidate.own);
    subnet = &candidate;
  }
  if (subnet != nullptr && (whole || !several)) return subnet;
  draft_.context.report.error(
      given.at,
      several ? fmt::format("'{}' may be in several subnets", given.text)
              : fmt::format("'{}' is in no subnet that '{}' serves", given.text, draft_.lab.nodes[node].name),
      several ? "write the whole address" : "");
  return nullptr;
}

void Dhcp::check_free(std::uint32_t segment, const Given& given) {
  for (const auto& member : segments_[segment].members)
    for (const InterfaceAddress& other : draft_.lab.nodes[member.node].interfaces[member.interface].addresses)
      if (other.address == given.address.address)
        draft_.context.report.error(given.at,
                                    fmt::format("{} is the address of '{}' already", other.address.text(),
                                                name_of(member.node, member.interface)));
}

void Dhcp::check_not_given(std::uint32_t node, const Given& given) {
  for (const lab::DhcpHost& other : draft_.lab.nodes[node].dhcp.hosts)
    if (std::ranges::find(other.addresses, given.address.address) != other.addresses.end())
      draft_.context.report.error(
          given.at, fmt::format("{} is given to another host already", given.address.address.text()));
}

void Dhcp::add_host(std::uint32_t node, const AddressDraft& draft) {
  lab::DhcpHost host;
  std::optional<std::uint32_t> segment;
  if (!find_mac(node, draft.key, host, segment)) return;
  for (const Text& text : draft.values) {
    auto one = parse_given(draft_.context, text);
    const lab::DhcpSubnet* subnet = one ? subnet_of(node, *one, segment) : nullptr;
    if (subnet == nullptr) continue;
    const std::uint32_t where = segment_of(node, subnet->interface);
    if (!complete(draft_.context, *one, subnet->own.prefix(), segment_name(where))) continue;
    check_free(where, *one);
    check_not_given(node, *one);
    host.addresses.push_back(one->address.address);
  }
  draft_.lab.nodes[node].dhcp.hosts.push_back(std::move(host));
}

void Dhcp::warn_of_unserved(std::uint32_t node) {
  const lab::Node& here = draft_.lab.nodes[node];
  for (std::uint32_t i = 0; i < here.interfaces.size(); ++i)
    if (here.interfaces[i].dhcp && !has_server_[segment_of(node, i)])
      draft_.context.report.warning(
          here.interfaces[i].dhcp_at,
          fmt::format("nobody in the lab answers when '{}' asks for an address", name_of(node, i)),
          "dhcp: {} on its router");
}

void Dhcp::finish() {
  for (const std::uint32_t node : servers_) {
    DhcpDraft& said = draft_.nodes[node].dhcp;
    lab::DhcpServer& server = draft_.lab.nodes[node].dhcp;
    server.at = said.at;
    server.options = std::move(said.options);
    std::ranges::sort(said.served);
    for (const std::uint32_t interface : said.served) add_subnets(node, interface);
    check_ranges(node);
    for (const AddressDraft& one : said.hosts) add_host(node, one);
  }
  for (std::uint32_t node = 0; node < draft_.nodes.size(); ++node) warn_of_unserved(node);
}

}  // namespace hopyard::language
