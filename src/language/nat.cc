#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "language/kinds.hh"
#include "language/target.hh"

namespace hopyard::language {
namespace {

constexpr std::string_view example = "forward: [{port: 8080, to: 'web:80'}]";

std::optional<std::uint16_t> port_number(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port < 1 || port > 65535)
    return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

void read_port(Values& values, const Yaml& value, lab::Forward& into) {
  if (!value.is_scalar() || value.text.find('/') == std::string_view::npos) {
    if (const auto port = values.integer(value, "'port'", 1, 65535))
      into.port = static_cast<std::uint16_t>(*port);
    return;
  }
  const auto text = values.text(value, "'port'");
  if (!text) return;
  const std::size_t slash = text->value.find('/');
  const std::string_view protocol = text->value.substr(0, slash);
  const auto port = port_number(text->value.substr(slash + 1));
  if (!port || (protocol != "tcp" && protocol != "udp"))
    return values.wrong(value, "'port'", "8080, tcp/8080 or udp/53");
  into.protocol = protocol == "tcp" ? lab::Forward::Protocol::Tcp : lab::Forward::Protocol::Udp;
  into.port = *port;
}

ForwardDraft read_forward(Values& values, const Yaml& value) {
  ForwardDraft draft;
  draft.at = value.at;
  const std::size_t before = values.context.report.errors();
  values.each_key(value, forward_object, [&](const Object::Found& found, const Yaml& one) {
    if (as<ForwardKey>(found) == ForwardKey::Port) return read_port(values, one, draft.forward);
    if (const auto text = values.text(one, "'to'")) draft.to = *text;
  });
  const bool whole = draft.forward.port != 0 && !draft.to.value.empty();
  if (!whole && values.context.report.errors() == before)
    values.context.report.error(value.at, "a forward has a 'port' and says where 'to'", std::string(example));
  return draft;
}

}  // namespace

std::vector<ForwardDraft> read_forwards(Values& values, const Yaml& value) {
  std::vector<ForwardDraft> all;
  if (!values.list(value, "'forward'", example)) return all;
  for (const Yaml* one : value.children) {
    if (!one->is_map()) {
      values.wrong(*one, "a forward", "a map", std::string(example));
      continue;
    }
    ForwardDraft draft = read_forward(values, *one);
    if (draft.forward.port == 0 || draft.to.value.empty()) continue;
    const bool twice = std::ranges::any_of(all, [&](const ForwardDraft& other) {
      return other.forward.protocol == draft.forward.protocol && other.forward.port == draft.forward.port;
    });
    if (twice)
      values.context.report.error(draft.at, fmt::format("port {} is forwarded twice", draft.forward.port));
    all.push_back(std::move(draft));
  }
  return all;
}

namespace {

/// "web:80", "web", "10.0.0.80:80", "[fd00::80]:80", "fd00::80": what stands before the port, and the port.
std::pair<Text, std::optional<std::string_view>> split(const Text& text) {
  const std::string_view whole = text.value;
  if (IpAddress::parse(whole)) return {text, std::nullopt};
  if (whole.starts_with('[')) {
    const std::size_t end = whole.find(']');
    if (end == std::string_view::npos) return {text, std::nullopt};
    const Text host = part(text, 1, end - 1);
    const std::string_view rest = whole.substr(end + 1);
    if (rest.empty()) return {host, std::nullopt};
    return {host, rest.starts_with(':') ? rest.substr(1) : rest};
  }
  const std::size_t colon = whole.rfind(':');
  if (colon == std::string_view::npos) return {text, std::nullopt};
  return {part(text, 0, colon), whole.substr(colon + 1)};
}

}  // namespace

void read_nat(Values& values, const Yaml& value, NodeDraft& into) {
  into.nat_out.clear();
  into.forwards.clear();
  if (!values.map(value, "'nat'", "nat: {out: eth0}")) return;
  values.each_key(value, nat_object, [&](const Object::Found& found, const Yaml& one) {
    if (as<NatKey>(found) == NatKey::Out)
      into.nat_out = values.texts(one, "'out'");
    else
      into.forwards = read_forwards(values, one);
  });
  if (!into.forwards.empty() && value.find("out") == nullptr)
    values.context.report.error(value.at, "'forward' is about what comes in by an interface of 'out'",
                                "nat: {out: wan, forward: [{port: 8080, to: 'web:80'}]}");
}

std::vector<lab::Forward> resolve_forwards(Draft& draft, std::uint32_t node,
                                           std::vector<ForwardDraft>& forwards) {
  std::vector<lab::Forward> resolved;
  for (ForwardDraft& one : forwards) {
    const auto [host, port] = split(one.to);
    one.forward.to_port = one.forward.port;
    if (port) {
      const auto number = port_number(*port);
      if (!number) {
        draft.context.report.error(
            one.to.at, fmt::format("'to' must be a node or an address with a port, not '{}'", one.to.value),
            "web:80, 10.0.0.80:80, or '[fd00::80]:80'");
        continue;
      }
      one.forward.to_port = *number;
    }
    one.forward.to = addresses_of(draft, node, host);
    if (!one.forward.to.empty()) resolved.push_back(std::move(one.forward));
  }
  return resolved;
}

}  // namespace hopyard::language
