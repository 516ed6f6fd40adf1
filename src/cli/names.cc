#include "cli/names.hh"

#include <fmt/format.h>

#include "app/names.hh"
#include "app/netns.hh"

namespace hopyard::cli {

Names running_names() {
  const auto registry = keeper::Registry::standard();
  return {[registry] { return app::lab_names(registry); },
          [registry](const std::string& lab) { return app::node_names(registry, lab); },
          [registry](const std::string& lab, const std::string& node) {
            return app::service_names(registry, lab, node);
          },
          [registry](const std::string& lab) { return app::link_names(registry, lab); },
          [] { return app::netns_names().value_or(std::vector<std::string>{}); }};
}

}  // namespace hopyard::cli
