#include <fmt/format.h>

#include <algorithm>

#include "keeper/keeper.hh"
#include "keeper/turn.hh"
#include "kernel/observed.hh"

namespace hopyard::keeper {
namespace {

/// What becomes of a container, or of the host, is its owner's to say.
bool is_ours(const net::Namespace& ns) {
  return ns.adopted.empty();
}

bool is_sysctl(const plan::Difference& difference) {
  return difference.step.verb == plan::Verb::WriteSysctl;
}

}  // namespace

plan::IsDown Keeper::is_down() const {
  return [this](std::uint32_t ns, std::uint32_t device) { return outages_.device_down(ns, device); };
}

Result<const std::vector<kernel::RulesetTable>*> Keeper::tables_of(std::uint32_t ns) {
  return stand_ins_.tables(*held_.kernel, held_.desired.namespaces[ns]);
}

Result<std::vector<std::string>> Keeper::changed_tables(std::uint32_t ns) {
  std::vector<std::string> changed;
  if (held_.desired.namespaces[ns].rulesets.empty()) return changed;
  HOPYARD_TAKE(wanted, tables_of(ns));
  HOPYARD_TAKE(listing, held_.namespaces[ns]->list_rulesets());
  HOPYARD_TRY(held_.namespaces[ns]->rest());
  const auto found = kernel::tables_of(listing);
  for (const kernel::RulesetTable& table : *wanted) {
    const auto same = std::ranges::find(found, table.name, &kernel::RulesetTable::name);
    if (same == found.end() || same->text != table.text) changed.push_back(table.name);
  }
  return changed;
}

Result<std::vector<plan::Difference>> Keeper::every_difference(std::uint32_t ns) {
  const net::Namespace& own = held_.desired.namespaces[ns];
  if (!is_ours(own)) return std::vector<plan::Difference>();
  HOPYARD_TAKE(now, kernel::observe(own, *held_.namespaces[ns]));
  HOPYARD_TAKE(tables, changed_tables(ns));
  now.changed_tables = std::move(tables);
  auto differences = plan::drift(held_.desired, ns, now, is_down());
  if (std::ranges::none_of(differences, is_sysctl)) return differences;
  HOPYARD_TAKE(sysctls, stand_ins_.sysctls(*held_.kernel, own));
  now.wanted_sysctls = *sysctls;
  return plan::drift(held_.desired, ns, now, is_down());
}

Result<std::vector<plan::Difference>> Keeper::network_drift(std::uint32_t ns) {
  // Nobody can tell what they have made from what was changed since.
  if (const auto unaccepted = unaccepted_.find(ns); unaccepted != unaccepted_.end())
    return std::unexpected(unaccepted->second);
  const auto machine = machines_.find(ns);
  const bool at_work = machine != machines_.end() && machine->second.at_work;
  if (at_work && !outages_.failed({Target::Kind::Node, ns}))
    return refusal("tell what was changed",
                   "its `run` commands are still at work: ask again when they are through");
  HOPYARD_TAKE(differences, every_difference(ns));
  const auto accepted = accepted_.find(ns);
  if (accepted == accepted_.end()) return differences;
  std::erase_if(differences, [&](const plan::Difference& one) {
    return std::ranges::find(accepted->second, told(one)) != accepted->second.end();
  });
  return differences;
}

std::vector<DriftDescription> Keeper::process_drift(std::uint32_t ns) const {
  std::vector<DriftDescription> all;
  const net::Namespace& node = held_.desired.namespaces[ns];
  if (!node.warm || !is_ours(node) || outages_.failed({Target::Kind::Node, ns})) return all;
  const auto machine = machines_.find(ns);
  if (machine == machines_.end()) {
    all.push_back({node.name, "processes", "", "run", ""});
    return all;
  }
  for (const net::Service& wanted : node.machine.services) {
    const auto& now = machine->second.services;
    const auto service = std::ranges::find(now, wanted.name, &ServiceDescription::name);
    if (service == now.end() || service->state != ServiceState::Ended) continue;
    if (service->last_exit.value_or(0) == 0) continue;
    all.push_back({node.name, "service", wanted.name, "running",
                   fmt::format("ended with status {}", *service->last_exit)});
  }
  return all;
}

DriftDescription Keeper::told(const plan::Difference& difference) const {
  return {held_.desired.namespaces[difference.step.ns].name,
          std::string(difference.what),
          difference.object,
          difference.wanted,
          difference.found,
          plan::repairable(held_.desired, difference)};
}

void Keeper::accept_drift(std::uint32_t ns) {
  const auto differences = every_difference(ns);
  unaccepted_.erase(ns);
  if (!differences) {
    unaccepted_.emplace(ns, differences.error());
    return;
  }
  std::vector<DriftDescription> accepted;
  for (const plan::Difference& one : *differences) accepted.push_back(told(one));
  accepted_[ns] = std::move(accepted);
}

Result<std::vector<DriftDescription>> Keeper::drift_of(std::uint32_t ns) {
  HOPYARD_TAKE(differences, network_drift(ns));
  std::vector<DriftDescription> all;
  for (const plan::Difference& one : differences) all.push_back(told(one));
  std::ranges::move(process_drift(ns), std::back_inserter(all));
  return all;
}

void Keeper::on_drift(const Json& request, const Reply& reply) {
  std::uint64_t from = number(request, "from");
  std::uint64_t end = held_.desired.namespaces.size();
  if (const std::string name = text(request, "node"); !name.empty()) {
    const auto ns = directory_.node(name);
    if (!ns) return reply({error_answer(ns.error())});
    from = *ns;
    end = from + 1;
  }
  std::vector<DriftDescription> all;
  std::string unknown;
  const Turn turn;
  std::uint64_t next = std::min(from, end);
  while (next < end) {
    const auto ns = static_cast<std::uint32_t>(next++);
    auto found = drift_of(ns);
    std::ranges::move(found ? std::move(*found) : process_drift(ns), std::back_inserter(all));
    if (!found && unknown.empty())
      unknown = fmt::format("{}: {}", held_.desired.namespaces[ns].name, one_line(found.error()));
    if (turn.over()) break;
  }
  reply({text_of(
      {{"ok", true}, {"drift", to_json(all)}, {"unknown", unknown}, {"next", next < end ? next : 0}})});
}

}  // namespace hopyard::keeper
