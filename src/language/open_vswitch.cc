#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "language/given.hh"
#include "language/kinds.hh"

/// What only switches of Open vSwitch have, and what those cannot do.
namespace hopyard::language {
namespace {

constexpr std::string_view example =
    "tcp:192.0.2.1:6653, tcp:[fd00::1]:6653, tcp:NODE, ssl:NODE, unix:PATH; ptcp:6653, pssl:6653, punix:PATH";
// As ovs-vsctl(8) has them; by those with a p the switch listens.
constexpr std::array<std::string_view, 6> schemes{"tcp", "ssl", "unix", "ptcp", "pssl", "punix"};
// OpenFlow 1.3.3, and what ovs-vsctl(8) takes where none is given.
constexpr std::uint16_t usual_port = 6653;

std::optional<std::uint16_t> port_number(std::string_view digits) {
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size() || number == 0) return std::nullopt;
  return number;
}

/// Open vSwitch has sockets of controllers where its own are, and nowhere else (vswitchd/bridge.c).
constexpr std::string_view socket_folder = "/run/openvswitch/";

/// An address, one of IPv6 in brackets, or if not @p bare a name without colons.
std::optional<std::string_view> host_of(std::string_view text, bool bare) {
  const bool bracketed = text.size() > 2 && text.starts_with('[') && text.ends_with(']');
  if (bracketed) text = text.substr(1, text.size() - 2);
  const auto address = IpAddress::parse(text);
  if (bracketed != (address && address->family() == Family::V6) || (bare && !address) || text.empty() ||
      (!address && text.find_first_of(":[]") != std::string_view::npos))
    return std::nullopt;
  return text;
}

/// "6653:10.0.0.9", "6653", "": where the switch itself listens.
std::optional<ControllerDraft> parse_passive(ControllerDraft found, std::string_view rest) {
  const std::string_view port = rest.substr(0, rest.find(':'));
  const auto number = port.empty() ? std::optional(usual_port) : port_number(port);
  if (!number) return std::nullopt;
  found.port = *number;
  found.host.value = {};
  if (port.size() == rest.size()) return found;
  const auto host = host_of(rest.substr(port.size() + 1), true);
  if (!host) return std::nullopt;
  found.host.value = *host;
  return found;
}

std::optional<ControllerDraft> parse_controller(const Text& text) {
  const std::size_t colon = text.value.find(':');
  ControllerDraft found;
  found.scheme = text.value.substr(0, std::min(colon, text.value.size()));
  if (colon == std::string_view::npos || std::ranges::find(schemes, found.scheme) == schemes.end())
    return std::nullopt;
  std::string_view rest = text.value.substr(colon + 1);
  found.host = {rest, text.at};
  if (found.scheme.ends_with("unix"))
    return rest.empty() || bad_path(rest) ? std::nullopt : std::optional(found);
  if (found.scheme.starts_with('p')) return parse_passive(found, rest);
  found.port = usual_port;
  const std::size_t end = rest.starts_with('[') ? rest.find(']') : rest.rfind(':');
  const std::size_t size = rest.starts_with('[') && end != std::string_view::npos ? end + 1 : end;
  const auto host = host_of(rest.substr(0, size), false);
  if (!host) return std::nullopt;
  found.host.value = *host;
  if (size >= rest.size()) return found;
  const auto port = rest[size] == ':' ? port_number(rest.substr(size + 1)) : std::nullopt;
  if (!port) return std::nullopt;
  found.port = *port;
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
    if (one.scheme.ends_with("unix")) return take_socket(one);
    if (one.scheme.starts_with('p')) return listen(one);
    const auto address = address_of(one.host);
    if (address && reachable(*address, one.host) && kept(*address, one.host))
      add(one, fmt::format("{}:{}", in_brackets(*address), one.port));
  }

  void add(const ControllerDraft& one, std::string_view rest) {
    std::string target = fmt::format("{}:{}", one.scheme, rest);
    auto& all = node_.forwarding.controllers;
    if (std::ranges::find(all, target) != all.end())
      return report().error(one.host.at, fmt::format("'{}' has the controller {} twice", node_.name, target),
                            "each is named once");
    all.push_back(std::move(target));
  }

