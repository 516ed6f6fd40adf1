#include "app/ls.hh"

#include <algorithm>

#include "keeper/client.hh"

namespace hopyard::app {
namespace {

Result<keeper::Description> describe(const keeper::Registry& registry, const std::string& lab) {
  HOPYARD_TAKE(client, keeper::Client::connect(registry, lab));
  // The numbers of the whole lab come with the description of any part of it, and a large lab takes a while
  // to describe.
  HOPYARD_TAKE(nodes, client.nodes());
  nodes.resize(std::min<std::size_t>(1, nodes.size()));
  return client.describe(nodes);
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
