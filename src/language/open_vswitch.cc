#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "language/given.hh"
#include "language/kinds.hh"

/// What only switches of Open vSwitch have, and what those cannot do.
namespace hopyard::language {
namespace {

constexpr std::string_view example = "tcp:192.0.2.1:6653, tcp:NODE:6653, ssl:NODE:6653, unix:PATH";
constexpr std::array schemes{std::string_view("tcp"), std::string_view("ssl"), std::string_view("unix")};
// OpenFlow 1.3.3, and what ovs-vsctl(8) takes where none is given.
constexpr std::uint16_t usual_port = 6653;

std::optional<std::uint16_t> port_number(std::string_view digits) {
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size() || number == 0) return std::nullopt;
  return number;
}

std::optional<ControllerDraft> parse_controller(const Text& text) {
  const std::size_t colon = text.value.find(':');
  ControllerDraft found;
  found.scheme = text.value.substr(0, std::min(colon, text.value.size()));
  if (colon == std::string_view::npos || std::ranges::find(schemes, found.scheme) == schemes.end())
    return std::nullopt;
  std::string_view rest = text.value.substr(colon + 1);
  found.host = {rest, text.at};
  if (found.scheme == "unix") return rest.empty() || bad_path(rest) ? std::nullopt : std::optional(found);
  found.port = usual_port;
  const bool bracketed = rest.starts_with('[');
  if (bracketed) {
    const std::size_t end = rest.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    found.host.value = rest.substr(1, end - 1);
    rest.remove_prefix(end + 1);
  } else {
    found.host.value = rest.substr(0, rest.rfind(':'));
    rest.remove_prefix(found.host.value.size());
  }
  if (!rest.empty()) {
    const auto port = rest.starts_with(':') ? port_number(rest.substr(1)) : std::nullopt;
    if (!port) return std::nullopt;
    found.port = *port;
  }
  const auto address = IpAddress::parse(found.host.value);
  if (bracketed != (address && address->family() == Family::V6) || found.host.value.empty())
    return std::nullopt;
  return found;
}

/// One switch.
class OpenVswitch {
 public:
  OpenVswitch(Draft& draft, std::uint32_t index)
      : draft_(draft), node_(draft.lab.nodes[index]), said_(draft.nodes[index]) {}

  void run() {
    check_ageing();
    for (const ControllerDraft& one : said_.controllers) resolve(one);
  }

 private:
  Report& report() { return draft_.context.report; }

  /// The bounds are those of Open vSwitch (lib/mac-learning.h).
  void check_ageing() {
    const auto& ageing = node_.forwarding.ageing;
    const std::chrono::milliseconds second{1000};
    if (ageing && (*ageing < 15 * second || *ageing > 3600 * second || *ageing % second != 0 * second))
      report().error(said_.ageing_at, "with engine ovs 'ageing' is whole seconds, from 15s to 1h",
                     "another time, or engine: linux");
  }

  void resolve(const ControllerDraft& one) {
    if (one.scheme == "unix") {
      node_.forwarding.controllers.push_back(fmt::format("unix:{}", one.host.value));
      return;
    }
    const auto address = address_of(one.host);
    if (!address || !reachable(*address, one.host)) return;
    const bool v6 = address->family() == Family::V6;
    node_.forwarding.controllers.push_back(
        fmt::format("{}:{}{}{}:{}", one.scheme, v6 ? "[" : "", address->text(), v6 ? "]" : "", one.port));
  }

