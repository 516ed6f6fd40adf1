#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "lab/segments.hh"
#include "language/dhcp.hh"
#include "language/given.hh"
#include "language/lookup.hh"
#include "language/pool.hh"

namespace hopyard::language {
namespace {

constexpr std::array families{Family::V4, Family::V6};

std::size_t slot(Family family) {
  return family == Family::V4 ? 0 : 1;
}

/// What is known of a broadcast domain while it is being numbered.
struct Subnet {
  std::array<std::vector<Prefix>, 2>
      prefixes;  ///< by family; more than one only where addresses of one interface give them
  std::array<std::uint32_t, 2> giver{
      lab::none, lab::none};  ///< the interface whose addresses gave them, by its flat number
  bool declared = false;      ///< a network's or a link's prefix was written in the file
};

/// The addresses that the file gives to one interface.
struct GivenList {
  std::vector<Given> list;
  bool automatic = false;  ///< and IPv6 addresses that routers advertise
  Span at;

  [[nodiscard]] bool only_automatic() const { return automatic && list.empty(); }
};

class Numbering {
 public:
  explicit Numbering(Draft& draft)
      : draft_(draft),
        context_(draft.context),
        lab_(draft.lab),
        segments_(lab::segments(draft.lab)),
        dhcp_(draft, segments_) {}

  void run() {
    for (const lab::Node& node : lab_.nodes)
      for (const InterfaceAddress& one : node.forwarding.addresses) of_switches_.push_back(one.address);
    index_interfaces();
    collect_given();
    dhcp_.prepare([&](std::uint32_t flat_number) {
      const GivenList* list = given(flat_number);
      return list != nullptr && !list->only_automatic();
    });
    subnets_.resize(segments_.size());
    for (std::uint32_t i = 0; i < segments_.size(); ++i) declare(i);
    for (std::uint32_t i = 0; i < segments_.size(); ++i) take_from_members(i);
    for (std::size_t family = 0; family < families.size(); ++family) take_from_pool(families[family]);
    for (std::uint32_t i = 0; i < segments_.size(); ++i) assign(i);
    derive_macs(lab_);
    dhcp_.finish();
  }

 private:
  void index_interfaces();
  void collect_given();
  void give(std::uint32_t node, std::uint32_t index, const std::vector<Text>& texts, Span at);
  void give_loopback(std::uint32_t node, const std::vector<Text>& texts);
  void declare(std::uint32_t segment);
  void declare_one(Subnet& subnet, const Prefix& prefix, Span at, std::string_view what);
  void take_from_members(std::uint32_t segment);
  void check_against(std::uint32_t segment, Given& given);
  void take_from_pool(Family family);
  [[nodiscard]] std::vector<Prefix> taken() const;
  [[nodiscard]] std::optional<std::uint8_t> wanted_length(std::uint32_t segment, const Pool& pool) const;
  void assign(std::uint32_t segment);
  void assign_given(std::uint32_t segment, std::vector<IpAddress>& used);
  void assign_free(std::uint32_t segment, Family family, const std::vector<IpAddress>& used);

  [[nodiscard]] std::uint32_t flat(const lab::Segment::Member& member) const {
    return draft_.first_interface[member.node] + member.interface;
  }
  [[nodiscard]] lab::Interface& interface(const lab::Segment::Member& member) {
    return lab_.nodes[member.node].interfaces[member.interface];
  }
  [[nodiscard]] GivenList* given(std::uint32_t flat_number) {
    const auto found = given_.find(flat_number);
    return found == given_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] bool wants_address(const lab::Segment::Member& member, Family family) const;
  [[nodiscard]] bool unnumbered(std::uint32_t segment) const;
  [[nodiscard]] std::string segment_name(std::uint32_t segment) const;
  [[nodiscard]] std::string interface_name(const lab::Segment::Member& member) const {
    return fmt::format("{}:{}", lab_.nodes[member.node].name,
                       lab_.nodes[member.node].interfaces[member.interface].name);
  }