  void take_socket(const ControllerDraft& one) {
    std::string_view path = one.host.value;
    if (path.starts_with("/var/run/")) path.remove_prefix(4);
    const std::string bridge = lab::bridge_name(node_);
    const bool own = one.scheme == "punix";
    const std::string begin = fmt::format("{}{}", socket_folder, own ? bridge + '.' : "");
    const std::string_view name = path.substr(std::min(begin.size(), path.size()));
    // Both are there without being asked for (ofproto/connmgr.c).
    if (own && path.starts_with(begin) && (name == "mgmt" || name == "snoop"))
      return report().error(one.host.at, fmt::format("Open vSwitch has a socket {} of its own", path),
                            fmt::format("another name: punix:{}of", begin));
    const bool in_folder = name.find('/') != std::string_view::npos;
    if (path.starts_with(begin) && !name.empty() && (!own || !in_folder))
      return add(one, fmt::format("/var{}", path));
    report().error(one.host.at, fmt::format("Open vSwitch takes no socket {}", one.host.value),
                   own ? fmt::format("one that it makes is called {}NAME", begin)
                       : fmt::format("one that it connects to is in {}", begin));
  }

  static std::string in_brackets(const IpAddress& address) {
    return address.family() == Family::V6 ? fmt::format("[{}]", address.text()) : address.text();
  }

  /// At all of its addresses, or at one of them. Without a host Open vSwitch means all those of IPv4
  /// (lib/socket-util.c).
  void listen(const ControllerDraft& one) {
    const auto address = IpAddress::parse(one.host.value);
    if (!address || address->text() == "0.0.0.0") return add(one, fmt::format("{}", one.port));
    if (address->text() == "::") return add(one, fmt::format("{}:[::]", one.port));
    const auto& own = node_.forwarding.addresses;
    if (!is_loopback(*address) && std::ranges::find(own, *address, &InterfaceAddress::address) == own.end())
      return report().error(one.host.at,
                            fmt::format("'{}' does not have the address {}", node_.name, address->text()),
                            "a switch listens at an address of its own");
    add(one, fmt::format("{}:{}", one.port, in_brackets(*address)));
  }

  static bool is_loopback(const IpAddress& address) {
    static const Prefix own[] = {*Prefix::parse("127.0.0.0/8"), *Prefix::parse("::1/128")};
    return std::ranges::any_of(own, [&](const Prefix& one) { return one.contains(address); });
  }

  std::optional<IpAddress> address_of(const Text& host) {
    if (const auto address = IpAddress::parse(host.value)) {
      if (!link_local(*address)) return address;
      report().error(host.at,
                     fmt::format("a controller is not reached at the link-local {}", address->text()),
                     "an address that means the same on every link, as fd00::1");
      return std::nullopt;
    }
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
    if (best && !node_.forwarding.addresses.empty() && !rank(*best).first)
      report().warning(host.at,
                       fmt::format("'{}' has no address in a network of '{}'", host.value, node_.name),
                       "a switch reaches its controller through its own ports alone");
    if (!best) report().error(host.at, fmt::format("'{}' has no address", host.value));
    return best;
  }

  /// A controller in the switch's own node needs no way to it; to others it is by its own ports.
  bool reachable(const IpAddress& controller, const Text& host) {
    if (is_loopback(controller)) return true;
    const auto same_family = [&](const InterfaceAddress& one) {
      return one.address.family() == controller.family();
    };
    if (std::ranges::any_of(node_.forwarding.addresses, same_family)) return true;
    report().error(
        host.at,
        fmt::format("'{}' has no {} address of its own to reach the controller {} from", node_.name,
                    controller.family() == Family::V4 ? "IPv4" : "IPv6", controller.text()),
        fmt::format("addresses: {{{}: ADDRESS/LENGTH}}, in the controller's network",
                    lab::bridge_name(node_)));
    return false;
  }

  /// Whether the way to the controller stays: that by IPv6 are flows, and a switch that fails open has none
  /// of its flows left (ofproto/fail-open.c).
  bool kept(const IpAddress& controller, const Text& host) {
    if (controller.family() == Family::V4 || is_loopback(controller) || node_.forwarding.secure) return true;
    report().error(host.at,
                   fmt::format("with fail-mode standalone '{}' loses its way to the controller {} by IPv6",
                               node_.name, controller.text()),
                   "fail-mode: secure, or a controller with an IPv4 address");
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
