#include "app/repair.hh"

#include "app/locate.hh"

namespace hopyard::app {

Result<RepairReport> repair(const keeper::Registry& registry, const std::string& lab, bool only_say) {
  HOPYARD_TAKE(client, connect(registry, lab));
  HOPYARD_TAKE(done, client.repair(only_say));
  return RepairReport{client.lab(), std::move(done)};
}

}  // namespace hopyard::app
