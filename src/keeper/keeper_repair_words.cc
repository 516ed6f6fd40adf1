#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "keeper/repair.hh"
#include "kernel/observed.hh"

namespace hopyard::keeper {

void Keeper::say_round(Repair& repair) const {
  std::vector<std::string>& words = repair.description.steps;
  const auto removals = rules_in_the_way(repair);
  for (std::size_t step = 0; step < repair.steps.size(); ++step) {
    if (const auto removal = removals.find(step); removal != removals.end()) words.push_back(removal->second);
    words.push_back(plan::describe(repair.steps[step], held_.desired));
  }
  for (const plan::Difference& one : repair.differences)
    if (is_table(one)) words.push_back(restoration(one, held_.desired));
}

std::map<std::size_t, std::string> Keeper::rules_in_the_way(Repair& repair) const {
  std::map<std::size_t, std::string> words;
  std::map<std::uint32_t, std::vector<net::Rule>> gone;
  std::set<std::pair<std::uint32_t, std::uint32_t>> taken;
  for (const plan::Difference& one : repair.differences)
    if (one.step.verb == plan::Verb::AddRule && !one.found.empty()) taken.emplace(one.step.ns, one.step.item);
  for (std::size_t i = 0; i < repair.steps.size(); ++i) {
    const plan::Operation& step = repair.steps[i];
    // Only where something was found in its place need one ask for it.
    if (step.verb != plan::Verb::AddRule || !taken.contains({step.ns, step.item})) continue;
    const net::Namespace& own = held_.desired.namespaces[step.ns];
    const auto there =
        kernel::rule_in_the_way(own.rules[step.item], own, *held_.namespaces[step.ns], gone[step.ns]);
    if (!there) {
      repair.note_for_good(there.error());
    } else if (*there) {
      words.emplace(i, removal((*there)->rule, own));
      gone[step.ns].push_back((*there)->rule);
    }
  }
  return words;
}

void Keeper::say_processes(Repair& repair) const {
  RepairDescription& told = repair.description;
  for (std::uint32_t ns = 0; ns < held_.desired.namespaces.size(); ++ns)
    for (const DriftDescription& one : process_drift(ns)) {
      told.found.push_back(one);
      told.steps.push_back(one.object.empty() ? "start the processes of " + one.node
                                              : fmt::format("start service {} of {}", one.object, one.node));
    }
  told.left.clear();
  for (const DriftDescription& one : told.found)
    if (!one.repairable) told.left.push_back(one);
}

void Keeper::finish(Repair& repair) const {
  for (std::uint32_t ns = 0; ns < held_.desired.namespaces.size(); ++ns)
    std::ranges::move(process_drift(ns), std::back_inserter(repair.description.left));
  // What another step has put right in the end is no error.
  if (repair.description.left.empty()) repair.description.error.clear();
  if (repair.description.error.empty()) repair.description.error = repair.lasting;
  repair.note_unknown();
  repair.reply({encode(repair.description)});
}

}  // namespace hopyard::keeper
