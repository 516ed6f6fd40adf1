#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "lower/routing/labels.hh"

namespace hopyard::lower::routing {

/// Where a router sends what is for each vertex: the numbers of a component, cut into stretches with one
/// label each.
class Line {
 public:
  struct Stretch {
    std::uint32_t first;  ///< up to the next stretch's first
    Label label;
  };
  void clear() { stretches_.clear(); }
  /// The stretch up to here ends, and @p label begins. @p first never goes back. The very first stretch
  /// begins at 0 anyway.
  void from(std::uint32_t first, Label label);
  [[nodiscard]] Label at(std::uint32_t number) const;
  /// The one label of all numbers from @p low to @p high, if there is one.
  [[nodiscard]] std::optional<Label> all(std::uint32_t low, std::uint32_t high) const;
  [[nodiscard]] const std::vector<Stretch>& stretches() const { return stretches_; }

 private:
  [[nodiscard]] std::size_t find(std::uint32_t number) const;
  std::vector<Stretch> stretches_;
};

}  // namespace hopyard::lower::routing
