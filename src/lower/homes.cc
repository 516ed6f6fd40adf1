#include "lower/homes.hh"

#include <string_view>
#include <unordered_set>

#include "base/hash.hh"

namespace hopyard::lower {
namespace {

constexpr std::uint32_t all_ids = 1U << 24U;  // VNIs (RFC 7348); 0 is none

/// Numbers that are never given twice.
class Ids {
 public:
  Ids(std::string_view lab, std::uint32_t base) : lab_(lab), next_(base) {}
  std::uint32_t take(std::string_view name) {
    std::uint32_t id = next_;
    if (next_ == 0) {
      Hash hash;
      hash.add(lab_);
      hash.add(name);
      id = static_cast<std::uint32_t>(hash.value() % all_ids);
    }
    while (id % all_ids == 0 || !taken_.insert(id).second) id = (id + 1) % all_ids;
    return id;
  }

 private:
  std::string_view lab_;
  std::uint32_t next_;
  std::unordered_set<std::uint32_t> taken_;
};

}  // namespace

Homes::Homes(const lab::Lab& lab, const net::Desired& whole)
    : wires_(whole.wires.size(), net::none),
      namespaces_(whole.namespaces.size()),
      wire_ids_(whole.wires.size()),
      namespace_ids_(whole.namespaces.size()) {
  for (std::uint32_t node = 0; node < lab.nodes.size(); ++node)
    if (lab.nodes[node].on_machine != lab::none) namespaces_[node].insert(lab.nodes[node].on_machine);
  find(lab, whole);
  number(lab, whole);
}

void Homes::find(const lab::Lab& lab, const net::Desired& whole) {
  const auto machine = [&](std::uint32_t ns) {
    return ns < lab.nodes.size() ? lab.nodes[ns].on_machine : lab::none;
  };
  for (std::uint32_t i = 0; i < whole.wires.size(); ++i) {
    const auto& ends = whole.wires[i].namespaces;
    const std::uint32_t left = machine(ends[0]);
    const std::uint32_t right = machine(ends[1]);
    if (left != lab::none && right != lab::none && left != right) continue;
    wires_[i] = left != lab::none ? left : right;
    if (wires_[i] == lab::none) continue;
    for (const std::uint32_t end : ends) namespaces_[end].insert(wires_[i]);
  }
}

void Homes::number(const lab::Lab& lab, const net::Desired& whole) {
  Ids ids(lab.name, lab.between.vni);
  for (std::uint32_t i = 0; i < whole.wires.size(); ++i)
    if (wires_[i] == net::none) wire_ids_[i] = ids.take(whole.wires[i].name);
  for (auto ns = static_cast<std::uint32_t>(lab.nodes.size()); ns < whole.namespaces.size(); ++ns)
    if (namespaces_[ns].size() > 1) namespace_ids_[ns] = ids.take(whole.namespaces[ns].name);
}

}  // namespace hopyard::lower
