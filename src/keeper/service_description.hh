#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "keeper/json.hh"

namespace hopyard::keeper {

enum class ServiceState : std::uint8_t {
  Waiting,   ///< for the services that it comes after
  Starting,  ///< it runs and is not ready yet
  Running,   ///< it runs and is ready
  Pausing,   ///< it has ended, and is started again in a moment
  Stopping,  ///< it is asked to end
  Stopped,   ///< somebody stopped it
  Ended,     ///< it has ended, and is not to be started again
};
[[nodiscard]] std::string_view state_name(ServiceState state);

/// A service of a node, as it is now.
struct ServiceDescription {
  std::string node;
  std::string name;
  ServiceState state = ServiceState::Waiting;
  pid_t pid = 0;  ///< of its process, as the node counts; 0 for none
  std::uint64_t restarts = 0;
  std::optional<int> last_exit;                 ///< as a shell shows it; nothing as long as it never ended
  std::chrono::steady_clock::time_point since;  ///< it is in this state
  std::string note;  ///< why it is not ready, for a person; empty if that is not known
};

/// As JSON between init, keeper and client, and back.
[[nodiscard]] Json to_json(const ServiceDescription& service);
[[nodiscard]] ServiceDescription service_from(const Json& object);

}  // namespace hopyard::keeper
