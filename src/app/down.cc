#include "app/down.hh"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "app/locate.hh"

namespace hopyard::app {
namespace {

using Clock = std::chrono::steady_clock;

Result<Ended> end(keeper::Client& client, Clock::time_point began) {
  HOPYARD_TRY(client.down());
  return Ended{client.lab(), std::chrono::duration<double>(Clock::now() - began).count()};
}

constexpr std::chrono::seconds time_to_come_or_go{5};
constexpr std::chrono::milliseconds between_looks{50};

/// A lab that nobody can speak with is coming or going. @return nothing when it has gone, as somebody else
/// has ended it.
Result<std::optional<keeper::Client>> reach(const keeper::Registry& registry, const std::string& lab) {
  const auto until = Clock::now() + time_to_come_or_go;
  for (;;) {
    auto client = connect(registry, lab);
    if (client) return std::optional(std::move(*client));
    const auto labs = registry.labs();
    if (labs && std::ranges::find(*labs, lab) == labs->end()) return std::nullopt;
    if (Clock::now() >= until) return pass_on(std::move(client));
    std::this_thread::sleep_for(between_looks);
  }
}

}  // namespace

Result<Ended> down(const keeper::Registry& registry, const std::string& given) {
  const auto began = Clock::now();
  HOPYARD_TAKE(client, connect(registry, given));
  return end(client, began);
}

Result<AllEnded> down_all(const keeper::Registry& registry) {
  AllEnded all;
  HOPYARD_TAKE(labs, registry.labs());
  for (const std::string& lab : labs) {
    const auto began = Clock::now();
    auto client = reach(registry, lab);
    if (client && !*client) continue;
    Result<Ended> ended = client ? end(**client, began) : pass_on(std::move(client));
    if (ended)
      all.ended.push_back(*std::move(ended));
    else
      all.errors.push_back(std::move(ended).error());
  }
  return all;
}

}  // namespace hopyard::app
