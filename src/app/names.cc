#include "app/names.hh"

#include <fmt/format.h>

#include "app/locate.hh"

namespace hopyard::app {
namespace {

std::string end_name(const keeper::LinkDescription::End& end) {
  return end.interface.empty() ? end.node : fmt::format("{}:{}", end.node, end.interface);
}

}  // namespace

std::vector<std::string> lab_names(const keeper::Registry& registry) {
  return registry.labs().value_or(std::vector<std::string>{});
}

std::vector<std::string> node_names(const keeper::Registry& registry, const std::string& lab) {
  auto client = connect(registry, lab);
  if (!client) return {};
  return client->nodes().value_or(std::vector<std::string>{});
}

std::vector<std::string> service_names(const keeper::Registry& registry, const std::string& lab,
                                       const std::string& node) {
  auto client = connect(registry, lab);
  if (!client || node.empty()) return {};
  const auto services = client->services(node);
  if (!services) return {};
  std::vector<std::string> names;
  names.reserve(services->size());
  for (const keeper::ServiceDescription& one : *services) names.push_back(one.name);
  return names;
}

std::vector<std::string> link_names(const keeper::Registry& registry, const std::string& lab) {
  auto client = connect(registry, lab);
  if (!client) return {};
  const auto description = client->describe();
  if (!description) return {};
  std::vector<std::string> names;
  for (const keeper::LinkDescription& link : description->links) {
    names.push_back(fmt::format("{}--{}", end_name(link.ends[0]), end_name(link.ends[1])));
    for (const auto& end : link.ends)
      if (!end.interface.empty()) names.push_back(end_name(end));
  }
  return names;
}

}  // namespace hopyard::app
