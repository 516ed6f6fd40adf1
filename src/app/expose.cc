#include "app/expose.hh"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/locate.hh"
#include "app/netns.hh"
#include "app/netns_folder.hh"
#include "keeper/exposed.hh"
#include "sys/file.hh"

namespace hopyard::app {
namespace {

struct Talk {
  std::string lab;
  sys::Fd folder;
  std::map<std::string, std::string> nodes;  ///< by the link's target
};

Result<Talk> talk(const keeper::Registry& registry, const Exposure& wanted) {
  HOPYARD_TAKE(client, connect(registry, wanted.lab));
  HOPYARD_TAKE(descriptors, client.descriptors(wanted.nodes));
  HOPYARD_TAKE(folder, sys::open_folder(sys::here(), registry.path() + '/' + client.lab()));
  Talk talk{client.lab(), std::move(folder), {}};
  for (const auto& [node, number] : descriptors)
    talk.nodes.emplace(fmt::format("/proc/{}/fd/{}", client.keeper(), number), node);
  return talk;
}

}  // namespace

Result<std::string> exposed_name(const std::string& pattern, const std::string& lab,
                                 const std::string& node) {
  const std::string doing = fmt::format("name nodes by '{}'", pattern);
  std::string name;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const std::string_view rest = std::string_view(pattern).substr(at);
    if (rest.starts_with("{lab}")) {
      name += lab;
      at += std::string_view("{lab}").size() - 1;
    } else if (rest.starts_with("{node}")) {
      name += node;
      at += std::string_view("{node}").size() - 1;
    } else if (rest.front() == '{' || rest.front() == '}') {
      return refusal(doing, "only {lab} and {node} stand in braces", "as in --as '{lab}-{node}'");
    } else if (rest.front() == '\n') {
      return refusal(doing, "a name is one line");
    } else {
      name += rest.front();
    }
  }
  HOPYARD_TRY(check_netns_name(name));
  return name;
}

Result<Exposed> expose(const keeper::Registry& registry, const Exposure& wanted) {
  HOPYARD_TAKE(with, talk(registry, wanted));
  Exposed exposed{with.lab, {}};
  std::vector<keeper::ExposedLink> links;
  std::set<std::string> names;
  for (const auto& [target, node] : with.nodes) {
    HOPYARD_TAKE(name, exposed_name(wanted.pattern, with.lab, node));
    if (!names.insert(name).second)
      return refusal(fmt::format("name nodes by '{}'", wanted.pattern),
                     fmt::format("more than one would be {}", name), "put {node} into it");
    links.push_back({target, netns_path(name)});
    exposed.names.push_back({node, std::move(name)});
  }
  if (auto made = keeper::make_exposed(with.folder.get(), links); !made) {
    Error error = std::move(made).error();
    if (error.code == EEXIST)
      error.remedy = "choose other names with --as, or take it away with: hopyard netns delete " +
                     error.object.substr(error.object.rfind('/') + 1);
    else
      error.remedy = rights_remedy(error.code);
    error.doing = fmt::format("expose lab {}: {}", with.lab, error.doing);
    return std::unexpected(std::move(error));
  }
  std::ranges::sort(exposed.names, {}, &ExposedName::name);
  return exposed;
}

Result<Exposed> unexpose(const keeper::Registry& registry, const Exposure& wanted) {
  HOPYARD_TAKE(with, talk(registry, wanted));
  Exposed hidden{with.lab, {}};
  if (!keeper::has_exposed(with.folder.get())) return hidden;
  HOPYARD_TAKE(gone, keeper::remove_exposed(with.folder.get(), [&](const keeper::ExposedLink& link) {
                 return with.nodes.contains(link.target);
               }));
  for (const keeper::ExposedLink& link : gone)
    hidden.names.push_back({with.nodes[link.target], link.path.substr(link.path.rfind('/') + 1)});
  std::ranges::sort(hidden.names, {}, &ExposedName::name);
  return hidden;
}

}  // namespace hopyard::app
