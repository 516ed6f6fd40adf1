#include "app/hops.hh"

#include <deque>
#include <unordered_map>
#include <unordered_set>

namespace hopyard::app {
namespace {

using Neighbours = std::unordered_map<std::string, std::vector<std::string>>;

Neighbours neighbours_of(const keeper::Description& lab) {
  Neighbours neighbours;
  for (const keeper::LinkDescription& link : lab.links) {
    neighbours[link.ends[0].node].push_back(link.ends[1].node);
    neighbours[link.ends[1].node].push_back(link.ends[0].node);
  }
  return neighbours;
}

std::unordered_set<std::string> segments_of(const keeper::Description& lab) {
  std::unordered_set<std::string> segments;
  for (const keeper::NodeDescription& network : lab.networks) segments.insert(network.name);
  for (const keeper::NodeDescription& node : lab.nodes)
    if (node.kind == "switch" || node.kind == "hub") segments.insert(node.name);
  return segments;
}

}  // namespace

std::vector<std::optional<unsigned>> hop_distances(const keeper::Description& lab,
                                                   const std::vector<std::string>& nodes,
                                                   const std::vector<std::string>& origins) {
  const Neighbours neighbours = neighbours_of(lab);
  const auto segments = segments_of(lab);
  std::unordered_map<std::string, unsigned> distance;
  // A step costs one where it leaves a node and nothing where it leaves a segment, so that the queue stays
  // sorted when the latter go to its front.
  std::deque<std::pair<std::string, unsigned>> queue;
  for (const std::string& origin : origins) queue.emplace_back(origin, 0);
  while (!queue.empty()) {
    const auto [name, so_far] = std::move(queue.front());
    queue.pop_front();
    if (!distance.emplace(name, so_far).second) continue;
    const auto found = neighbours.find(name);
    if (found == neighbours.end()) continue;
    const bool free = segments.contains(name);
    for (const std::string& next : found->second)
      if (free)
        queue.emplace_front(next, so_far);
      else
        queue.emplace_back(next, so_far + 1);
  }
  std::vector<std::optional<unsigned>> result;
  for (const std::string& node : nodes) {
    const auto found = distance.find(node);
    result.push_back(found == distance.end() ? std::nullopt : std::optional(found->second));
  }
  return result;
}

}  // namespace hopyard::app
