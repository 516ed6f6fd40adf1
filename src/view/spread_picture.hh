#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hopyard::view {

/// A picture of how something spread: distance from its origin upwards, time to the right.
struct SpreadPicture {
  struct Point {
    enum class Kind : std::uint8_t {
      AtStart,  ///< there before anybody looked: stands at 0 seconds
      Got,
      Lost
    };
    Kind kind = Kind::Got;
    std::string label;
    unsigned hops = 0;
    double seconds = 0;
  };
  std::string title;
  std::string subtitle;
  std::vector<Point> points;
};

/// As SVG 1.1, on a white ground, in a size of its own; each point tells what it is when it is pointed at.
/// Names stand beside the points where there is room for them.
[[nodiscard]] std::string svg(const SpreadPicture& picture);

}  // namespace hopyard::view
