#include "language/checks.hh"

#include <fmt/format.h>

#include <algorithm>

#include "lab/expression.hh"
#include "language/given.hh"
#include "language/names.hh"

namespace hopyard::language {
namespace {

constexpr std::string_view arrow = " -> ";
constexpr std::string_view example = "checks: [{reach: a -> b}]";

class Checks {
 public:
  explicit Checks(Draft& draft) : draft_(draft), values_(draft.context, {}) {}

  std::vector<lab::Check> read(const Yaml& list) {
    std::vector<lab::Check> checks;
    if (!values_.list(list, "'checks'", example)) return checks;
    for (const Yaml* one : list.children) checks.push_back(check(*one));
    return checks;
  }

 private:
  void wrong(Span at, std::string message, std::string help = {}) {
    draft_.context.report.error(at, std::move(message), std::move(help));
  }

  lab::Check check(const Yaml& value) {
    lab::Check check;
    check.at = value.at;
    std::size_t asked = 0;
    std::optional<Span> within;
    const std::size_t before = draft_.context.report.errors();
    values_.each_key(value, check_object, [&](const Object::Found& found, const Yaml& one) {
      switch (as<CheckKey>(found)) {
        case CheckKey::Reach:
          return ++asked, reach(one, check);
        case CheckKey::Route:
          return ++asked, route(one, check);
        case CheckKey::Command:
          return ++asked, command(one, check);
        case CheckKey::Not:
          return truth(one, check);
        case CheckKey::Within:
          within = one.at;
          check.within = values_.duration(one, "'within'").value_or(check.within);
      }
    });
    if (value.is_map() && asked != 1)
      wrong(value.at, asked == 0 ? "a check of nothing" : "a check of more than one thing",
            "a check has one of: reach, route, command");
    else if (check.node == lab::none && draft_.context.report.errors() == before)  // "- route:" and no more
      wrong(value.at, "a check of nothing", "a check has one of: reach, route, command");
    if (check.negated) check.words = "not: " + check.words;
    if (within && denies_at_once(check))
      wrong(*within, "silence of no length denies nothing: 'within' is the time that an answer has",
            "within: 1s, or longer than an answer takes to come back");
    return check;
  }

  /// Whether it would hold whatever is reached, because nothing has the time to answer.
  static bool denies_at_once(const lab::Check& check) {
    return check.kind == lab::Check::Kind::Reach && check.node != lab::none && check.negated &&
           check.within.count() == 0;
  }

  void truth(const Yaml& value, lab::Check& check) {
    if (value.is_scalar() && (value.text == "true" || value.text == "false"))
      check.negated = value.text == "true";
    else
      values_.wrong(value, "'not'", "true or false");
  }

  /// "a -> b", or {from: a, to: b}.
  void reach(const Yaml& value, lab::Check& check) {
    std::optional<Text> from;
    std::optional<Text> to;
    if (value.is_map()) {
      values_.each_key(value, reach_object, [&](const Object::Found& found, const Yaml& one) {
        if (as<ReachKey>(found) == ReachKey::From)
          from = values_.text(one, "'from'");
        else
          to = values_.text(one, "'to'");
      });
      if (!from || !to) return wrong(value.at, "'reach' needs 'from' and 'to'", "reach: a -> b");
    } else {
      const auto text = values_.text(value, "'reach'");
      if (!text) return;
      const std::size_t at = text->value.find(arrow);
      if (at == std::string_view::npos)
        return wrong(text->at, fmt::format("'{}' does not say who reaches whom", text->value),
                     "reach: a -> b");
      from = trimmed(part(*text, 0, at));
      to = trimmed(part(*text, at + arrow.size(), text->value.size() - at - arrow.size()));
    }
    check.kind = lab::Check::Kind::Reach;
    check.words = fmt::format("{} -> {}", from->value, to->value);
    check.node = node(*from);
    if (check.node != lab::none && draft_.lab.nodes[check.node].kind == lab::Kind::Vm)
      wrong(from->at,
            fmt::format("'{}' is a vm: what its guest reaches cannot be asked from outside", from->value),
            "reach it from another node, or ask in its guest");
    target(*to, check);
  }

  /// An address, or a node: then one address of each family that it has.
  void target(const Text& to, lab::Check& check) {
    if (const auto address = IpAddress::parse(to.value)) return check.addresses.push_back(*address);
    const std::uint32_t index = node(to);
    if (index == lab::none) return;
    for (const IpAddress& one : addresses(index)) {
      const auto same = [&](const IpAddress& other) { return other.family() == one.family(); };
      if (std::ranges::none_of(check.addresses, same)) check.addresses.push_back(one);
    }
    if (!check.addresses.empty()) return;
    const bool asks = std::ranges::any_of(draft_.lab.nodes[index].interfaces, &lab::Interface::dhcp);
    wrong(to.at, fmt::format("'{}' has no address to reach", to.value),
          asks ? fmt::format("its addresses come by DHCP; a server can always give it the same: dhcp: "
                             "{{hosts: {{{}: .12}}}}",
                             to.value)
               : std::string());
  }

  /// Those of lo first: they are the node's own and not of one of its links.
  std::vector<IpAddress> addresses(std::uint32_t index) {
    std::vector<IpAddress> found;
    const lab::Node& node = draft_.lab.nodes[index];
    const auto take = [&](const std::vector<InterfaceAddress>& list) {
      for (const InterfaceAddress& one : list)
        if (!link_local(one.address)) found.push_back(one.address);
    };
    take(node.loopback);
    for (const lab::Interface& one : node.interfaces) take(one.addresses);
    for (const lab::Interface& one : node.interfaces)
      if (one.dhcp) take_reserved(one.mac, found);
    return found;
  }

