#include "app/down.hh"

#include <chrono>

#include "app/locate.hh"

namespace hopyard::app {

Result<Ended> down(const keeper::Registry& registry, const std::string& given) {
  const auto began = std::chrono::steady_clock::now();
  HOPYARD_TAKE(client, connect(registry, given));
  HOPYARD_TRY(client.down());
  return Ended{client.lab(), std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count()};
}

Result<AllEnded> down_all(const keeper::Registry& registry) {
  AllEnded all;
  HOPYARD_TAKE(labs, registry.labs());
  for (const std::string& lab : labs) {
    auto ended = down(registry, lab);
    if (ended)
      all.ended.push_back(*std::move(ended));
    else
      all.errors.push_back(std::move(ended).error());
  }
  return all;
}

}  // namespace hopyard::app
