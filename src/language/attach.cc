#include <fmt/format.h>

#include <unordered_map>

#include "base/device_name.hh"
#include "language/lookup.hh"

namespace hopyard::language {
namespace {

/// An interface name that the file gives, with its node.
struct GivenName {
  std::uint32_t node;
  std::string_view name;
  friend bool operator==(const GivenName&, const GivenName&) = default;
};
struct HashOfName {
  std::size_t operator()(const GivenName& given) const {
    return std::hash<std::string_view>()(given.name) * 31 + given.node;
  }
};

/// Gives every link's ends their interfaces: names that are given first, then eth0, eth1, … in the order of
/// the links.
class Attachment {
 public:
  explicit Attachment(Draft& draft) : draft_(draft), next_(draft.lab.nodes.size(), 0) {}

  void run() {
    for (std::uint32_t link = 0; link < draft_.links.size(); ++link)
      for (std::uint8_t end = 0; end < 2; ++end) collect(link, end);
    for (std::uint32_t link = 0; link < draft_.links.size(); ++link)
      for (std::uint8_t end = 0; end < 2; ++end) make(link, end);
  }

 private:
  void collect(std::uint32_t link, std::uint8_t end) {
    const lab::End& to = draft_.lab.links[link].ends[end];
    Text& name = draft_.links[link].interfaces[end];
    if (to.to != lab::End::To::Node || name.value.empty()) return;
    const auto [known, fresh] = given_.try_emplace({to.index, name.value}, name.at);
    if (fresh) return;
    draft_.context.report.error(
        name.at, fmt::format("interface '{}:{}' is used twice", draft_.lab.nodes[to.index].name, name.value),
        fmt::format("the first is at {}", draft_.context.sources.where(known->second)));
    name = {};
  }

  void make(std::uint32_t link, std::uint8_t end) {
    lab::End& to = draft_.lab.links[link].ends[end];
    if (to.to != lab::End::To::Node) return;
    lab::Node& node = draft_.lab.nodes[to.index];
    to.interface = static_cast<std::uint32_t>(node.interfaces.size());
    lab::Interface& fresh = node.interfaces.emplace_back();
    const Text& name = draft_.links[link].interfaces[end];
    if (!name.value.empty())
      fresh.name = name.value;
    else
      fresh.name = node.kind == lab::Kind::External ? name_on_host(node) : next_name(to.index);
    fresh.link = link;
    fresh.end = end;
    fresh.at = name.value.empty() ? draft_.lab.links[link].at : name.at;
  }

  /// Among the host's own interfaces, and those of other labs.
  [[nodiscard]] std::string name_on_host(const lab::Node& node) const {
    return device_name({draft_.lab.name, node.name, fmt::format("{}", node.interfaces.size())});
  }

  std::string next_name(std::uint32_t node) {
    for (;;) {
      std::string name = fmt::format("eth{}", next_[node]++);
      if (given_.empty() || !given_.contains({node, name})) return name;
    }
  }

  Draft& draft_;
  std::vector<std::uint32_t> next_;
  std::unordered_map<GivenName, Span, HashOfName> given_;
};

void describe_interfaces(Draft& draft) {
  InterfaceLookup lookup(draft);
  for (std::uint32_t node = 0; node < draft.nodes.size(); ++node) {
    for (InterfaceDraft& said : draft.nodes[node].interfaces) {
      // One of the node's own that could not be made: why was said.
      if (said.type.type_at.known() && !lookup.by_name(node, said.name.value)) continue;
      const auto index = lookup.find(node, said.name);
      if (!index) continue;
      lab::Interface& interface = draft.lab.nodes[node].interfaces[*index];
      said.name.value = interface.name;  // the network's name may have been written
      if (said.mac) interface.mac = *said.mac;
      interface.mtu = said.mtu;
      interface.labels = std::move(said.labels);
      interface.vlans = said.vlans;
      if (interface.link == lab::none) {
        check_impairment(draft.context, said.impairment);
        interface.egress = said.impairment.value;
        continue;
      }
      LinkDraft& link = draft.links[interface.link];
      (interface.end == 0 ? link.out : link.back).take(said.impairment);
    }
  }
}

/// MTUs and impairments, from networks to links to interfaces.
void settle_links(Draft& draft) {
  for (std::uint32_t i = 0; i < draft.links.size(); ++i) {
    lab::Link& link = draft.lab.links[i];
    for (const lab::End& end : link.ends)
      if (end.to == lab::End::To::Network && link.mtu == 0) link.mtu = draft.lab.networks[end.index].mtu;
    for (const lab::End& end : link.ends)
      if (end.to == lab::End::To::Node)
        if (lab::Interface& one = draft.lab.nodes[end.index].interfaces[end.interface]; one.mtu == 0)
          one.mtu = link.mtu;
    check_impairment(draft.context, draft.links[i].out);
    check_impairment(draft.context, draft.links[i].back);
    link.out = draft.links[i].out.value;
    link.back = draft.links[i].back.value;
  }
}

}  // namespace

void attach(Draft& draft) {
  Attachment(draft).run();
  add_own_interfaces(draft);
  describe_interfaces(draft);
  settle_links(draft);
}

}  // namespace hopyard::language
