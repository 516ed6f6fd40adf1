#include "app/restart.hh"

#include <algorithm>

#include "app/locate.hh"
#include "app/place.hh"
#include "keeper/client.hh"

namespace hopyard::app {

Result<Ordered> order(const keeper::Registry& registry, const std::string& lab, const std::string& node,
                      keeper::ServiceOrder what, const std::vector<std::string>& services) {
  const auto [prefix, name] = parse_node(node);
  HOPYARD_TAKE(meant, agreed_lab(lab, prefix));
  HOPYARD_TAKE(client, connect(registry, meant));
  HOPYARD_TAKE(meant_services, client.order(name, what, services));
  HOPYARD_TAKE(now, client.services(name));
  std::erase_if(now, [&](const auto& one) {
    return std::ranges::find(meant_services, one.name) == meant_services.end();
  });
  return Ordered{client.lab(), name, std::move(now)};
}

}  // namespace hopyard::app
