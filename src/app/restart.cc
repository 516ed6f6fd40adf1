#include "app/restart.hh"

#include <algorithm>

#include "app/locate.hh"
#include "app/place.hh"
#include "keeper/client.hh"

namespace hopyard::app {

Result<Restarted> restart(const keeper::Registry& registry, const std::string& lab, const std::string& node,
                          const std::vector<std::string>& services) {
  const auto [prefix, name] = parse_node(node);
  HOPYARD_TAKE(meant, agreed_lab(lab, prefix));
  HOPYARD_TAKE(client, connect(registry, meant));
  HOPYARD_TRY(client.restart(name, services));
  HOPYARD_TAKE(now, client.services(name));
  if (!services.empty())
    std::erase_if(now,
                  [&](const auto& one) { return std::ranges::find(services, one.name) == services.end(); });
  return Restarted{client.lab(), name, std::move(now)};
}

}  // namespace hopyard::app
