#include "app/prepare.hh"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "app/daemon_check.hh"
#include "app/files.hh"
#include "lower/lower.hh"

namespace hopyard::app {
namespace {

std::optional<std::string> from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

Counts count(const Prepared& prepared) {
  const lab::Lab& lab = prepared.reading.lab;
  Counts counts{lab.nodes.size(), lab.networks.size(), lab.links.size(), 0, 0, 0, prepared.plan.size()};
  for (const lab::Node& node : lab.nodes) {
    counts.interfaces += node.interfaces.size();
    counts.addresses += node.loopback.size();
    for (const lab::Interface& one : node.interfaces) counts.addresses += one.addresses.size();
  }
  for (const net::Namespace& one : prepared.desired.namespaces) counts.routes += one.routes.size();
  return counts;
}

const plan::Operation& operation(const plan::Plan& plan, std::size_t index) {
  if (index < plan.namespaces.size()) return plan.namespaces[index];
  index -= plan.namespaces.size();
  return index < plan.links.size() ? plan.links[index] : plan.settings[index - plan.links.size()];
}

bool starts_name(char letter) {
  return letter == '_' || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
}

}  // namespace

Result<Prepared> prepare(const LabSource& source) {
  HOPYARD_TAKE(path, find_lab_file(source.path));
  Prepared prepared;
  prepared.path = path;
  prepared.reading = language::read({path, source.name, source.variables, from_environment}, read_file);
  if (prepared.reading.diagnostics.failed()) return prepared;
  prepared.desired = lower::lower(prepared.reading.lab, prepared.reading.diagnostics);
  check_daemon_configurations(prepared.reading);
  prepared.reading.diagnostics.sort();
  if (prepared.reading.diagnostics.failed()) return prepared;
  prepared.plan = plan::plan(prepared.desired);
  prepared.counts = count(prepared);
  return prepared;
}

Step step(const Prepared& prepared, std::size_t index) {
  const plan::Operation& one = operation(prepared.plan, index);
  return {plan::describe(one, prepared.desired), plan::describe_undo(one, prepared.desired),
          prepared.reading.sources.where(plan::reason(one, prepared.desired))};
}

Result<std::pair<std::string, std::string>> parse_variable(std::string_view text) {
  const std::string_view name = text.substr(0, text.find('='));
  const bool sound = !name.empty() && starts_name(name[0]) && std::ranges::all_of(name, [](char letter) {
    return starts_name(letter) || (letter >= '0' && letter <= '9');
  });
  if (name.size() == text.size() || !sound)
    return refusal("read --set", fmt::format("'{}' is not NAME=value", text),
                   "write for instance --set COUNT=12");
  return std::pair(std::string(name), std::string(text.substr(name.size() + 1)));
}

}  // namespace hopyard::app
