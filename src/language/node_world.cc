#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "language/kinds.hh"

namespace hopyard::language {
namespace {

/// What a container may be given: what happens inside of it is its own.
constexpr std::array of_containers{NodeKey::Kind,      NodeKey::Container, NodeKey::Interfaces,
                                   NodeKey::Addresses, NodeKey::Routes,    NodeKey::Rules,
                                   NodeKey::Sysctl,    NodeKey::Routing,   NodeKey::Nat,
                                   NodeKey::Uplink,    NodeKey::Labels,    NodeKey::Machine};
constexpr std::array of_externals{NodeKey::Kind,   NodeKey::Interface, NodeKey::By,     NodeKey::Gateway,
                                  NodeKey::Within, NodeKey::Confirm,   NodeKey::Labels, NodeKey::Machine};

bool has(std::span<const NodeKey> keys, NodeKey key) {
  return std::ranges::find(keys, key) != keys.end();
}

}  // namespace

bool fits(lab::Kind kind, NodeKey key) {
  switch (kind) {
    case lab::Kind::Container:
      return has(of_containers, key);
    case lab::Kind::External:
      return has(of_externals, key);
    default:
      if (key == NodeKey::Uplink) return kind == lab::Kind::Host || kind == lab::Kind::Router;
      return key != NodeKey::Container && (key == NodeKey::Kind || key == NodeKey::Labels ||
                                           key == NodeKey::Machine || !has(of_externals, key));
  }
}

void report_misfit(Context& context, const lab::Node& node, std::string_view key, Span at) {
  std::string help;
  if (node.kind == lab::Kind::Container)
    help = "what runs in it is its own; a lab gives it links, addresses, routes, rules, nat and sysctls";
  else if (node.kind == lab::Kind::External)
    help = "it is an interface of the host: it has 'interface' and 'by', and nodes are linked with it";
  else if (key == "uplink")
    help = "a host or a router has an uplink";
  else
    help = fmt::format("'{}' is for kind: {}", key, key == "container" ? "container" : "external");
  context.report.error(at, fmt::format("{} '{}' cannot have '{}'", lab::kind_name(node.kind), node.name, key),
                       std::move(help));
}

void read_world(Values& values, NodeKey key, const Yaml& value, lab::Node& node, NodeDraft& draft) {
  lab::External& external = node.external;
  switch (key) {
    case NodeKey::Container:
      if (const auto text = values.text(value, "'container'")) node.container = text->value;
      return;
    case NodeKey::Interface:
      if (const auto text = values.text(value, "'interface'")) {
        external.interface = text->value;
        if (const auto reason = bad_interface_name(text->value))
          values.context.report.error(
              text->at, fmt::format("'{}' cannot be the name of an interface", text->value), *reason);
      }
      return;
    case NodeKey::By:
      if (const auto chosen = values.choice(value, "'by'", external_words()))
        external.by = static_cast<lab::External::By>(*chosen);
      return;
    case NodeKey::Gateway:
      if (const auto text = values.text(value, "'gateway'")) {
        external.takeover.gateway = IpAddress::parse(text->value);
        if (!external.takeover.gateway) values.wrong(value, "'gateway'", "an address such as 192.168.1.1");
      }
      return;
    case NodeKey::Within:
      if (const auto time = values.duration(value, "'within'"))
        external.takeover.within = std::chrono::ceil<std::chrono::milliseconds>(*time);
      return;
    case NodeKey::Confirm:
      if (const auto time = values.duration(value, "'confirm'"))
        external.takeover.confirm = std::chrono::ceil<std::chrono::milliseconds>(*time);
      return;
    case NodeKey::Uplink:
      return read_uplink(values, value, draft);
    default:
      return;
  }
}

namespace {

using By = lab::External::By;

std::string_view word(By by) {
  return external_words()[static_cast<std::size_t>(by)].word;
}

/// A link that ends at the external node: what the other end and the wire may be.
void check_link(Draft& draft, const lab::Node& node, const lab::Link& link, int end) {
  Report& report = draft.context.report;
  const By by = node.external.by;
  const lab::End& other = link.ends[1 - end];
  const lab::Node* neighbour = other.to == lab::End::To::Node ? &draft.lab.nodes[other.index] : nullptr;
  const std::string name = lab::link_name(draft.lab, link);
  const bool stands_in = by == By::Macvlan || by == By::Move;  // the node's interface is the host's, or on it
  if (stands_in && neighbour != nullptr && neighbour->kind == lab::Kind::Vm)
    report.error(link.at,
                 fmt::format("'{}' ends at a vm, {}", name,
                             by == By::Move ? "whose interfaces are taps"
                                            : "and a macvlan hears what is for its own MAC alone"),
                 "by: bridge");
  if (stands_in && neighbour != nullptr && neighbour->kind == lab::Kind::External)
    report.error(link.at, fmt::format("'{}' joins two interfaces of the host", name),
                 "by: bridge for one of them");
  const bool joined = neighbour == nullptr || lab::is_layer_two(neighbour->kind);
  if ((by == By::Macvlan || by == By::Nat) && joined)
    report.error(link.at,
                 fmt::format("'{}' ends at a switch or a network, and external '{}' is by {}", name,
                             node.name, word(by)),
                 "by: bridge joins a switch or a network of the lab with the host's; else a host or a "
                 "router is linked with it");
  const net::Impairment& inward = end == 0 ? link.out : link.back;
  if (stands_in && !inward.none())
    report.error(link.at, fmt::format("what comes in from '{}' cannot be impaired by the lab", node.name),
                 "give 'out' or 'back' for the other direction alone, or take by: bridge");
}

void check_external(Draft& draft, const lab::Node& node) {
  Report& report = draft.context.report;
  const lab::External& external = node.external;
  if (external.interface.empty() && external.by != By::Nat)
    report.error(node.at,
                 fmt::format("external '{}' does not say which interface of the host it is", node.name),
                 "interface: eth1");
  if (external.takeover.gateway && external.by != By::Bridge)
    report.error(node.at,
                 fmt::format("external '{}' moves no addresses: 'gateway' is for by: bridge", node.name));
  if (external.takeover.confirm.count() != 0 && external.by != By::Bridge && external.by != By::Move)
    report.error(node.at,
                 fmt::format("external '{}' takes nothing from the host: 'confirm' is for by: bridge and "
                             "by: move",
                             node.name));
  for (const lab::Node& other : draft.lab.nodes)
    if (&other != &node && external.by == By::Move && other.kind == lab::Kind::External &&
        other.external.interface == external.interface && other.on_machine == node.on_machine)
      report.error(node.at,
                   fmt::format("interface {} moves to '{}', and '{}' is about it as well", external.interface,
                               node.name, other.name),
                   "an interface can be in one place; by: bridge lets several share it");
  std::size_t count = 0;
  for (const lab::Link& link : draft.lab.links)
    for (int end = 0; end < 2; ++end) {
      if (link.ends[end].to != lab::End::To::Node || &draft.lab.nodes[link.ends[end].index] != &node)
        continue;
      check_link(draft, node, link, end);
      if (++count == 2 && external.by == By::Move)
        report.error(link.at, fmt::format("external '{}' is by move, and has a link already", node.name),
                     "an interface can be in one place; by: bridge lets several share it");
    }
}

}  // namespace

void check_world(Draft& draft, std::uint32_t index) {
  lab::Node& node = draft.lab.nodes[index];
  if (node.kind == lab::Kind::External) return check_external(draft, node);
  if (node.container.empty()) node.container = node.name;
  if (node.dynamic.runs())
    draft.context.report.error(node.at,
                               fmt::format("container '{}' runs no routing daemon of the lab's", node.name),
                               "routing: static, and a daemon of its own beside that");
}

}  // namespace hopyard::language
