#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "language/link_types.hh"
#include "language/machines.hh"

namespace hopyard::language {
namespace {

using By = lab::Between::By;
using net::LinkType;

std::uint32_t taken(LinkType type, Family family) {
  net::LinkSettings settings;
  settings.type = type;
  if (type == LinkType::Gretap) settings.key = 0;
  return overhead(settings, family == Family::V6);
}

std::uint32_t less(std::uint32_t whole, std::uint32_t part) {
  return whole - std::min(whole, part);
}

/// Whether frames of the lab carry tags of VLANs.
bool has_tags(const lab::Lab& lab) {
  return std::ranges::any_of(lab.nodes, [](const lab::Node& node) {
    return lab::filters_vlans(node) || std::ranges::any_of(node.interfaces, [](const lab::Interface& one) {
             return one.link == lab::none && one.settings && one.settings->type == LinkType::Vlan;
           });
  });
}

/// Interfaces that hear each other, through networks and switches, whatever their VLANs.
class Wires {
 public:
  explicit Wires(const lab::Lab& lab)
      : lab_(lab), parent_(lab.links.size() + lab.networks.size() + lab.nodes.size()) {
    std::iota(parent_.begin(), parent_.end(), 0U);
    for (std::uint32_t link = 0; link < lab.links.size(); ++link)
      for (const lab::End& end : lab.links[link].ends) join(link, end);
    machines_.resize(parent_.size());
    for (std::uint32_t link = 0; link < lab.links.size(); ++link)
      if (!lab.links[link].type)
        for (const lab::End& end : lab.links[link].ends)
          if (end.to == lab::End::To::Node && lab.nodes[end.index].on_machine != lab::none)
            machines_[find(link)].insert(lab.nodes[end.index].on_machine);
  }
  [[nodiscard]] bool spans(std::uint32_t link) { return machines_[find(link)].size() > 1; }

 private:
  std::uint32_t find(std::uint32_t one) {
    while (parent_[one] != one) one = parent_[one] = parent_[parent_[one]];
    return one;
  }
  void join(std::uint32_t link, const lab::End& end) {
    const auto links = static_cast<std::uint32_t>(lab_.links.size());
    const auto networks = static_cast<std::uint32_t>(lab_.networks.size());
    if (end.to == lab::End::To::Network)
      parent_[find(link)] = find(links + end.index);
    else if (lab::joins_links(lab_.nodes[end.index]))
      parent_[find(link)] = find(links + networks + end.index);
  }

  const lab::Lab& lab_;
  std::vector<std::uint32_t> parent_;
  std::vector<std::set<std::uint32_t>> machines_;
};

std::uint32_t given(const lab::Lab& lab, const lab::Link& link, const lab::Interface& one) {
  if (one.mtu != 0) return one.mtu;
  if (link.mtu != 0) return link.mtu;
  for (const lab::End& end : link.ends)
    if (end.to == lab::End::To::Network) return lab.networks[end.index].mtu;
  return 0;
}

std::string_view name_of(By by) {
  return between_words()[static_cast<std::size_t>(by)].word;
}

void fit(Draft& draft, const lab::Link& link, const lab::End& end) {
  const lab::Between& between = draft.lab.between;
  lab::Node& node = draft.lab.nodes[end.index];
  lab::Interface& one = node.interfaces[end.interface];
  const std::uint32_t mtu = given(draft.lab, link, one);
  if (mtu > between.inner_mtu)
    draft.context.report.warning(
        one.mtu != 0 ? one.at : link.at,
        fmt::format("the MTU {} of '{}:{}' does not fit: {} takes {} of the {} bytes between the machines",
                    mtu, node.name, one.name, name_of(between.by), between.mtu - between.inner_mtu,
                    between.mtu),
        fmt::format("mtu: {}; or, where the way between them takes more: between: {{by: {}, mtu: {}}}",
                    between.inner_mtu, name_of(between.by), mtu + between.mtu - between.inner_mtu));
  if (mtu == 0) one.mtu = between.inner_mtu;
}

}  // namespace

void fit_machines(Draft& draft) {
  if (draft.lab.machines.empty()) return;
  lab::Between& between = draft.lab.between;
  const Family family = draft.lab.machines.front().address.family();
  const bool gretap = between.by == By::Gretap;
  between.tunnel_mtu =
      between.by == By::Wireguard ? less(between.mtu, taken(LinkType::Wireguard, family)) : between.mtu;
  const Family outer = between.by == By::Wireguard ? Family::V4 : family;
  between.inner_mtu = less(between.tunnel_mtu, taken(gretap ? LinkType::Gretap : LinkType::Vxlan, outer));
  if (has_tags(draft.lab)) between.inner_mtu = less(between.inner_mtu, 4);
  // What every host takes whole (RFC 1122, 3.3.2).
  constexpr std::uint32_t least = 576;
  if (between.inner_mtu < least)
    return draft.context.report.error(
        draft.lab.machines.front().at,
        fmt::format("an MTU of {} between the machines leaves {} for the lab's wires, which is less than {}",
                    between.mtu, between.inner_mtu, least),
        fmt::format("between: {{by: {}, mtu: {}}} or more", name_of(between.by),
                    least + between.mtu - between.inner_mtu));
  Wires wires(draft.lab);
  for (std::uint32_t i = 0; i < draft.lab.links.size(); ++i) {
    const lab::Link& link = draft.lab.links[i];
    if (link.type || !wires.spans(i)) continue;
    for (const lab::End& end : link.ends)
      if (end.to == lab::End::To::Node && !lab::is_layer_two(draft.lab.nodes[end.index].kind))
        fit(draft, link, end);
  }
}

}  // namespace hopyard::language
