#include <fmt/format.h>

#include <charconv>

#include "language/kinds.hh"

namespace hopyard::language {
namespace {

constexpr std::int64_t largest = UINT32_MAX;

/// The numbers that ip-route(8) has names for (/etc/iproute2/rt_tables).
std::uint32_t read_table(Values& values, const Yaml& value) {
  if (value.is_scalar()) {
    if (value.text == "main") return 254;
    if (value.text == "local") return 255;
    if (value.text == "default") return 253;
  }
  const bool number =
      value.is_scalar() && value.text.find_first_of("0123456789ijkl") != std::string_view::npos;
  if (number) return static_cast<std::uint32_t>(values.integer(value, "'table'", 1, largest).value_or(254));
  values.wrong(value, "'table'", "main, local, default or a number");
  return 254;
}

HopDraft read_hop(Values& values, const Yaml& value) {
  HopDraft hop;
  hop.at = value.at;
  if (!value.is_map()) {
    hop.via = values.text(value, "'via'");
    return hop;
  }
  values.each_key(value, hop_object, [&](const Object::Found& found, const Yaml& one) {
    switch (as<HopKey>(found)) {
      case HopKey::Via:
        hop.via = values.text(one, "'via'");
        break;
      case HopKey::Dev:
        hop.dev = values.text(one, "'dev'");
        break;
      case HopKey::Weight:
        hop.weight = static_cast<std::uint16_t>(values.integer(one, "'weight'", 1, 256).value_or(1));
        break;
    }
  });
  return hop;
}

void read_hops(Values& values, const Yaml& value, std::vector<HopDraft>& hops) {
  if (!value.is_list()) return hops.push_back(read_hop(values, value));
  for (const Yaml* one : value.children) hops.push_back(read_hop(values, *one));
}

void check_route(Values& values, const Yaml& value, RouteDraft& route, bool has_to, bool has_type) {
  if (!has_to)
    return values.context.report.error(value.at, "a route without 'to'", "{to: default, via: 10.0.0.1}");
  if (has_type && !route.hops.empty())
    return values.context.report.error(value.at,
                                       "a route with a 'type' goes nowhere: it has no 'via' and no 'dev'");
  if (!has_type && route.hops.empty())
    values.context.report.error(value.at, "a route without 'via' and without 'dev'",
                                "{to: default, via: 10.0.0.1}");
}

RouteDraft read_route(Values& values, const Yaml& value) {
  RouteDraft route;
  route.at = value.at;
  bool has_to = false;
  bool has_type = false;
  std::optional<Text> dev;
  values.each_key(value, route_object, [&](const Object::Found& found, const Yaml& one) {
    switch (as<RouteKey>(found)) {
      case RouteKey::To:
        has_to = true;
        if (const auto text = values.text(one, "'to'")) route.to = *text;
        break;
      case RouteKey::Via:
        read_hops(values, one, route.hops);
        break;
      case RouteKey::Dev:
        dev = values.text(one, "'dev'");
        break;
      case RouteKey::Metric:
        route.route.metric =
            static_cast<std::uint32_t>(values.integer(one, "'metric'", 0, largest).value_or(0));
        break;
      case RouteKey::Table:
        route.route.table = read_table(values, one);
        break;
      case RouteKey::Source:
        route.source = values.text(one, "'source'");
        break;
      case RouteKey::Type:
        has_type = true;
        if (const auto chosen = values.choice(one, "'type'", route_type_words()))
          route.route.type = static_cast<net::Route::Type>(
              static_cast<std::size_t>(net::Route::Type::Unreachable) + *chosen);
        break;
    }
  });
  if (dev && route.hops.empty()) {
    route.hops.emplace_back().dev = dev;
    route.hops.back().at = dev->at;
  } else if (dev) {
    for (HopDraft& hop : route.hops)
      if (!hop.dev) hop.dev = dev;
  }
  if (value.is_map()) check_route(values, value, route, has_to, has_type);
  return route;
}

void read_mark(Values& values, const Yaml& value, net::Rule& rule) {
  const auto text = values.text(value, "'mark'");
  if (!text) return;
  const auto number = [&](std::string_view digits, std::optional<std::uint32_t>& into) {
    const bool hex = digits.starts_with("0x");
    if (hex) digits.remove_prefix(2);
    std::uint32_t read = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), read, hex ? 16 : 10);
    if (error != std::errc{} || end != digits.data() + digits.size()) return false;
    into = read;
    return true;
  };
  const std::size_t slash = text->value.find('/');
  bool good = number(text->value.substr(0, slash), rule.mark);
  if (slash != std::string_view::npos) good = number(text->value.substr(slash + 1), rule.mark_mask) && good;
  if (!good) values.wrong(value, "'mark'", "a number or NUMBER/MASK");
}

RuleDraft read_rule(Values& values, const Yaml& value) {
  RuleDraft draft;
  draft.at = value.at;
  net::Rule& rule = draft.rule;
  values.each_key(value, rule_object, [&](const Object::Found& found, const Yaml& one) {
    switch (as<RuleKey>(found)) {
      case RuleKey::From:
        rule.from = values.prefix(one, "'from'");
        break;
      case RuleKey::To:
        rule.to = values.prefix(one, "'to'");
        break;
      case RuleKey::Iif:
        draft.iif = values.text(one, "'iif'");
        break;
      case RuleKey::Oif:
        draft.oif = values.text(one, "'oif'");
        break;
      case RuleKey::Mark:
        read_mark(values, one, rule);
        break;
      case RuleKey::Priority:
        if (const auto read = values.integer(one, "'priority'", 0, largest))
          rule.priority = static_cast<std::uint32_t>(*read);
        break;
      case RuleKey::Table:
        rule.table = read_table(values, one);
        break;
      case RuleKey::Action:
        if (const auto chosen = values.choice(one, "'action'", action_words()))
          rule.action = static_cast<net::Rule::Action>(*chosen);
        break;
    }
  });
  if (rule.from && rule.to && rule.from->family() != rule.to->family())
    values.context.report.error(value.at, "a rule 'from' one address family 'to' another");
  draft.any_family = !rule.from && !rule.to;
  if (!draft.any_family) rule.family = rule.from ? rule.from->family() : rule.to->family();
  return draft;
}

}  // namespace

std::vector<RouteDraft> read_routes(Values& values, const Yaml& value) {
  std::vector<RouteDraft> routes;
  if (values.list(value, "'routes'", "routes: [{to: default, via: 10.0.0.1}]"))
    for (const Yaml* one : value.children) {
      if (one->is_map())
        routes.push_back(read_route(values, *one));
      else
        values.wrong(*one, "a route", "a map", "{to: default, via: 10.0.0.1}");
    }
  return routes;
}

std::vector<RuleDraft> read_rules(Values& values, const Yaml& value) {
  std::vector<RuleDraft> rules;
  if (values.list(value, "'rules'", "rules: [{from: 10.0.1.0/24, table: 100}]"))
    for (const Yaml* one : value.children) {
      if (one->is_map())
        rules.push_back(read_rule(values, *one));
      else
        values.wrong(*one, "a rule", "a map", "{from: 10.0.1.0/24, table: 100}");
    }
  return rules;
}

}  // namespace hopyard::language
