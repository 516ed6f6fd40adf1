#include "app/confirm.hh"

#include "app/locate.hh"

namespace hopyard::app {

Result<std::string> confirm(const keeper::Registry& registry, const std::string& given) {
  HOPYARD_TAKE(client, connect(registry, given));
  HOPYARD_TRY(client.confirm());
  return client.lab();
}

}  // namespace hopyard::app
