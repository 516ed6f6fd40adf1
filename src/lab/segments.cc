#include "lab/segments.hh"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace hopyard::lab {
namespace {

/// Disjoint sets with path halving.
class Sets {
 public:
  explicit Sets(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t find(std::uint32_t one) {
    while (parent_[one] != one) one = parent_[one] = parent_[parent_[one]];
    return one;
  }
  void join(std::uint32_t left, std::uint32_t right) { parent_[find(right)] = find(left); }

 private:
  std::vector<std::uint32_t> parent_;
};

/// Made by the node itself, and no end of a link.
bool is_own(const Interface& one) {
  return one.link == none && one.settings != nullptr;
}

bool is_vlan(const Interface& one) {
  return is_own(one) && one.settings->type == net::LinkType::Vlan;
}

/// Of an interface that is one; a number that there is not was reported before.
std::uint16_t vlan_of(const Interface& one) {
  return static_cast<std::uint16_t>(one.settings->id);
}

const Interface* interface_of(const Lab& lab, const End& end) {
  if (end.to == End::To::Network || end.interface == none) return nullptr;
  return &lab.nodes[end.index].interfaces[end.interface];
}

/// The bond or team that a link's end is a port of in the end, as a member; node none when it is of none.
Segment::Member bond_of(const Lab& lab, const End& end) {
  const Interface* one = interface_of(lab, end);
  Segment::Member bond{none, none};
  while (one != nullptr && is_port(lab.nodes[end.index], *one)) {
    bond = {end.index, one->master};
    one = &lab.nodes[end.index].interfaces[one->master];
  }
  return bond;
}

bool has_own(const Lab& lab) {
  for (const Node& node : lab.nodes)
    for (const Interface& one : node.interfaces)
      if (is_own(one)) return true;
  return false;
}

/// The ends of a link that hear what is said on it; a port passes it on to its bond.
void add_members(const Lab& lab, const Link& link, bool own, Segment& segment) {
  for (const End& end : link.ends)
    if (end.to == End::To::Node && !is_layer_two(lab.nodes[end.index].kind))
      if (!own || bond_of(lab, end).node == none) segment.members.push_back({end.index, end.interface});
}

/// What frames of the same VLAN reach: links, then networks, then nodes (of which only switches and hubs join
/// anything), each once for every VLAN that some port takes frames without a tag for, or that a node has an
/// interface for. All other VLANs begin and end nowhere. On a link, the number 0 stands for frames without a
/// tag.
class Domains {
 public:
  explicit Domains(const Lab& lab)
      : lab_(lab), numbers_(ended_vlans(lab)), sets_(things() * numbers_.size()), own_(has_own(lab)) {
    for (std::uint32_t link = 0; link < lab.links.size(); ++link)
      for (const End& end : lab.links[link].ends) connect(link, end);
  }
  [[nodiscard]] std::uint32_t of_link(std::uint32_t link) { return find(link, 0); }
  /// @p vlan is that of an interface of a node.
  [[nodiscard]] std::uint32_t of_link(std::uint32_t link, std::uint16_t vlan) {
    const auto number = std::ranges::lower_bound(numbers_, vlan) - numbers_.begin();
    return find(link, static_cast<std::size_t>(number));
  }
  [[nodiscard]] std::uint32_t of_network(std::uint32_t network) { return find(links() + network, 0); }
  [[nodiscard]] std::size_t size() const { return things() * numbers_.size(); }
  /// A link for each bond whose ports some links are.
  [[nodiscard]] const std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>& bonds() const {
    return bonds_;
  }

