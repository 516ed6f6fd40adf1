#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "keeper/address_client.hh"
#include "keeper/keeper.hh"
#include "kernel/observed.hh"

namespace hopyard::keeper {
namespace {

/// What a step takes along (an interface that goes down for its old name: its routes) is found by the next
/// look.
constexpr int most_rounds = 5;

constexpr const char* machine_service = "qemu";

std::string restoration(const plan::Difference& difference, const net::Desired& desired) {
  return fmt::format("restore table {} of {}", difference.object,
                     desired.namespaces[difference.step.ns].name);
}

bool is_table(const plan::Difference& difference) {
  return difference.step.verb == plan::Verb::LoadRuleset;
}

}  // namespace

Result<std::vector<plan::Difference>> Keeper::whole_drift() {
  std::vector<plan::Difference> all;
  for (std::uint32_t ns = 0; ns < held_.desired.namespaces.size(); ++ns) {
    HOPYARD_TAKE(found, network_drift(ns));
    std::ranges::move(found, std::back_inserter(all));
  }
  return all;
}

Result<> Keeper::put_right(const plan::Operation& step) {
  const auto run = [this](const plan::Operation& one) {
    return engine::run({&one, 1}, held_.desired, *held_.kernel, held_.namespaces);
  };
  if (step.verb == plan::Verb::AddRule) {
    const net::Namespace& own = held_.desired.namespaces[step.ns];
    HOPYARD_TRY(kernel::make_room_for_rule(own.rules[step.item], own, *held_.namespaces[step.ns]));
  }
  if (step.verb != plan::Verb::AddRoute) return run(step);
  net::Route& wanted = held_.desired.namespaces[step.ns].routes[step.item];
  auto now = plan::usable(held_.desired, step.ns, wanted, is_down());
  if (!now) return {};
  std::swap(wanted, *now);
  auto done = run(step);
  std::swap(wanted, *now);
  return done;
}

Result<> Keeper::restore_table(const plan::Difference& difference) {
  HOPYARD_TAKE(tables, tables_of(difference.step.ns));
  const auto table = std::ranges::find(*tables, difference.object, &kernel::RulesetTable::name);
  if (table == tables->end()) return {};
  kernel::Namespace& ns = *held_.namespaces[difference.step.ns];
  HOPYARD_TAKE(listing, ns.list_rulesets());
  const auto now = kernel::tables_of(listing);
  const auto found = std::ranges::find(now, table->name, &kernel::RulesetTable::name);
  const kernel::RulesetTable none;
  auto done = ns.load_ruleset(kernel::replacement(*table, found == now.end() ? none : *found));
  // Elements that cannot be loaded are no reason to leave the table as it is.
  if (!done && found != now.end()) done = ns.load_ruleset(kernel::replacement(*table, none));
  HOPYARD_TRY(ns.rest());
  return done;
}

void Keeper::repair_round(Repair& repair, const std::vector<plan::Difference>& differences,
                          const std::vector<plan::Operation>& steps) {
  const auto note = [&](const Result<>& outcome) {
    if (!outcome && repair.description.error.empty()) repair.description.error = outcome.error().text();
    return outcome.has_value();
  };
  for (const plan::Operation& step : steps) {
    if (!note(put_right(step))) continue;
    repair.done.push_back(step);
    repair.description.steps.push_back(plan::describe(step, held_.desired));
  }
  for (const plan::Difference& one : differences)
    if (is_table(one) && note(restore_table(one)))
      repair.description.steps.push_back(restoration(one, held_.desired));
}

Result<> Keeper::repair_network(Repair& repair, bool only_say) {
  std::vector<DriftDescription> before;
  for (int round = 0; round < most_rounds; ++round) {
    HOPYARD_TAKE(differences, whole_drift());
    std::vector<DriftDescription> now;
    for (const plan::Difference& one : differences) now.push_back(told(one));
    if (round == 0) repair.description.found = now;
    if (now.empty() || now == before) return {};
    before = std::move(now);
    const std::vector<plan::Operation> steps = plan::repair(held_.desired, differences, is_down());
    if (!only_say) {
      repair_round(repair, differences, steps);
      continue;
    }
    for (const plan::Operation& step : steps)
      repair.description.steps.push_back(plan::describe(step, held_.desired));
    for (const plan::Difference& one : differences)
      if (is_table(one)) repair.description.steps.push_back(restoration(one, held_.desired));
    return {};
  }
  return {};
}

/// Clients of DHCP that have lost their routes with an interface, and virtual machines whose tap has gone.
void Keeper::restart_attached(const std::shared_ptr<Repair>& repair, const Ordered& done) {
  std::set<std::pair<std::uint32_t, std::string>> services;
  for (const plan::Operation& step : repair->done) {
    if (const std::string client = client_of(step, held_.desired); !client.empty())
      services.emplace(step.ns, client);
    const net::Namespace& node = held_.desired.namespaces[step.ns];
    if (step.verb == plan::Verb::CreateTap &&
        std::ranges::find(node.machine.services, machine_service, &net::Service::name) !=
            node.machine.services.end())
      services.emplace(step.ns, machine_service);
  }
  for (const auto& [ns, service] : services) {
    if (!has_running_services(ns)) continue;
    repair->description.steps.push_back(
        fmt::format("restart service {} of {}", service, held_.desired.namespaces[ns].name));
    ++repair->waiting;
    order(ns, "restart", {service}, done);
  }
}

void Keeper::repair_processes(const std::shared_ptr<Repair>& repair, const Reply& reply) {
  const auto ended = [this, repair, reply](const auto& outcome) {
    if (!outcome && repair->description.error.empty()) repair->description.error = outcome.error().text();
    if (--repair->waiting == 0) finish(*repair, reply);
  };
  repair->waiting = 1;  // until all is begun
  restart_attached(repair, ended);
  for (std::uint32_t ns = 0; ns < held_.desired.namespaces.size(); ++ns) {
    for (const DriftDescription& one : process_drift(ns)) {
      repair->description.found.push_back(one);
      ++repair->waiting;
      if (one.object.empty()) {
        repair->description.steps.push_back("start the processes of " + one.node);
        warm(ns, true, ended);
      } else {
        repair->description.steps.push_back(fmt::format("start service {} of {}", one.object, one.node));
        order(ns, "start", {one.object}, ended);
      }
    }
  }
  ended(Result<>());
}

void Keeper::finish(Repair& repair, const Reply& reply) {
  for (std::uint32_t ns = 0; ns < held_.desired.namespaces.size(); ++ns) {
    auto left = drift_of(ns);
    if (!left) return reply({error_answer(left.error())});
    std::ranges::move(*left, std::back_inserter(repair.description.left));
  }
  // What another step has put right in the end is no error.
  if (repair.description.left.empty()) repair.description.error.clear();
  reply({encode(repair.description)});
}

void Keeper::on_repair(const Json& request, const Reply& reply) {
  const auto repair = std::make_shared<Repair>();
  const bool only_say = truth(request, "only_say");
  if (const auto done = repair_network(*repair, only_say); !done) return reply({error_answer(done.error())});
  if (!only_say) return repair_processes(repair, reply);
  RepairDescription& told = repair->description;
  for (std::uint32_t ns = 0; ns < held_.desired.namespaces.size(); ++ns)
    for (const DriftDescription& one : process_drift(ns)) {
      told.found.push_back(one);
      told.steps.push_back(one.object.empty() ? "start the processes of " + one.node
                                              : fmt::format("start service {} of {}", one.object, one.node));
    }
  for (const DriftDescription& one : told.found)
    if (!one.repairable) told.left.push_back(one);
  reply({encode(told)});
}

}  // namespace hopyard::keeper
