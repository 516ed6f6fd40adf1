#include "maps/distance.hh"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hopyard::maps {
namespace {

constexpr double radius = 6371.0;

/// The sine of an angle of 0 to 90 degrees by its power series, exact to the last digits. The C library's own
/// chooses among variants for processors by means that a program with a copy of libm in it does not have.
double sine(double degrees) {
  const double angle = degrees * std::numbers::pi / 180;
  double term = angle;
  double sum = angle;
  for (int n = 3; n <= 25; n += 2) {
    term *= -angle * angle / (n * (n - 1));
    sum += term;
  }
  return sum;
}

/// The square of sin(angle / 2), of 0 to 180 degrees.
double haversine(double degrees) {
  const double half = sine(degrees / 2);
  return half * half;
}

double cosine_of(double latitude) {
  return sine(90 - std::abs(latitude));
}

}  // namespace

double kilometres(const Place& one, const Place& other) {
  const double around = std::abs(other.longitude - one.longitude);
  const double along = haversine(std::min(around, 360 - around));
  const double up = haversine(std::abs(other.latitude - one.latitude));
  const double both = up + cosine_of(one.latitude) * cosine_of(other.latitude) * along;
  const long double root = std::sqrt(std::min(both, 1.0));
  return static_cast<double>(2 * radius * std::asin(root));  // in long double: that has no variants
}

std::vector<double> lengths(const Map& map) {
  constexpr double unknown = -1;
  std::vector<double> found;
  std::vector<double> known;
  for (const Edge& edge : map.edges) {
    const auto& one = map.nodes[edge.ends[0]].place;
    const auto& other = map.nodes[edge.ends[1]].place;
    found.push_back(one && other ? kilometres(*one, *other) : unknown);
    if (found.back() != unknown) known.push_back(found.back());
  }
  if (known.empty()) return {};
  const auto middle = known.begin() + static_cast<std::ptrdiff_t>(known.size() / 2);
  std::nth_element(known.begin(), middle, known.end());
  std::replace(found.begin(), found.end(), unknown, *middle);
  return found;
}

}  // namespace hopyard::maps
