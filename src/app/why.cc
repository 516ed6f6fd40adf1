#include "app/why.hh"

#include <algorithm>
#include <map>

#include "app/locate.hh"
#include "app/netns.hh"
#include "app/place.hh"
#include "keeper/client.hh"
#include "observe/look.hh"
#include "sys/netns.hh"
#include "sys/procfs.hh"

namespace hopyard::app {
namespace {

void add(Diagnosis& diagnosis, const std::string& place, std::vector<observe::Mistake> found) {
  for (observe::Mistake& one : found) diagnosis.mistakes.push_back({place, std::move(one)});
}

Result<> look_at(Diagnosis& diagnosis, const std::string& place, int netns) {
  HOPYARD_TAKE(now, observe::look(netns));
  ++diagnosis.looked_at;
  add(diagnosis, place, observe::find_mistakes(now));
  return {};
}

bool has(const net::Snapshot& now, Family family) {
  return std::ranges::any_of(now.addresses, [&](const net::SeenAddress& one) {
    return one.address.address.family() == family && !one.link_local && one.link != 1;
  });
}

/// Of a router: whether it forwards what it has addresses of.
Result<> look_at_forwarding(Diagnosis& diagnosis, const std::string& node, int netns,
                            const net::Snapshot& now) {
  HOPYARD_TAKE(home, sys::current_netns());
  HOPYARD_TAKE(inside, sys::InsideNetns::enter(netns, home.get()));
  HOPYARD_TAKE(procfs, sys::Procfs::open());
  for (const auto& [family, path] : {std::pair(Family::V4, "sys/net/ipv4/ip_forward"),
                                     std::pair(Family::V6, "sys/net/ipv6/conf/all/forwarding")}) {
    const auto value = procfs.read(path);
    if (value && *value == "0" && has(now, family)) add(diagnosis, node, {observe::not_forwarding(family)});
  }
  return {};
}

/// `hopyard fail` has done it, and `hopyard heal` undoes it.
bool failed_on_purpose(const observe::Mistake& mistake, const keeper::NodeDescription& node,
                       const std::vector<keeper::LinkDescription>& links) {
  if (mistake.kind != observe::Mistake::Kind::Down) return false;
  const auto own = std::ranges::find(node.interfaces, mistake.interface, &keeper::InterfaceDescription::name);
  if (own != node.interfaces.end() && !own->up) return true;
  return std::ranges::any_of(links, [&](const keeper::LinkDescription& link) {
    return !link.up && std::ranges::any_of(link.ends, [&](const keeper::LinkDescription::End& end) {
      return end.node == node.name && end.interface == mistake.interface;
    });
  });
}

observe::Mistake unseen(const Error& error) {
  return {"", "it cannot be looked at: " + error.text(), "a container may have ended",
          "hopyard down, and up again"};
}

/// What was meant by the words of the command line: a lab, and its nodes by their plain names.
struct Meant {
  std::string lab;
  std::vector<std::string> nodes;
};
Result<Meant> meant_by(std::string lab, const std::vector<std::string>& words) {
  Meant meant{std::move(lab), {}};
  for (const std::string& word : words) {
    const auto [prefix, name] = parse_node(word);
    HOPYARD_TAKE(agreed, agreed_lab(meant.lab, prefix));
    meant.lab = agreed;
    meant.nodes.push_back(name);
  }
  return meant;
}

}  // namespace

Result<Diagnosis> why(const keeper::Registry& registry, const std::string& lab,
                      const std::vector<std::string>& nodes) {
  HOPYARD_TAKE(meant, meant_by(lab, nodes));
  HOPYARD_TAKE(client, connect(registry, meant.lab));
  HOPYARD_TAKE(description, meant.nodes.empty() ? client.describe() : client.describe(meant.nodes));
  Diagnosis diagnosis{client.lab(), 0, {}};
  std::map<std::string, net::Snapshot> seen;
  for (const keeper::NodeDescription& node : description.nodes) {
    if (node.kind == "external") continue;  // the host's own, see why_here()
    const auto netns = client.network_namespace(node.name);
    auto now = netns ? observe::look(netns->get()) : Result<net::Snapshot>(std::unexpected(netns.error()));
    if (!now) {
      add(diagnosis, node.name, {unseen(now.error())});
      continue;
    }
    ++diagnosis.looked_at;
    auto found = observe::find_mistakes(*now);
    std::erase_if(
        found, [&](const observe::Mistake& one) { return failed_on_purpose(one, node, description.links); });
    add(diagnosis, node.name, std::move(found));
    if (node.kind == "router") HOPYARD_TRY(look_at_forwarding(diagnosis, node.name, netns->get(), *now));
    seen.emplace(node.name, *std::move(now));
  }
  for (const keeper::LinkDescription& link : description.links) {
    const auto left = seen.find(link.ends[0].node);
    const auto right = seen.find(link.ends[1].node);
    if (left == seen.end() || right == seen.end()) continue;
    add(diagnosis, "",
        observe::find_wire_mistakes({left->first, link.ends[0].interface, &left->second},
                                    {right->first, link.ends[1].interface, &right->second}));
  }
  return diagnosis;
}

Result<Diagnosis> why_netns(const std::vector<std::string>& names) {
  Diagnosis diagnosis;
  for (const std::string& name : names) {
    HOPYARD_TAKE(netns, open_netns(name));
    HOPYARD_TRY(look_at(diagnosis, "netns " + name, netns.get()));
  }
  return diagnosis;
}

Result<Diagnosis> why_here() {
  Diagnosis diagnosis;
  HOPYARD_TAKE(netns, sys::current_netns());
  HOPYARD_TRY(look_at(diagnosis, "the host", netns.get()));
  return diagnosis;
}

}  // namespace hopyard::app
