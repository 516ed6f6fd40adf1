#include "app/ls.hh"

#include "keeper/client.hh"

namespace hopyard::app {
namespace {

Result<keeper::Description> describe(const keeper::Registry& registry, const std::string& lab) {
  HOPYARD_TAKE(client, keeper::Client::connect(registry, lab));
  return client.describe();
}

}  // namespace

Result<std::vector<ListedLab>> ls(const keeper::Registry& registry) {
  HOPYARD_TAKE(labs, registry.labs());
  std::vector<ListedLab> list;
  for (const std::string& lab : labs) {
    auto description = describe(registry, lab);
    if (description)
      list.push_back({lab, *std::move(description), {}});
    else
      list.push_back({lab, std::nullopt, description.error().doing});
  }
  return list;
}

}  // namespace hopyard::app