  std::optional<IpAddress> address_of(const Text& host) {
    if (const auto address = IpAddress::parse(host.value)) return address;
    const auto found = draft_.node_index.find(host.value);
    if (found == draft_.node_index.end()) {
      std::vector<std::string_view> names;
      names.reserve(draft_.lab.nodes.size());
      for (const lab::Node& one : draft_.lab.nodes) names.push_back(one.name);
      report().error(host.at, fmt::format("'{}' is neither an address nor a node", host.value),
                     suggest(host.value, names));
      return std::nullopt;
    }
    // One in a network of the switch's own before others, and IPv4 before IPv6.
    std::optional<IpAddress> best;
    const auto rank = [&](const IpAddress& address) {
      const bool near = std::ranges::any_of(node_.forwarding.addresses, [&](const InterfaceAddress& own) {
        return own.prefix().contains(address);
      });
      return std::pair(near, address.family() == Family::V4);
    };
    for (const lab::Interface& interface : draft_.lab.nodes[found->second].interfaces)
      for (const InterfaceAddress& one : interface.addresses)
        if (!link_local(one.address) && (!best || rank(one.address) > rank(*best))) best = one.address;
    if (best && best->family() == Family::V4 && !node_.forwarding.addresses.empty() && !rank(*best).first)
      report().warning(host.at,
                       fmt::format("'{}' has no address in a network of '{}'", host.value, node_.name),
                       "a switch reaches its controller through its own ports alone");
    if (!best) report().error(host.at, fmt::format("'{}' has no address", host.value));
    return best;
  }

  /// A controller in the switch's own node needs no way to it. To others the switch makes a way by itself,
  /// before anybody tells it how to forward, and that is for IPv4 alone (ofproto/in-band.c).
  bool reachable(const IpAddress& controller, const Text& host) {
    const bool v4 = controller.family() == Family::V4;
    const auto loopback = Prefix::parse("127.0.0.0/8");
    if (loopback && loopback->contains(controller)) return true;
    const auto& own = node_.forwarding.addresses;
    if (!v4)
      report().error(host.at, fmt::format("Open vSwitch cannot reach the controller {}", controller.text()),
                     "through its own ports it finds a controller by IPv4 alone");
    else if (std::ranges::none_of(own, [](const auto& one) { return one.address.family() == Family::V4; }))
      report().error(host.at,
                     fmt::format("'{}' has no IPv4 address of its own to reach the controller {} from",
                                 node_.name, controller.text()),
                     fmt::format("addresses: {{{}: ADDRESS/LENGTH}}, in the controller's network",
                                 lab::bridge_name(node_)));
    else
      return true;
    return false;
  }

  Draft& draft_;
  lab::Node& node_;
  const NodeDraft& said_;
};

void give(Draft& draft, lab::Node& node, const AddressDraft& given) {
  const std::string bridge = lab::bridge_name(node);
  if (given.key.value != bridge)
    return draft.context.report.error(
        given.key.at, fmt::format("'{}:{}' has no addresses", node.name, given.key.value),
        fmt::format("those of a switch are on its bridge: addresses: {{{}: 10.0.0.1/24}}", bridge));
  for (const Text& text : given.values) {
    const auto one = text.value == "auto" ? std::nullopt : parse_given(draft.context, text);
    if (one && one->form == Given::Form::Full)
      node.forwarding.addresses.push_back(one->address);
    else if (one || text.value == "auto")
      draft.context.report.error(text.at, "the address of a switch is written whole, with its length",
                                 "10.0.0.1/24");
  }
}

}  // namespace

void read_controllers(Values& values, const Yaml& value, std::vector<ControllerDraft>& into) {
  into.clear();
  for (const Text& text : values.texts(value, "'controller'")) {
    if (const auto one = parse_controller(text))
      into.push_back(*one);
    else
      values.context.report.error(text.at, fmt::format("'{}' is not where a controller is", text.value),
                                  std::string(example));
  }
}

void give_switches_addresses(Draft& draft) {
  for (std::uint32_t index = 0; index < draft.lab.nodes.size(); ++index)
    if (lab::is_ovs(draft.lab.nodes[index]))
      for (const AddressDraft& one : draft.nodes[index].addresses) give(draft, draft.lab.nodes[index], one);
}

void resolve_ovs(Draft& draft, std::uint32_t node) {
  if (lab::is_ovs(draft.lab.nodes[node])) return OpenVswitch(draft, node).run();
  if (draft.nodes[node].ovs_only.known())
    draft.context.report.error(
        draft.nodes[node].ovs_only,
        fmt::format("'{}' is a bridge of Linux: this is for Open vSwitch", draft.lab.nodes[node].name),
        "engine: ovs");
}

}  // namespace hopyard::language
