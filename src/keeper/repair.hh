#pragma once

#include <fmt/format.h>

#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "keeper/keeper.hh"

namespace hopyard::keeper {

/// A repair that has begun, and what it has come to. It goes in rounds: namespaces are looked at, what
/// differs is put right, and where something was done is looked again.
struct Keeper::Repair {
  Repair(Reply answer, bool says, std::size_t namespaces)
      : reply(std::move(answer)), only_say(says), looking(namespaces) {
    std::iota(looking.begin(), looking.end(), 0U);
  }

  Reply reply;
  bool only_say;
  RepairDescription description;
  int round = 0;
  std::vector<std::uint32_t> looking;  ///< namespaces of this round
  std::size_t looked = 0;              ///< of them
  std::vector<plan::Difference> differences;
  std::map<std::uint32_t, std::string> unknown;  ///< namespaces that could not be read, and why
  std::vector<DriftDescription> before;          ///< the differences of the last round
  bool stepping = false;                         ///< after the looking
  std::vector<plan::Operation> steps;
  std::size_t taken = 0;     ///< of the steps
  std::size_t restored = 0;  ///< of the differences: the tables among them, after all steps
  std::vector<plan::Operation> done;
  std::size_t waiting = 0;  ///< for nodes and services
  std::string lasting;      ///< an error that stays one, though nothing of the lab's is missing in the end

  /// What no later step can put right.
  void note_for_good(const Error& error) {
    if (lasting.empty()) lasting = error.text();
  }
  void note(const Result<>& outcome) {
    if (!outcome && description.error.empty()) description.error = outcome.error().text();
  }
  /// In the end: a lab of which not all is known is not said to be as it should be.
  void note_unknown() {
    if (!unknown.empty() && description.error.empty()) description.error = unknown.begin()->second;
  }
};

/// A table comes back as a whole, and not by a step of the plan.
[[nodiscard]] inline bool is_table(const plan::Difference& difference) {
  return difference.step.verb == plan::Verb::LoadRuleset;
}

[[nodiscard]] inline std::string removal(const net::Rule& rule, const net::Namespace& own) {
  const char* what = rule.family == Family::V6 ? "IPv6 rule" : "rule";
  return fmt::format("remove {}{} in {}", what, plan::rule_words(rule), own.name);
}

[[nodiscard]] inline std::string restoration(const plan::Difference& difference,
                                             const net::Desired& desired) {
  return fmt::format("restore table {} of {}", difference.object,
                     desired.namespaces[difference.step.ns].name);
}

}  // namespace hopyard::keeper
