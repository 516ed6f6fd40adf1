#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "keeper/address_client.hh"
#include "keeper/repair.hh"
#include "keeper/turn.hh"
#include "kernel/observed.hh"
#include "plan/down.hh"

namespace hopyard::keeper {
namespace {

/// What a step takes along (an interface that goes down for its old name: its routes) is found by the next
/// look.
constexpr int most_rounds = 5;

constexpr const char* machine_service = "qemu";

}  // namespace

void Keeper::on_repair(const Json& request, const Reply& reply) {
  repairs_.push_back(
      std::make_shared<Repair>(reply, truth(request, "only_say"), held_.desired.namespaces.size()));
  if (repairs_.size() == 1) repair_turn();
}

void Keeper::repair_on() {
  repair_timer_ = loop_.after(std::chrono::milliseconds(0), [this] { repair_turn(); });
}

void Keeper::end_first_repair() {
  repairs_.pop_front();
  if (!repairs_.empty()) repair_on();
}

void Keeper::repair_turn() {
  const std::shared_ptr<Repair> repair = repairs_.front();
  if (!repair->reply.awaited()) {
    restart_attached(repair, [](const auto&) {});
    return end_first_repair();
  }
  if (repair->stepping) {
    if (step_on(*repair)) {
      repair->stepping = false;
      repair->looking = touched(*repair);
      repair->looked = 0;
      repair->differences.clear();
    }
    return repair_on();
  }
  const auto through = look_on(*repair);
  if (!through) {
    const std::uint32_t ns = repair->looking[repair->looked - 1];
    repair->unknown[ns] = fmt::format("{}: {}", held_.desired.namespaces[ns].name, one_line(through.error()));
    return repair_on();
  }
  if (!*through || begin_round(*repair)) return repair_on();
  if (repair->only_say) {
    say_processes(*repair);
    repair->note_unknown();
    if (repair->description.error.empty()) repair->description.error = repair->lasting;
    repair->reply({encode(repair->description)});
  } else {
    repair_processes(repair);
  }
  end_first_repair();
}

Result<bool> Keeper::look_on(Repair& repair) {
  const Turn turn;
  while (repair.looked < repair.looking.size() && !turn.over()) {
    const std::uint32_t ns = repair.looking[repair.looked++];
    HOPYARD_TAKE(found, network_drift(ns));
    repair.unknown.erase(ns);
    std::ranges::move(found, std::back_inserter(repair.differences));
  }
  return repair.looked == repair.looking.size();
}

bool Keeper::begin_round(Repair& repair) {
  std::vector<DriftDescription> now;
  now.reserve(repair.differences.size());
  for (const plan::Difference& one : repair.differences) now.push_back(told(one));
  if (repair.round == 0) repair.description.found = now;
  repair.description.left = now;
  if (now.empty() || now == repair.before || repair.round == most_rounds) return false;
  ++repair.round;
  repair.before = std::move(now);
  repair.steps = plan::repair(held_.desired, repair.differences, is_down());
  repair.taken = repair.restored = 0;
  repair.stepping = !repair.only_say;
  if (repair.only_say) say_round(repair);
  return repair.stepping;
}

bool Keeper::step_on(Repair& repair) {
  const Turn turn;
  for (; repair.taken < repair.steps.size(); ++repair.taken) {
    if (turn.over()) return false;
    const plan::Operation& step = repair.steps[repair.taken];
    if (!still_wanted(step)) continue;
    if (step.verb == plan::Verb::AddRule) make_room_for_rule(repair, step);
    const Result<> outcome = put_right(step);
    repair.note(outcome);
    if (!outcome) continue;
    repair.done.push_back(step);
    repair.description.steps.push_back(plan::describe(step, held_.desired));
  }
  for (; repair.restored < repair.differences.size(); ++repair.restored) {
    const plan::Difference& one = repair.differences[repair.restored];
    if (!is_table(one)) continue;
    if (turn.over()) return false;
    const Result<> outcome = restore_table(one);
    repair.note(outcome);
    if (outcome) repair.description.steps.push_back(restoration(one, held_.desired));
  }
  return true;
}

void Keeper::make_room_for_rule(Repair& repair, const plan::Operation& step) {
  const net::Namespace& own = held_.desired.namespaces[step.ns];
  const kernel::Namespace& ns = *held_.namespaces[step.ns];
  const auto there = kernel::rule_in_the_way(own.rules[step.item], own, ns);
  if (!there) return repair.note_for_good(there.error());
  if (!*there) return;
  std::string words = removal((*there)->rule, own);
  Result<> removed = kernel::remove_rule(**there, ns);
  if (removed) return repair.description.steps.push_back(std::move(words));
  removed.error().doing = std::move(words);
  removed.error().object.clear();
  repair.note_for_good(removed.error());
}

std::vector<std::uint32_t> Keeper::touched(const Repair& repair) const {
  std::set<std::uint32_t> all;
  for (const plan::Difference& one : repair.differences) all.insert(one.step.ns);
  for (const plan::Operation& step : repair.steps) all.insert(step.ns);
  const std::set<std::uint32_t> near = all;
  for (const std::uint32_t ns : near)
    for (const net::Device& device : held_.desired.namespaces[ns].devices)
      if (device.peer_namespace != net::none) all.insert(device.peer_namespace);
  // What stands on a device elsewhere goes with it.
  for (std::uint32_t ns = 0; ns < held_.desired.namespaces.size(); ++ns)
    for (const net::Device& device : held_.desired.namespaces[ns].devices)
      if (device.link != nullptr && near.contains(device.link->lower_namespace)) all.insert(ns);
  return {all.begin(), all.end()};
}

bool Keeper::still_wanted(const plan::Operation& step) const {
  if (step.verb == plan::Verb::AddRoute)
    return plan::usable(held_.desired, step.ns, held_.desired.namespaces[step.ns].routes[step.item],
                        is_down())
        .has_value();
  if (step.device == net::none) return true;
  if (step.verb != plan::Verb::SetUp && step.verb != plan::Verb::SetDown) return true;
  const bool down = plan::held_down(held_.desired.namespaces[step.ns], step.ns, step.device, is_down());
  return down == (step.verb == plan::Verb::SetDown);
}

Result<> Keeper::put_right(const plan::Operation& step) {
  const auto run = [this](const plan::Operation& one) {
    return engine::run({&one, 1}, held_.desired, *held_.kernel, held_.namespaces);
  };
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

void Keeper::repair_processes(const std::shared_ptr<Repair>& repair) {
  const auto ended = [this, repair](const auto& outcome) {
    if (!outcome && repair->description.error.empty()) repair->description.error = outcome.error().text();
    if (--repair->waiting == 0) finish(*repair);
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

}  // namespace hopyard::keeper