 private:
  [[nodiscard]] static std::vector<std::uint16_t> ended_vlans(const Lab& lab);
  [[nodiscard]] std::uint32_t links() const { return static_cast<std::uint32_t>(lab_.links.size()); }
  [[nodiscard]] std::uint32_t networks() const { return static_cast<std::uint32_t>(lab_.networks.size()); }
  [[nodiscard]] std::size_t things() const {
    return lab_.links.size() + lab_.networks.size() + lab_.nodes.size();
  }
  [[nodiscard]] std::uint32_t element(std::uint32_t thing, std::size_t number) const {
    return static_cast<std::uint32_t>(thing * numbers_.size() + number);
  }
  [[nodiscard]] std::uint32_t find(std::uint32_t thing, std::size_t number) {
    return sets_.find(element(thing, number));
  }
  void connect(std::uint32_t link, const End& end);
  void connect_port(std::uint32_t link, std::uint32_t node, const Vlans& vlans);
  void connect_bond(std::uint32_t link, const End& end);

  const Lab& lab_;
  std::vector<std::uint16_t> numbers_;
  Sets sets_;
  bool own_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> bonds_;  // a link, by its bond
};

std::vector<std::uint16_t> Domains::ended_vlans(const Lab& lab) {
  std::vector<std::uint16_t> numbers{0};
  for (const Node& node : lab.nodes) {
    const bool filters = filters_vlans(node);
    for (const Interface& one : node.interfaces) {
      if (filters) numbers.push_back(one.vlans.native());
      if (is_vlan(one)) numbers.push_back(vlan_of(one));
    }
  }
  std::ranges::sort(numbers);
  const auto doubled = std::ranges::unique(numbers);
  numbers.erase(doubled.begin(), doubled.end());
  return numbers;
}

void Domains::connect(std::uint32_t link, const End& end) {
  const std::uint32_t thing =
      end.to == End::To::Network ? links() + end.index : links() + networks() + end.index;
  if (end.to == End::To::Node && !is_layer_two(lab_.nodes[end.index].kind)) return connect_bond(link, end);
  if (end.to == End::To::Node && !joins_links(lab_.nodes[end.index])) return;
  if (end.to == End::To::Node && filters_vlans(lab_.nodes[end.index]))
    return connect_port(link, thing, lab_.nodes[end.index].interfaces[end.interface].vlans);
  for (std::size_t number = 0; number < numbers_.size(); ++number)
    sets_.join(element(link, number), element(thing, number));
}

void Domains::connect_port(std::uint32_t link, std::uint32_t node, const Vlans& vlans) {
  for (std::size_t number = 1; number < numbers_.size(); ++number) {
    if (numbers_[number] == vlans.native()) sets_.join(element(link, 0), element(node, number));
    if (std::ranges::binary_search(vlans.tagged, numbers_[number]))
      sets_.join(element(link, number), element(node, number));
  }
}

void Domains::connect_bond(std::uint32_t link, const End& end) {
  const auto bond = own_ ? bond_of(lab_, end) : Segment::Member{none, none};
  if (bond.node == none) return;
  const std::uint32_t first = bonds_.try_emplace({bond.node, bond.interface}, link).first->second;
  for (std::size_t number = 0; number < numbers_.size(); ++number)
    sets_.join(element(link, number), element(first, number));
}

/// Puts the interfaces that nodes have themselves into the segments of what they stand on, and makes segments
/// for VLANs that no port takes frames without a tag for, and for what stands alone. @p number has the
/// segment of each of the domains.
class OwnInterfaces {
 public:
  OwnInterfaces(const Lab& lab, Domains& domains, std::vector<std::uint32_t>& number,
                std::vector<Segment>& found)
      : lab_(lab), domains_(domains), number_(number), found_(found) {
    for (std::uint32_t i = 0; i < found.size(); ++i)
      for (const Segment::Member& member : found[i].members) segment_[key(member)] = i;
    // A bond's segment is that of its ports.
    for (const auto& [bond, link] : domains.bonds())
      segment_.try_emplace(key({bond.first, bond.second}), number[domains.of_link(link)]);
  }