  Draft& draft_;
  Context& context_;
  lab::Lab& lab_;
  std::vector<lab::Segment> segments_;
  std::vector<Subnet> subnets_;
  std::unordered_map<std::uint32_t, GivenList> given_;
  Dhcp dhcp_;
  std::vector<IpAddress> of_switches_;
};

void Numbering::index_interfaces() {
  draft_.first_interface.reserve(lab_.nodes.size());
  std::uint32_t count = 0;
  for (const lab::Node& node : lab_.nodes) {
    draft_.first_interface.push_back(count);
    count += static_cast<std::uint32_t>(node.interfaces.size());
  }
  draft_.segment_of.assign(count, lab::none);
  for (std::uint32_t i = 0; i < segments_.size(); ++i)
    for (const auto& member : segments_[i].members) draft_.segment_of[flat(member)] = i;
}

void Numbering::collect_given() {
  InterfaceLookup lookup(draft_);
  for (std::uint32_t node = 0; node < lab_.nodes.size(); ++node) {
    if (lab::is_layer_two(lab_.nodes[node].kind)) continue;
    for (const InterfaceDraft& one : draft_.nodes[node].interfaces)
      if (one.addresses)
        if (const auto index = lookup.by_name(node, one.name.value))
          give(node, *index, *one.addresses, one.addresses_at);
    for (const AddressDraft& one : draft_.nodes[node].addresses) {
      if (one.key.value == "lo")
        give_loopback(node, one.values);
      else if (const auto index = lookup.find(node, one.key))
        give(node, *index, one.values, one.key.at);
    }
  }
}

void Numbering::give(std::uint32_t node, std::uint32_t index, const std::vector<Text>& texts, Span at) {
  const auto [place, fresh] = given_.try_emplace(draft_.first_interface[node] + index);
  if (!fresh)
    return context_.report.error(
        at,
        fmt::format("the addresses of '{}:{}' are given twice", lab_.nodes[node].name,
                    lab_.nodes[node].interfaces[index].name),
        fmt::format("the first are at {}", context_.sources.where(place->second.at)));
  place->second.at = at;
  for (const Text& text : texts) {
    if (text.value == "auto") {
      lab::Interface& here = lab_.nodes[node].interfaces[index];
      here.automatic = place->second.automatic = true;
      here.automatic_at = text.at;
    } else if (const auto one = parse_given(context_, text)) {
      place->second.list.push_back(*one);
    }
  }
}

void Numbering::give_loopback(std::uint32_t node, const std::vector<Text>& texts) {
  for (const Text& text : texts) {
    if (text.value == "auto") {
      context_.report.error(text.at, "nobody advertises addresses to 'lo'", "'auto' is for other interfaces");
      continue;
    }
    auto one = parse_given(context_, text);
    if (!one) continue;
    if (one->form == Given::Form::LastOctets || one->form == Given::Form::Interface) {
      context_.report.error(text.at, fmt::format("'{}' needs a known prefix, and lo has none", text.value),
                            "give the whole address: 10.0.0.1/32");
      continue;
    }
    if (!one->length) one->address.length = bits(one->family());
    lab_.nodes[node].loopback.push_back(one->address);
  }
}

std::string Numbering::segment_name(std::uint32_t segment) const {
  const lab::Segment& one = segments_[segment];
  if (!one.networks.empty()) return fmt::format("network '{}'", lab_.networks[one.networks.front()].name);
  if (one.links.empty()) return fmt::format("'{}'", interface_name(one.members.front()));
  return fmt::format("'{}'", lab::link_name(lab_, lab_.links[one.links.front()]));
}

void Numbering::declare_one(Subnet& subnet, const Prefix& prefix, Span at, std::string_view what) {
  subnet.declared = true;
  auto& prefixes = subnet.prefixes[slot(prefix.family())];
  if (prefixes.empty())
    prefixes.push_back(prefix);
  else if (prefixes.front() != prefix)
    context_.report.error(at,
                          fmt::format("{} has the prefix {}, but what it is joined with has {}", what,
                                      prefix.text(), prefixes.front().text()),
                          "a router joins networks of different prefixes; a switch makes them one");
}

void Numbering::declare(std::uint32_t segment) {
  Subnet& subnet = subnets_[segment];
  for (const std::uint32_t network : segments_[segment].networks)
    for (const Prefix& prefix : lab_.networks[network].prefixes)
      declare_one(subnet, prefix, lab_.networks[network].at,
                  fmt::format("network '{}'", lab_.networks[network].name));
  for (const std::uint32_t link : segments_[segment].links)
    for (const Prefix& prefix : draft_.links[link].subnets)
      declare_one(subnet, prefix, draft_.links[link].subnet_at, "the link");
}

/// Where no prefix is written, whole addresses tell it: those of the first interface that has some.
void Numbering::take_from_members(std::uint32_t segment) {
  Subnet& subnet = subnets_[segment];
  for (const auto& member : segments_[segment].members) {
    GivenList* list = given(flat(member));
    if (list == nullptr) continue;
    for (const Given& one : list->list) {
      if (one.form != Given::Form::Full || one.apart()) continue;
      auto& prefixes = subnet.prefixes[slot(one.family())];
      std::uint32_t& giver = subnet.giver[slot(one.family())];
      if (giver == lab::none && prefixes.empty()) giver = flat(member);
      const Prefix prefix = one.address.prefix();
      if (giver == flat(member) && std::find(prefixes.begin(), prefixes.end(), prefix) == prefixes.end())
        prefixes.push_back(prefix);
    }
  }
}

std::vector<Prefix> Numbering::taken() const {
  std::vector<Prefix> all;
  for (const lab::Network& network : lab_.networks)
    all.insert(all.end(), network.prefixes.begin(), network.prefixes.end());
  for (const Subnet& subnet : subnets_)
    for (const auto& prefixes : subnet.prefixes) all.insert(all.end(), prefixes.begin(), prefixes.end());
  for (const lab::Node& node : lab_.nodes)
    for (const InterfaceAddress& one : node.loopback) all.push_back(one.prefix());
  for (const auto& [number, list] : given_)
    for (const Given& one : list.list)
      if (one.form == Given::Form::Full)
        all.push_back(one.address.prefix());
      else if (one.form == Given::Form::Bare)
        all.push_back(Prefix::of(one.address.address, bits(one.family())));
  return all;
}

bool Numbering::wants_address(const lab::Segment::Member& member, Family family) const {
  const lab::Interface& interface = lab_.nodes[member.node].interfaces[member.interface];
  if (interface.dhcp || (interface.automatic && family == Family::V6)) return false;
  // What stands alone in its node, as a dummy does, has the addresses that it is given.
  if (interface.link == lab::none && !lab::shares_wire(interface) && !given_.contains(flat(member)))
    return false;
  const auto found = given_.find(flat(member));
  if (lab::is_outside(lab_, segments_[draft_.segment_of[flat(member)]])) return false;
  if (found == given_.end()) return true;
  if (found->second.list.empty()) return found->second.automatic;
  return std::none_of(found->second.list.begin(), found->second.list.end(), [&](const Given& one) {
    return one.family() == family && !link_local(one.address.address);
  });
}

/// True between two routers that speak BGP without addresses, where the file gives none.
bool Numbering::unnumbered(std::uint32_t segment) const {
  if (lab::is_outside(lab_, segments_[segment])) return true;
  const auto& members = segments_[segment].members;
  return !subnets_[segment].declared && members.size() == 2 &&
         std::all_of(members.begin(), members.end(), [&](const auto& one) {
           const lab::Bgp& bgp = lab_.nodes[one.node].dynamic.bgp;
           return bgp.runs && bgp.unnumbered && !given_.contains(flat(one));
         });
}

/// A wire of two gets a /30, everything else a /24 or what its interfaces need; IPv6 always a /64 (RFC 7421).
std::optional<std::uint8_t> Numbering::wanted_length(std::uint32_t segment, const Pool& pool) const {
  const lab::Segment& one = segments_[segment];
  bool wanted = false;
  for (const auto& member : one.members) {
    const auto found = given_.find(flat(member));
    wanted = wanted || wants_address(member, pool.whole().family());
    if (found != given_.end())
      for (const Given& address : found->second.list)
        wanted = wanted || (address.family() == pool.whole().family() && address.form != Given::Form::Full);
  }
  if (!wanted) return std::nullopt;
  if (pool.whole().family() == Family::V6) return 64;
  if (one.members.size() == 2 && one.links.size() <= 1 && one.networks.empty()) return 30;
  std::uint8_t length = 30;
  while (length > 0 && (std::size_t(1) << (32U - length)) - 2 < one.members.size()) --length;
  return std::min<std::uint8_t>(length, std::max<std::uint8_t>(24, pool.whole().length));
}

void Numbering::take_from_pool(Family family) {
  const auto whole = std::find_if(lab_.pool.begin(), lab_.pool.end(),
                                  [&](const Prefix& one) { return one.family() == family; });
  if (whole == lab_.pool.end()) return;
  Pool pool(*whole, taken());
  for (std::uint32_t i = 0; i < segments_.size(); ++i) {
    Subnet& subnet = subnets_[i];
    if (!subnet.prefixes[slot(family)].empty() || (subnet.declared && !draft_.pool_given)) continue;
    if (unnumbered(i)) continue;
    const auto length = wanted_length(i, pool);
    if (!length) continue;
    const auto prefix = pool.take(*length);
    if (!prefix) {
      const Span at = draft_.pool_given            ? draft_.pool_at
                      : segments_[i].links.empty() ? interface(segments_[i].members.front()).at
                                                   : lab_.links[segments_[i].links.front()].at;
      return context_.report.error(
          at,
          fmt::format("the pool {} has no room for a /{} for {}", whole->text(), *length, segment_name(i)),
          "a larger 'pool', or prefixes of your own for some networks and links");
    }
    subnet.prefixes[slot(family)].push_back(*prefix);
    for (const std::uint32_t network : segments_[i].networks)
      lab_.networks[network].prefixes.push_back(*prefix);
  }
}

/// Completes one address that was given, from the prefix of the segment that it belongs to.
void Numbering::check_against(std::uint32_t segment, Given& given) {
  const Subnet& subnet = subnets_[segment];
  const auto& prefixes = subnet.prefixes[slot(given.family())];
  std::optional<Prefix> prefix;
  if (!prefixes.empty()) prefix = prefixes.front();
  for (const Prefix& one : prefixes)
    if (given.form == Given::Form::Full && one.contains(given.address.address)) prefix = one;
  // A host's own prefix (/32, /128) stands for itself where no other is written.
  const bool on_its_own =
      given.apart() && (!subnet.declared || prefixes.empty() || link_local(given.address.address));
  if (on_its_own) return;
  if (!given.apart()) return void(complete(context_, given, prefix, segment_name(segment)));
  context_.report.error(given.at,
                        fmt::format("'{}' has the length {}, but the prefix of {} is {}", given.text,
                                    given.address.length, segment_name(segment), prefix->text()));
  given.good = false;
}

void Numbering::assign_given(std::uint32_t segment, std::vector<IpAddress>& used) {
  struct User {
    lab::Segment::Member member;
    Span at;
  };
  std::vector<std::pair<IpAddress, User>> users;
  for (const auto& member : segments_[segment].members) {
    GivenList* list = given(flat(member));
    if (list == nullptr) continue;
    for (Given& one : list->list) {
      check_against(segment, one);
      if (!one.good) continue;
      interface(member).addresses.push_back(one.address);
      users.push_back({one.address.address, {member, one.at}});
    }
  }
  std::stable_sort(users.begin(), users.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  for (std::size_t i = 0; i < users.size(); ++i) {
    used.push_back(users[i].first);
    if (i == 0 || users[i - 1].first != users[i].first) continue;
    context_.report.error(users[i].second.at,
                          fmt::format("{} is the address of '{}' already", users[i].first.text(),
                                      interface_name(users[i - 1].second.member)),
                          fmt::format("it has it at {}", context_.sources.where(users[i - 1].second.at)));
  }
}

void Numbering::assign_free(std::uint32_t segment, Family family, const std::vector<IpAddress>& used) {
  const auto& prefixes = subnets_[segment].prefixes[slot(family)];
  if (prefixes.empty()) return;
  std::optional<HostAddresses> free;
  for (const auto& member : segments_[segment].members) {
    if (!wants_address(member, family)) continue;
    if (!free) free = HostAddresses(prefixes.front(), used, dhcp_.reserved(segment, prefixes.front()));
    const auto address = free->take();
    if (!address)
      return context_.report.error(
          interface(member).at,
          fmt::format("{} of {} has no address left for '{}'", prefixes.front().text(), segment_name(segment),
                      interface_name(member)),
          fmt::format("it is shared by {} interfaces: give it a larger prefix",
                      segments_[segment].members.size()));
    interface(member).addresses.push_back({*address, prefixes.front().length});
  }
}

void Numbering::assign(std::uint32_t segment) {
  std::vector<IpAddress> used = of_switches_;
  assign_given(segment, used);
  for (const Family family : families) assign_free(segment, family, used);
}

}  // namespace

void number(Draft& draft) {
  Numbering(draft).run();
}

}  // namespace hopyard::language
