#include "app/ps.hh"

#include "app/locate.hh"
#include "app/place.hh"

namespace hopyard::app {

Result<Processes> ps(const keeper::Registry& registry, const std::string& lab, const std::string& node) {
  const auto [prefix, name] = parse_node(node);
  HOPYARD_TAKE(meant, agreed_lab(lab, prefix));
  HOPYARD_TAKE(client, connect(registry, meant));
  if (!name.empty()) {
    // Asked for so that a name which is none is an error with a suggestion, and not an empty list.
    const std::string one[] = {name};
    HOPYARD_TRY(client.describe(one));
  }
  HOPYARD_TAKE(list, client.processes());
  if (!name.empty()) std::erase_if(list, [&name](const auto& process) { return process.node != name; });
  return Processes{client.lab(), std::move(list)};
}

}  // namespace hopyard::app
