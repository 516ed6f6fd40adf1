#include "app/down.hh"

#include <algorithm>
#include <chrono>

#include "app/locate.hh"

namespace hopyard::app {
namespace {

using Clock = std::chrono::steady_clock;

Result<Ended> end(keeper::Client& client, Clock::time_point began) {
  HOPYARD_TRY(client.down());
  return Ended{client.lab(), std::chrono::duration<double>(Clock::now() - began).count()};
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
    auto client = connect(registry, lab);
    if (!client) {
      HOPYARD_TAKE(now, registry.labs());
      if (std::ranges::find(now, lab) == now.end()) continue;  // somebody else has ended it
    }
    Result<Ended> ended = client ? end(*client, began) : pass_on(std::move(client));
    if (ended)
      all.ended.push_back(*std::move(ended));
    else
      all.errors.push_back(std::move(ended).error());
  }
  return all;
}

}  // namespace hopyard::app
