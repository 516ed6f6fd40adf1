#include "keeper/service_description.hh"

#include <array>

namespace hopyard::keeper {
namespace {

constexpr std::array<std::string_view, 7> names{"waiting",  "starting", "running", "pausing",
                                                "stopping", "stopped",  "ended"};

}  // namespace

std::string_view state_name(ServiceState state) {
  return names[static_cast<std::size_t>(state)];
}

Json to_json(const ServiceDescription& service) {
  const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(service.since.time_since_epoch());
  Json object{{"node", service.node},
              {"name", service.name},
              {"state", state_name(service.state)},
              {"pid", static_cast<std::uint64_t>(service.pid)},
              {"restarts", service.restarts},
              {"since_ms", static_cast<std::uint64_t>(since.count())}};
  if (service.last_exit) object["last_exit"] = static_cast<std::uint64_t>(*service.last_exit);
  if (!service.note.empty()) object["note"] = service.note;
  return object;
}

ServiceDescription service_from(const Json& object) {
  ServiceDescription service;
  service.node = text(object, "node");
  service.name = text(object, "name");
  const std::string state = text(object, "state");
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == state) service.state = static_cast<ServiceState>(i);
  }
  service.pid = static_cast<pid_t>(number(object, "pid"));
  service.restarts = number(object, "restarts");
  if (object.contains("last_exit")) service.last_exit = static_cast<int>(number(object, "last_exit"));
  service.since =
      std::chrono::steady_clock::time_point(std::chrono::milliseconds(number(object, "since_ms")));
  service.note = text(object, "note");
  return service;
}

}  // namespace hopyard::keeper
