#include <algorithm>

#include "keeper/keeper.hh"

namespace hopyard::keeper {
namespace {

/// Names of the services that have @p path in their command, as a word of its own or behind "=".
Json readers(const net::Machine& machine, const std::string& path) {
  Json names = Json::array();
  for (const net::Service& service : machine.services) {
    const bool reads = std::ranges::any_of(service.command, [&](const std::string& word) {
      return word.ends_with(path) &&
             (word.size() == path.size() || word[word.size() - path.size() - 1] == '=');
    });
    if (reads) names.push_back(service.name);
  }
  return names;
}

}  // namespace

void Keeper::on_configuration(const Json& request, const Reply& reply) {
  const auto ns = directory_.node(text(request, "node"));
  if (!ns) return reply({error_answer(ns.error())});
  Json files = Json::array();
  const net::Machine& machine = held_.desired.namespaces[*ns].machine;
  for (const net::File& file : machine.files)
    if (Json services = readers(machine, file.path); !services.empty())
      files.push_back({{"path", file.path}, {"content", file.content}, {"services", std::move(services)}});
  reply({text_of({{"ok", true}, {"files", std::move(files)}})});
}

}  // namespace hopyard::keeper
