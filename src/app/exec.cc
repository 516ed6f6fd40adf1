#include "app/exec.hh"

#include <algorithm>
#include <map>

#include "app/locate.hh"
#include "app/place.hh"

namespace hopyard::app {
namespace {

struct Wanted {
  std::string lab;
  std::string node;
  friend bool operator==(const Wanted&, const Wanted&) = default;
};

Result<std::vector<Wanted>> wanted(const WhichNodes& which) {
  std::vector<Wanted> list;
  for (const std::string& words : which.nodes) {
    auto [prefix, node] = parse_node(words);
    HOPYARD_TAKE(lab, agreed_lab(which.lab, prefix));
    Wanted one{lab, std::move(node)};
    if (std::ranges::find(list, one) == list.end()) list.push_back(std::move(one));
  }
  return list;
}

Result<std::vector<keeper::Entry>> enter_all(const keeper::Registry& registry, const std::string& lab) {
  HOPYARD_TAKE(client, connect(registry, lab));
  HOPYARD_TAKE(nodes, client.nodes());
  return client.enter(nodes);
}

}  // namespace

Result<std::vector<keeper::Entry>> enter(const keeper::Registry& registry, const WhichNodes& which) {
  if (which.all) return enter_all(registry, which.lab);
  HOPYARD_TAKE(list, wanted(which));
  std::map<std::string, std::vector<std::string>> by_lab;
  for (const Wanted& one : list) by_lab[one.lab].push_back(one.node);
  std::map<std::string, std::vector<keeper::Entry>> entered;
  for (const auto& [lab, nodes] : by_lab) {
    HOPYARD_TAKE(client, connect(registry, lab));
    HOPYARD_TAKE(entries, client.enter(nodes));
    std::ranges::reverse(entries);  // to be taken from the back
    entered[lab] = std::move(entries);
  }
  std::vector<keeper::Entry> ordered;
  for (const Wanted& one : list) {
    auto& entries = entered[one.lab];
    ordered.push_back(std::move(entries.back()));
    entries.pop_back();
  }
  return ordered;
}

Result<int> exec(const keeper::Entry& entry, std::span<const std::string> command) {
  return keeper::run_in(entry, command, {.mirror_signal = true, .own_terminal = false});
}

Result<std::vector<int>> exec_all(std::span<const keeper::Entry> entries,
                                  std::span<const std::string> command,
                                  const std::function<void(const keeper::Entry& entry, keeper::Stream stream,
                                                           std::string_view line)>& line) {
  return keeper::run_in_many(entries, command, line);
}

Result<int> shell(const keeper::Entry& entry) {
  return keeper::run_in(entry, keeper::shell_of(entry), {.mirror_signal = false, .own_terminal = true});
}

int first_failure(std::span<const int> statuses) {
  const auto failed = std::ranges::find_if(statuses, [](int status) { return status != 0; });
  return failed == statuses.end() ? 0 : *failed;
}

}  // namespace hopyard::app
