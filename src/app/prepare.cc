#include "app/prepare.hh"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <unordered_set>

#include "app/daemon_check.hh"
#include "app/files.hh"
#include "app/name_servers.hh"
#include "lower/lower.hh"
#include "lower/machines.hh"

namespace hopyard::app {
namespace {

std::optional<std::string> from_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

bool is_here(const net::Desired& desired, const lab::Node& node) {
  return std::ranges::any_of(desired.namespaces, [&](const net::Namespace& ns) {
    return ns.role == net::Namespace::Role::Node && ns.name == node.name;
  });
}

Counts count(const Prepared& prepared) {
  const lab::Lab& lab = prepared.reading.lab;
  Counts counts{0, lab.networks.size(), lab.links.size(), 0, 0, 0, prepared.plan.size()};
  if (prepared.machine) {
    counts.links = prepared.desired.wires.size();
    counts.networks = static_cast<std::size_t>(std::ranges::count(
        prepared.desired.namespaces, net::Namespace::Role::Segment, &net::Namespace::role));
  }
  for (const lab::Node& node : lab.nodes) {
    if (prepared.machine && !is_here(prepared.desired, node)) continue;
    ++counts.nodes;
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
  if (index < plan.links.size()) return plan.links[index];
  index -= plan.links.size();
  return index < plan.settings.size() ? plan.settings[index] : plan.last[index - plan.settings.size()];
}

bool starts_name(char letter) {
  return letter == '_' || (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z');
}

/// The machine that is meant; nothing for a lab on one.
Result<std::optional<std::uint32_t>> find_machine(const LabSource& source, const lab::Lab& lab) {
  std::vector<std::string_view> names;
  names.reserve(lab.machines.size());
  for (const lab::Machine& one : lab.machines) names.push_back(one.name);
  if (!source.machine) {
    if (names.empty() || source.whole) return std::nullopt;
    return refusal("read the command line",
                   fmt::format("lab {} is spread over several machines: which of them is this?", lab.name),
                   fmt::format("--machine {}", fmt::join(names, ", or --machine ")));
  }
  const auto found = std::ranges::find(names, *source.machine);
  if (found != names.end()) return static_cast<std::uint32_t>(found - names.begin());
  if (names.empty())
    return refusal("read the command line", fmt::format("lab {} is on one machine", lab.name),
                   "leave --machine out, or give the lab file 'machines'");
  return refusal("read the command line",
                 fmt::format("lab {} has no machine '{}'", lab.name, *source.machine),
                 fmt::format("its machines: {}", fmt::join(names, ", ")));
}

}  // namespace

Result<Prepared> prepare(const LabSource& source) {
  HOPYARD_TAKE(path, find_lab_file(source.path));
  Prepared prepared;
  prepared.path = path;
  prepared.reading = language::read({path, source.name, source.variables, from_environment}, read_file);
  if (prepared.reading.diagnostics.failed()) return prepared;
  HOPYARD_TAKE(machine, find_machine(source, prepared.reading.lab));
  prepared.machine = machine;
  lab::Lab& lab = prepared.reading.lab;
  if (wants_name_servers(lab)) give_name_servers(lab, name_servers_for_labs());
  prepared.desired = lower::lower(prepared.reading.lab, prepared.reading.diagnostics);
  if (machine) prepared.desired = lower::part_of(prepared.reading.lab, std::move(prepared.desired), *machine);
  check_daemon_configurations(prepared.reading);
  prepared.reading.diagnostics.sort();
  if (prepared.reading.diagnostics.failed()) return prepared;
  prepared.plan = plan::plan(prepared.desired);
  prepared.counts = count(prepared);
  return prepared;
}

lab::Lab nodes_here(const Prepared& prepared) {
  lab::Lab here;
  here.name = prepared.reading.lab.name;
  std::unordered_set<std::string_view> names;
  for (const net::Namespace& ns : prepared.desired.namespaces)
    if (ns.role == net::Namespace::Role::Node) names.insert(ns.name);
  std::ranges::copy_if(prepared.reading.lab.nodes, std::back_inserter(here.nodes),
                       [&](const lab::Node& node) { return names.contains(node.name); });
  return here;
}

std::string reached_at(const Prepared& prepared) {
  if (!prepared.machine || std::ranges::find(prepared.desired.namespaces, net::Namespace::Role::Between,
                                             &net::Namespace::role) == prepared.desired.namespaces.end())
    return {};
  const lab::Machine& own = prepared.reading.lab.machines[*prepared.machine];
  const lab::Between& between = prepared.reading.lab.between;
  switch (between.by) {
    case lab::Between::By::Vxlan:
      return fmt::format("{}, UDP port {} (vxlan)", own.address.text(), between.port);
    case lab::Between::By::Gretap:
      return fmt::format("{}, IP protocol 47 (gretap)", own.address.text());
    case lab::Between::By::Wireguard:
      return fmt::format("{}, UDP port {} (wireguard)", own.address.text(), own.port);
  }
  return {};
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
