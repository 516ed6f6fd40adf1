#include <fmt/format.h>

#include <algorithm>

#include "language/kinds.hh"
#include "language/protocols.hh"

namespace hopyard::language {
namespace {

/// The enumerators of routing_words(), in its order.
enum class Word : std::uint8_t { Static, None, Bgp, Ospf, Rip, Isis };

void read_routing(Values& values, const Yaml& value, lab::Node& node) {
  lab::Dynamic& dynamic = node.dynamic;
  node.routing = lab::Routing::None;
  dynamic.bgp.runs = dynamic.ospf.runs = dynamic.rip.runs = dynamic.isis.runs = false;
  dynamic.at = value.at;
  const auto take = [&](const Yaml& one) {
    const auto chosen = values.choice(one, "'routing'", routing_words());
    if (!chosen) return;
    const auto word = static_cast<Word>(*chosen);
    if (word == Word::Static) node.routing = lab::Routing::Static;
    if (word == Word::Bgp) dynamic.bgp.runs = true;
    if (word == Word::Ospf) dynamic.ospf.runs = true;
    if (word == Word::Rip) dynamic.rip.runs = true;
    if (word == Word::Isis) dynamic.isis.runs = true;
    if (word == Word::None && value.children.size() > 1)
      values.context.report.error(one.at, "'none' stands alone", "routing: none");
  };
  if (!value.is_list()) return take(value);
  for (const Yaml* one : value.children) take(*one);
}

/// An AS number in the one spelling that there is: RFC 5396's asplain.
void read_as(Values& values, const Yaml& value, lab::Bgp& bgp) {
  // What was reported as wrong is not reported as missing, too.
  bgp.as = static_cast<std::uint32_t>(values.integer(value, "'as'", 1, UINT32_MAX).value_or(1));
}

void read_announce(Values& values, const Yaml& value, lab::Bgp& bgp) {
  bgp.announce.clear();
  const auto take = [&](const Yaml& one) {
    if (const auto prefix = values.prefix(one, "'announce'"))
      if (std::find(bgp.announce.begin(), bgp.announce.end(), *prefix) == bgp.announce.end())
        bgp.announce.push_back(*prefix);
  };
  if (value.is_null()) return;
  if (!value.is_list()) return take(value);
  for (const Yaml* one : value.children) take(*one);
}

void read_router_id(Values& values, const Yaml& value, lab::Bgp& bgp) {
  const auto text = values.text(value, "'router-id'");
  if (!text) return;
  const auto address = IpAddress::parse(text->value);
  if (address && address->family() == Family::V4 && *address != IpAddress::v4(0)) {
    bgp.router = *address;
    return;
  }
  values.wrong(value, "'router-id'", "an IPv4 address other than 0.0.0.0");
}

void read_bgp(Values& values, const Yaml& value, lab::Bgp& bgp) {
  if (!values.map(value, "'bgp'", "bgp: {announce: [0.0.0.0/0]}")) return;
  values.each_key(value, bgp_object, [&](const Object::Found& found, const Yaml& one) {
    switch (as<BgpKey>(found)) {
      case BgpKey::Announce:
        return read_announce(values, one, bgp);
      case BgpKey::RouterId:
        return read_router_id(values, one, bgp);
      case BgpKey::Reflector:
        bgp.reflector = read_truth(values, one, "'reflector'").value_or(false);
        return;
      case BgpKey::Unnumbered:
        bgp.unnumbered = read_truth(values, one, "'unnumbered'").value_or(false);
        return;
      case BgpKey::Mesh:
        bgp.mesh = read_truth(values, one, "'mesh'").value_or(false);
        return;
      case BgpKey::Bfd:
        bgp.bfd = read_truth(values, one, "'bfd'").value_or(false);
        return;
      case BgpKey::Timers:
        return read_bgp_timers(values, one, bgp);
    }
  });
}

/// A number, or the same written as an address: 0.0.0.1 is area 1 (RFC 2328, C.2).
std::optional<std::uint32_t> read_area(Values& values, const Yaml& value) {
  if (value.is_scalar() && value.text.find('.') != std::string_view::npos) {
    const auto text = values.text(value, "'area'");
    const auto address = text ? IpAddress::parse(text->value) : std::nullopt;
    if (!address || address->family() != Family::V4) {
      values.wrong(value, "'area'", "a number or an IPv4 address");
      return std::nullopt;
    }
    std::uint32_t area = 0;
    for (std::size_t i = 0; i < 4; ++i) area = area << 8U | address->data()[i];
    return area;
  }
  const auto read = values.integer(value, "'area'", 0, UINT32_MAX);
  return read ? std::optional(static_cast<std::uint32_t>(*read)) : std::nullopt;
}

void read_ospf_interfaces(Values& values, const Yaml& value, std::vector<OspfInterfaceDraft>& into) {
  const auto read = [&](const Text& name, const Yaml& layer) {
    auto place =
        std::find_if(into.begin(), into.end(), [&](const auto& one) { return one.name.value == name.value; });
    if (place == into.end()) place = into.insert(into.end(), OspfInterfaceDraft{name, {}});
    values.each_key(layer, ospf_interface_object, [&](const Object::Found& found, const Yaml& one) {
      if (as<OspfInterfaceKey>(found) == OspfInterfaceKey::Area)
        place->value.area = read_area(values, one);
      else
        place->value.cost = static_cast<std::uint32_t>(values.integer(one, "'cost'", 1, 65535).value_or(0));
    });
  };
  values.each_entry(value, "'interfaces' of 'ospf'", read, "interfaces: {eth0: {area: 1}}");
}

void read_ospf(Values& values, const Yaml& value, lab::Ospf& ospf, NodeDraft& draft) {
  if (!values.map(value, "'ospf'", "ospf: {area: 1}")) return;
  values.each_key(value, ospf_object, [&](const Object::Found& found, const Yaml& one) {
    switch (as<OspfKey>(found)) {
      case OspfKey::Area:
        ospf.area = read_area(values, one).value_or(ospf.area);
        return;
      case OspfKey::Passive:
        draft.ospf_passive = values.texts(one, "'passive'");
        return;
      case OspfKey::Bfd:
        ospf.bfd = read_truth(values, one, "'bfd'").value_or(false);
        return;
      case OspfKey::Timers:
        return read_ospf_timers(values, one, ospf);
      case OspfKey::Interfaces:
        return read_ospf_interfaces(values, one, draft.ospf_interfaces);
    }
  });
}

/// True if the node brings what its daemon reads of BGP, so that nothing need be known to write it.
bool brings_bgp(const lab::Node& node) {
  const bool bird = node.dynamic.daemon == lab::Daemon::Bird;
  return node.dynamic.config() || std::ranges::any_of(node.machine.files, [&](const net::File& one) {
           return bird ? one.path == "/etc/bird/bird.conf"
                       : one.path == "/etc/frr/frr.conf" || one.path == "/etc/frr/bgpd.conf";
         });
}

}  // namespace

void read_config(Values& values, const Yaml& value, std::optional<lab::DaemonConfig>& into) {
  if (!value.is_map()) {
    if (const auto text = values.text(value, "'config'", Braces::Free);
        text && values.context.charge_content(text->value.size(), text->at))
      into = lab::DaemonConfig{std::string(text->value), {}, text->at};
    return;
  }
  values.each_key(value, config_object, [&](const Object::Found&, const Yaml& one) {
    const auto path = values.text(one, "'file'");
    if (!path) return;
    std::string file = values.context.beside(path->at, path->value);
    const std::string* content = values.context.file(file, path->at);
    if (content != nullptr && values.context.charge_content(content->size(), path->at))
      into = lab::DaemonConfig{*content, std::move(file), path->at};
  });
}

std::optional<bool> read_truth(Values& values, const Yaml& value, std::string_view what) {
  if (value.is_scalar() && (value.text == "true" || value.text == "false")) return value.text == "true";
  values.wrong(value, what, "true or false");
  return std::nullopt;
}

void read_dynamic(Values& values, NodeKey key, const Yaml& value, lab::Node& node, NodeDraft& draft) {
  lab::Dynamic& dynamic = node.dynamic;
  const auto read_daemon = [&](const Object& object, std::string_view example,
                               std::optional<lab::DaemonConfig>& into) {
    if (!values.map(value, object.name, example)) return;
    values.each_key(value, object,
                    [&](const Object::Found&, const Yaml& one) { read_config(values, one, into); });
  };
  switch (key) {
    case NodeKey::Routing:
      return read_routing(values, value, node);
    case NodeKey::Daemon:
      if (const auto chosen = values.choice(value, "'daemon'", daemon_words()))
        dynamic.daemon = *chosen == 0 ? lab::Daemon::Frr : lab::Daemon::Bird;
      return;
    case NodeKey::As:
      return read_as(values, value, dynamic.bgp);
    case NodeKey::Realistic:
      dynamic.realistic = read_truth(values, value, "'realistic'").value_or(false);
      return;
    case NodeKey::Bgp:
      return read_bgp(values, value, dynamic.bgp);
    case NodeKey::Ospf:
      return read_ospf(values, value, dynamic.ospf, draft);
    case NodeKey::Rip:
      return read_rip(values, value, draft);
    case NodeKey::Isis:
      return read_isis(values, value, dynamic.isis, draft);
    case NodeKey::Frr:
      return read_daemon(frr_object, "frr: {config: {file: r1.conf}}", dynamic.frr);
    case NodeKey::Bird:
      return read_daemon(bird_object, "bird: {config: {file: r1.conf}}", dynamic.bird);
    default:
      return;
  }
}

void check_dynamic(Draft& draft, const lab::Node& node) {
  const lab::Dynamic& dynamic = node.dynamic;
  Report& report = draft.context.report;
  if (lab::is_layer_two(node.kind)) return;  // reported as a key that it cannot have
  if (dynamic.bgp.runs && dynamic.bgp.as == 0 && !brings_bgp(node))
    report.error(dynamic.at, fmt::format("'{}' speaks BGP and has no 'as'", node.name),
                 "the number of its autonomous system: as: 65001");
  if (dynamic.bgp.runs && dynamic.bgp.mesh && node.loopback.empty() && !brings_bgp(node))
    report.error(dynamic.at, fmt::format("'{}' is in a mesh and has no address on lo", node.name),
                 "its sessions are between such addresses: addresses: {lo: 192.0.2.1/32}");
  if (dynamic.isis.runs && dynamic.daemon == lab::Daemon::Bird)
    report.error(dynamic.at, fmt::format("'{}' runs BIRD, which does not speak IS-IS", node.name),
                 "daemon: frr, or routing: ospf");
  const bool frr = dynamic.daemon == lab::Daemon::Frr;
  if (const auto& other = frr ? dynamic.bird : dynamic.frr; dynamic.runs() && other && !dynamic.config())
    report.error(other->at,
                 fmt::format("'{}' runs {}, which does not read this", node.name, frr ? "FRR" : "BIRD"),
                 frr ? "daemon: bird" : "daemon: frr");
  if (!dynamic.runs() && dynamic.config())
    report.error(
        dynamic.config()->at,
        fmt::format("'{}' has the configuration of a daemon and no 'routing' that needs one", node.name),
        "routing: bgp, routing: ospf, or routing: [ospf, bgp]");
}

}  // namespace hopyard::language
