#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "net/desired.hh"
#include "plan/plan.hh"

namespace hopyard::engine {

/// Part of one stage of a plan: [begin, end).
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// What becomes possible when. The plan's stages are cut by namespace: once the first n namespaces are there,
/// the links among them can be made, and a namespace whose links are all made can be given its settings. So
/// one namespace after the other is finished while what belongs to it is still warm, and making namespaces
/// can run ahead of the rest.
class Schedule {
 public:
  Schedule(const plan::Plan& plan, const net::Desired& desired);

  /// Of Plan::namespaces: what makes this namespace.
  [[nodiscard]] Range creation(std::uint32_t ns) const { return creations_[ns]; }
  /// Indices into Plan::links: the links between this namespace and earlier ones or itself.
  [[nodiscard]] std::span<const std::uint32_t> links(std::uint32_t ns) const;
  /// Of Plan::settings: those of this namespace.
  [[nodiscard]] Range settings(std::uint32_t ns) const { return settings_[ns]; }
  /// How many operations of Plan::links this namespace has a part in.
  [[nodiscard]] std::uint32_t links_of(std::uint32_t ns) const { return parts_[ns]; }

 private:
  std::vector<Range> creations_;
  std::vector<Range> settings_;
  std::vector<std::uint32_t> link_order_;
  std::vector<std::uint32_t> link_starts_;  // into link_order_, one more than there are namespaces
  std::vector<std::uint32_t> parts_;
};

/// The namespace at the other end of a link operation; its own when it has no other end.
[[nodiscard]] std::uint32_t other_end(const plan::Operation& link, const net::Desired& desired);

}  // namespace hopyard::engine
