#include "cli/verbs.hh"

#include <algorithm>
#include <array>

namespace hopyard::cli {
namespace {

constexpr std::array table{
    &check_verb,         &import_verb,       &up_verb,
    &test_verb,          &ls_verb,           &down_verb,
    &show_verb,          &exec_verb,         &shell_verb,
    &console_verb,       &ps_verb,           &logs_verb,
    &routes_verb,        &wait_verb,         &spread_verb,
    &start_verb,         &stop_verb,         &restart_verb,
    &set_verb,           &fail_verb,         &heal_verb,
    &repair_verb,        &doctor_verb,       &expose_verb,
    &confirm_verb,       &why_verb,          &netns_verb,
    &netns_list_verb,    &netns_add_verb,    &netns_attach_verb,
    &netns_set_verb,     &netns_delete_verb, &netns_identify_verb,
    &netns_pids_verb,    &netns_exec_verb,   &netns_monitor_verb,
    &netns_list_id_verb, &completion_verb,   &help_verb,
    &version_verb,       &complete_verb,     &man_verb,
};

}  // namespace

std::span<const Verb* const> verbs() {
  return table;
}

const Verb* find_verb(std::string_view name) {
  const auto found = std::ranges::find_if(table, [name](const Verb* verb) { return verb->name == name; });
  return found == table.end() ? nullptr : *found;
}

Spoken spoken_verb(std::span<const std::string_view> words) {
  if (words.empty()) return {};
  const Verb* const first = find_verb(words.front());
  const bool alone = words.size() == 1 || words[1].empty() || words[1].starts_with('-');
  if (first == nullptr || alone || !has_parts(*first)) return {first, 1};
  std::string name(first->name);
  (name += ' ') += words[1];
  if (const Verb* const whole = find_verb(name)) return {whole, 2};
  const auto found =
      std::ranges::find_if(table, [&](const Verb* verb) { return verb->name.starts_with(name); });
  return {found == table.end() ? nullptr : *found, 2};
}

bool is_part(const Verb& verb) {
  return verb.name.find(' ') != std::string_view::npos;
}

bool has_parts(const Verb& verb) {
  return std::ranges::any_of(table, [&](const Verb* other) {
    return other->name.size() > verb.name.size() && other->name.starts_with(verb.name) &&
           other->name[verb.name.size()] == ' ';
  });
}

}  // namespace hopyard::cli