  void add() {
    for (std::uint32_t node = 0; node < lab_.nodes.size(); ++node)
      for (std::uint32_t i = 0; i < lab_.nodes[node].interfaces.size(); ++i)
        if (const Interface& one = lab_.nodes[node].interfaces[i];
            is_own(one) && !is_port(lab_.nodes[node], one))
          place({node, i}, one);
  }

 private:
  static std::uint64_t key(Segment::Member member) {
    return std::uint64_t(member.node) << 32U | member.interface;
  }

  void place(Segment::Member member, const Interface& one) {
    const auto own = segment_.find(key(member));
    const auto below = one.lower == none ? segment_.end() : segment_.find(key({member.node, one.lower}));
    std::uint32_t segment = none;
    if (own != segment_.end())
      segment = own->second;
    else if (below != segment_.end() && shares_wire(one))
      segment = is_vlan(one) ? vlan(member, one, below->second) : below->second;
    else
      segment = fresh();
    segment_[key(member)] = segment;
    found_[segment].members.push_back(member);
  }
  /// Of a VLAN on a wire, what the switches make of it there; of one within another, its own.
  std::uint32_t vlan(Segment::Member member, const Interface& one, std::uint32_t below) {
    const std::uint32_t link = wire({member.node, one.lower});
    std::uint32_t& segment = link == none ? vlans_.try_emplace({below, vlan_of(one)}, none).first->second
                                          : number_[domains_.of_link(link, vlan_of(one))];
    if (segment == none) segment = fresh();
    return segment;
  }
  /// A link that carries the frames of an interface just as it sends them; none where there is none.
  std::uint32_t wire(Segment::Member member) {
    const auto& interfaces = lab_.nodes[member.node].interfaces;
    for (std::uint32_t i = member.interface; i != none && !is_vlan(interfaces[i]); i = interfaces[i].lower) {
      if (interfaces[i].link != none) return interfaces[i].link;
      const auto bond = domains_.bonds().find({member.node, i});
      if (bond != domains_.bonds().end()) return bond->second;
      if (!shares_wire(interfaces[i])) return none;
    }
    return none;
  }
  std::uint32_t fresh() {
    found_.emplace_back();
    return static_cast<std::uint32_t>(found_.size() - 1);
  }

  const Lab& lab_;
  Domains& domains_;
  std::vector<std::uint32_t>& number_;
  std::vector<Segment>& found_;
  std::unordered_map<std::uint64_t, std::uint32_t> segment_;  // by node and interface
  std::map<std::pair<std::uint32_t, std::uint16_t>, std::uint32_t> vlans_;
};

}  // namespace

std::vector<Segment> segments(const Lab& lab) {
  const auto links = static_cast<std::uint32_t>(lab.links.size());
  const auto networks = static_cast<std::uint32_t>(lab.networks.size());
  const bool own = has_own(lab);
  Domains domains(lab);
  std::vector<Segment> found;
  std::vector<std::uint32_t> number(domains.size(), none);
  for (std::uint32_t i = 0; i < links; ++i) {
    std::uint32_t& segment = number[domains.of_link(i)];
    if (segment == none) {
      segment = static_cast<std::uint32_t>(found.size());
      found.emplace_back();
    }
    found[segment].links.push_back(i);
    add_members(lab, lab.links[i], own, found[segment]);
  }
  for (std::uint32_t i = 0; i < networks; ++i)
    if (const std::uint32_t segment = number[domains.of_network(i)]; segment != none)
      found[segment].networks.push_back(i);
  if (!own) return found;
  OwnInterfaces(lab, domains, number, found).add();
  return found;
}

bool is_outside(const Lab& lab, const Segment& segment) {
  return std::ranges::any_of(segment.links, [&](std::uint32_t link) {
    return std::ranges::any_of(lab.links[link].ends, [&](const End& end) {
      return end.to == End::To::Node && lab.nodes[end.index].kind == Kind::External &&
             joins_links(lab.nodes[end.index]);
    });
  });
}

}  // namespace hopyard::lab
