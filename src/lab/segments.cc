#include "lab/segments.hh"

#include <numeric>

namespace hopyard::lab {
namespace {

/// Disjoint sets with path halving.
class Sets {
 public:
  explicit Sets(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t find(std::uint32_t one) {
    while (parent_[one] != one) one = parent_[one] = parent_[parent_[one]];
    return one;
  }
  void join(std::uint32_t left, std::uint32_t right) { parent_[find(right)] = find(left); }

 private:
  std::vector<std::uint32_t> parent_;
};

}  // namespace

std::vector<Segment> segments(const Lab& lab) {
  // Elements: links, then networks, then nodes (of which only switches and hubs join anything).
  const auto links = static_cast<std::uint32_t>(lab.links.size());
  const auto networks = static_cast<std::uint32_t>(lab.networks.size());
  Sets sets(links + networks + lab.nodes.size());
  for (std::uint32_t i = 0; i < links; ++i) {
    for (const End& end : lab.links[i].ends) {
      if (end.to == End::To::Network)
        sets.join(i, links + end.index);
      else if (is_layer_two(lab.nodes[end.index].kind))
        sets.join(i, links + networks + end.index);
    }
  }
  std::vector<Segment> found;
  std::vector<std::uint32_t> number(links + networks + lab.nodes.size(), none);
  for (std::uint32_t i = 0; i < links; ++i) {
    std::uint32_t& segment = number[sets.find(i)];
    if (segment == none) {
      segment = static_cast<std::uint32_t>(found.size());
      found.emplace_back();
    }
    found[segment].links.push_back(i);
    for (const End& end : lab.links[i].ends)
      if (end.to == End::To::Node && !is_layer_two(lab.nodes[end.index].kind))
        found[segment].members.push_back({end.index, end.interface});
  }
  for (std::uint32_t i = 0; i < networks; ++i)
    if (const std::uint32_t segment = number[sets.find(links + i)]; segment != none)
      found[segment].networks.push_back(i);
  return found;
}

}  // namespace hopyard::lab
