#include "view/words.hh"

#include <fmt/format.h>

#include "base/quantity.hh"
#include "view/width.hh"

namespace hopyard::view {
namespace {

using Pairs = std::vector<std::pair<std::string_view, std::string>>;

Pairs impairment_pairs(const net::Impairment& impairment) {
  Pairs pairs;
  const auto time = [&](std::string_view key, std::chrono::nanoseconds value) {
    if (value.count() != 0) pairs.emplace_back(key, duration_text(value));
  };
  const auto share = [&](std::string_view key, double value) {
    if (value > 0) pairs.emplace_back(key, percent_text(value));
  };
  time("delay", impairment.delay);
  time("jitter", impairment.jitter);
  share("loss", impairment.loss);
  share("corrupt", impairment.corrupt);
  share("duplicate", impairment.duplicate);
  share("reorder", impairment.reorder);
  if (impairment.rate != 0) pairs.emplace_back("rate", rate_text(impairment.rate));
  if (impairment.limit != 0) pairs.emplace_back("limit", std::to_string(impairment.limit));
  if (impairment.seed) pairs.emplace_back("seed", std::to_string(*impairment.seed));
  return pairs;
}

std::string_view type_name(net::Route::Type type) {
  switch (type) {
    case net::Route::Type::Unicast:
      return "unicast";
    case net::Route::Type::Unreachable:
      return "unreachable";
    case net::Route::Type::Blackhole:
      return "blackhole";
    case net::Route::Type::Prohibit:
      return "prohibit";
    case net::Route::Type::Local:
      return "local";
    case net::Route::Type::Other:
      return "other";
  }
  return "other";
}

std::string hop_text(const net::NextHop& hop, bool alone) {
  std::string text = alone ? "" : " nexthop";
  if (hop.via) text += " via " + hop.via->text();
  if (!hop.device.empty()) text += " dev " + hop.device;
  if (!alone && hop.weight != 1) text += fmt::format(" weight {}", hop.weight);
  return text;
}

std::string destination(const net::Route& route) {
  return route.to.length == 0 ? "default" : route.to.text();
}

Value optional_text(std::string text) {
  return text.empty() ? Value() : Value(std::move(text));
}

Value diagnostic_value(const Diagnostic& one, const SourceMap& sources) {
  Value::Object object;
  object.emplace_back("severity", Value(one.severity == Severity::Error ? "error" : "warning"));
  if (one.at.known()) {
    const Position begin = sources.position(one.at.file, one.at.begin);
    const Position end = sources.position(one.at.file, one.at.end);
    object.emplace_back("file", Value(sources.path(one.at.file)));
    object.emplace_back("line", Value(begin.line));
    object.emplace_back("column", Value(begin.column));
    object.emplace_back("end_column", Value(end.line == begin.line ? end.column : begin.column + 1));
  } else {
    for (const char* key : {"file", "line", "column", "end_column"}) object.emplace_back(key, Value());
  }
  object.emplace_back("message", Value(one.message));
  object.emplace_back("help", optional_text(one.help));
  return Value(std::move(object));
}

}  // namespace

Cell impairment_cell(const net::Impairment& impairment) {
  std::string words;
  Value::Object object;
  for (auto& [key, text] : impairment_pairs(impairment)) {
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", key, text);
    object.emplace_back(std::string(key), Value(std::move(text)));
  }
  return {std::move(words), Value(std::move(object))};
}

std::string route_text(const net::Route& route) {
  std::string text = route.type == net::Route::Type::Unicast ? "" : std::string(type_name(route.type)) + ' ';
  text += destination(route);
  if (route.next_hops.size() == 1) text += hop_text(route.next_hops.front(), true);
  if (route.table != 254) text += fmt::format(" table {}", route.table);
  if (route.source) text += " src " + route.source->text();
  if (route.metric != 0) text += fmt::format(" metric {}", route.metric);
  if (route.next_hops.size() > 1)
    for (const net::NextHop& hop : route.next_hops) text += hop_text(hop, false);
  return text;
}

Value::Object route_members(const net::Route& route) {
  Value::List hops;
  for (const net::NextHop& hop : route.next_hops)
    hops.emplace_back(Value::Object{{"via", hop.via ? Value(hop.via->text()) : Value()},
                                    {"interface", optional_text(hop.device)},
                                    {"weight", Value(unsigned{hop.weight})}});
  return Value::Object{{"to", Value(route.to.text())},
                       {"type", Value(type_name(route.type))},
                       {"next_hops", Value(std::move(hops))},
                       {"metric", Value(route.metric)},
                       {"table", Value(route.table)},
                       {"source", route.source ? Value(route.source->text()) : Value()}};
}

std::string diagnostics_text(const Diagnostics& diagnostics, const SourceMap& sources, bool colour) {
  std::string text;
  for (const Diagnostic& one : diagnostics.all()) text += valid_utf8(render(one, sources, colour));
  if (diagnostics.errors() > 1) text += counted(diagnostics.errors(), "mistake") + "; nothing was made\n";
  return text;
}

Value diagnostics_value(const Diagnostics& diagnostics, const SourceMap& sources) {
  Value::List list;
  for (const Diagnostic& one : diagnostics.all()) list.push_back(diagnostic_value(one, sources));
  return Value(std::move(list));
}

Value error_value(const Error& error) {
  Error plain = error;
  plain.remedy.clear();
  return Value(Value::Object{{"message", Value(plain.text())},
                             {"doing", Value(error.doing)},
                             {"object", optional_text(error.object)},
                             {"errno", error.code == 0 ? Value() : Value(error.code)},
                             {"detail", optional_text(error.detail)},
                             {"remedy", optional_text(error.remedy)}});
}

}  // namespace hopyard::view
