#include "cli/verbs.hh"

#include <algorithm>
#include <array>

namespace hopyard::cli {
namespace {

constexpr std::array table{
    &check_verb,      &import_verb, &up_verb,      &test_verb,     &ls_verb,     &down_verb, &show_verb,
    &exec_verb,       &shell_verb,  &ps_verb,      &logs_verb,     &routes_verb, &wait_verb, &spread_verb,
    &start_verb,      &stop_verb,   &restart_verb, &set_verb,      &fail_verb,   &heal_verb, &doctor_verb,
    &completion_verb, &help_verb,   &version_verb, &complete_verb, &man_verb,
};

}  // namespace

std::span<const Verb* const> verbs() {
  return table;
}

const Verb* find_verb(std::string_view name) {
  const auto found = std::ranges::find_if(table, [name](const Verb* verb) { return verb->name == name; });
  return found == table.end() ? nullptr : *found;
}

}  // namespace hopyard::cli