  /// What the lab's own DHCP servers always give to @p mac.
  void take_reserved(const Mac& mac, std::vector<IpAddress>& found) {
    for (const lab::Node& server : draft_.lab.nodes)
      for (const lab::DhcpHost& host : server.dhcp.hosts)
        if (host.mac == mac) found.insert(found.end(), host.addresses.begin(), host.addresses.end());
  }

  std::uint32_t node(const Text& name) {
    if (const auto found = draft_.node_index.find(name.value); found != draft_.node_index.end()) {
      if (!lab::is_layer_two(draft_.lab.nodes[found->second].kind)) return found->second;
      wrong(name.at, fmt::format("'{}' is a {}: it has no addresses", name.value,
                                 lab::kind_name(draft_.lab.nodes[found->second].kind)));
      return lab::none;
    }
    std::vector<std::string_view> names;
    names.reserve(draft_.lab.nodes.size());
    for (const lab::Node& one : draft_.lab.nodes) names.push_back(one.name);
    wrong(name.at, fmt::format("there is no node '{}'", name.value), suggest(name.value, names));
    return lab::none;
  }

  void route(const Yaml& value, lab::Check& check) {
    std::optional<Text> at_node;
    std::optional<Text> to;
    std::optional<Text> via;
    values_.each_key(value, route_check_object, [&](const Object::Found& found, const Yaml& one) {
      switch (as<RouteCheckKey>(found)) {
        case RouteCheckKey::Node:
          at_node = values_.text(one, "'node'");
          break;
        case RouteCheckKey::To:
          to = values_.text(one, "'to'");
          break;
        case RouteCheckKey::Via:
          via = values_.text(one, "'via'");
          break;
      }
    });
    if (!value.is_map()) return;
    if (!at_node || !to)
      return wrong(value.at, "'route' needs 'node' and 'to'", "route: {node: r1, to: 10.1.0.0/16, via: r2}");
    check.kind = lab::Check::Kind::Route;
    check.words = fmt::format("{} has {}{}{}", at_node->value, to->value, via ? " via " : "",
                              via ? via->value : std::string_view());
    check.node = node(*at_node);
    destination(*to, check);
    if (via) gateway(*via, check);
  }

  void destination(const Text& to, lab::Check& check) {
    if (to.value == "default") {
      check.either = true;
    } else if (const auto prefix = Prefix::parse(to.value)) {
      check.to = *prefix;
    } else {
      wrong(to.at, fmt::format("'to' must be a prefix or default, not '{}'", to.value),
            "a prefix such as 10.1.0.0/16");
    }
  }

  void gateway(const Text& via, lab::Check& check) {
    if (const auto address = IpAddress::parse(via.value)) return check.addresses.push_back(*address);
    check.via = node(via);
  }

  void command(const Yaml& value, lab::Check& check) {
    std::optional<Text> at_node;
    values_.each_key(value, command_check_object, [&](const Object::Found& found, const Yaml& one) {
      switch (as<CommandCheckKey>(found)) {
        case CommandCheckKey::Node:
          at_node = values_.text(one, "'node'");
          break;
        case CommandCheckKey::Run:
          if (const auto text = values_.text(one, "'run'", Braces::Free)) check.run = text->value;
          break;
        case CommandCheckKey::Matches:
          expression(one, check);
          break;
        case CommandCheckKey::Json:
          pointer(one, check);
          break;
        case CommandCheckKey::Equals:
          if (const auto text = values_.text(one, "'equals'", Braces::Free)) check.equals = text->value;
          break;
      }
    });
    if (!value.is_map()) return;
    if (!at_node || check.run.empty())
      return wrong(value.at, "'command' needs 'node' and 'run'", "command: {node: a, run: ip route}");
    if (check.json.has_value() != check.equals.has_value())
      return wrong(value.at, "'json' and 'equals' go together", "{json: /0/ifname, equals: lo}");
    check.kind = lab::Check::Kind::Command;
    check.words = fmt::format("{} runs {}", at_node->value, check.run);
    check.node = node(*at_node);
  }

  void expression(const Yaml& value, lab::Check& check) {
    const auto text = values_.text(value, "'matches'", Braces::Free);
    if (!text) return;
    if (text->value.size() > lab::longest_expression)
      return wrong(text->at,
                   fmt::format("a regular expression has at most {} bytes", lab::longest_expression));
    try {
      const std::regex tried(text->value.begin(), text->value.end(), lab::expression_flags);
      check.matches = text->value;
    } catch (const std::regex_error&) {
      wrong(text->at, fmt::format("'{}' is no regular expression", text->value),
            "signs such as ( [ * + ? . $ mean themselves after a \\");
    }
  }

  void pointer(const Yaml& value, lab::Check& check) {
    const auto text = values_.text(value, "'json'", Braces::Free);
    if (!text) return;
    check.json = text->value;
    if (!text->value.empty() && text->value.front() != '/')
      wrong(text->at, fmt::format("'{}' is no JSON Pointer", text->value),
            fmt::format("write /{}", text->value));
  }

  Draft& draft_;
  Values values_;
};

}  // namespace

std::vector<lab::Check> read_checks(Draft& draft, const Yaml* checks) {
  return checks == nullptr ? std::vector<lab::Check>() : Checks(draft).read(*checks);
}

}  // namespace hopyard::language
