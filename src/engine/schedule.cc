#include "engine/schedule.hh"

#include <algorithm>

namespace hopyard::engine {
namespace {

std::vector<Range> ranges_of(const std::vector<plan::Operation>& operations, std::size_t namespaces) {
  std::vector<Range> ranges(namespaces);
  for (std::uint32_t i = 0; i < operations.size(); ++i) {
    Range& range = ranges[operations[i].ns];
    if (range.end == 0) range.begin = i;
    range.end = i + 1;
  }
  return ranges;
}

}  // namespace

std::uint32_t other_end(const plan::Operation& link, const net::Desired& desired) {
  if (link.verb == plan::Verb::CreateDevice)
    return desired.namespaces[link.ns].devices[link.device].link->lower_namespace;
  if (link.verb != plan::Verb::CreateVeth) return link.ns;
  return desired.namespaces[link.ns].devices[link.device].peer_namespace;
}

Schedule::Schedule(const plan::Plan& plan, const net::Desired& desired)
    : creations_(ranges_of(plan.namespaces, desired.namespaces.size())),
      settings_(ranges_of(plan.settings, desired.namespaces.size())),
      link_order_(plan.links.size()),
      link_starts_(desired.namespaces.size() + 1),
      parts_(desired.namespaces.size()) {
  // A counting sort by the later of the two namespaces keeps the plan's order among those of one.
  const auto later = [&](const plan::Operation& link) { return std::max(link.ns, other_end(link, desired)); };
  for (const plan::Operation& link : plan.links) {
    ++link_starts_[later(link) + 1];
    ++parts_[link.ns];
    if (other_end(link, desired) != link.ns) ++parts_[other_end(link, desired)];
  }
  for (std::size_t i = 1; i < link_starts_.size(); ++i) link_starts_[i] += link_starts_[i - 1];
  std::vector<std::uint32_t> next(link_starts_.begin(), link_starts_.end() - 1);
  for (std::uint32_t i = 0; i < plan.links.size(); ++i) link_order_[next[later(plan.links[i])]++] = i;
}

std::span<const std::uint32_t> Schedule::links(std::uint32_t ns) const {
  return std::span(link_order_).subspan(link_starts_[ns], link_starts_[ns + 1] - link_starts_[ns]);
}

}  // namespace hopyard::engine
