#include <fmt/format.h>

#include <algorithm>

#include "keeper/repair.hh"

namespace hopyard::keeper {

void Keeper::say_round(Repair& repair) const {
  std::vector<std::string>& words = repair.description.steps;
  for (const plan::Operation& step : repair.steps) words.push_back(plan::describe(step, held_.desired));
  for (const plan::Difference& one : repair.differences)
    if (is_table(one)) words.push_back(restoration(one, held_.desired));
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
  repair.note_unknown();
  repair.reply({encode(repair.description)});
}

}  // namespace hopyard::keeper
