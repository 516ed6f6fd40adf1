#include "lower/routes.hh"

#include <algorithm>

namespace hopyard::lower {
namespace {

std::uint32_t effective_metric(const net::Route& route) {
  // ip-route(8): a metric of 0 is 1024 for IPv6.
  return route.metric == 0 && route.to.family() == Family::V6 ? 1024 : route.metric;
}

bool same_place(const net::Route& left, const net::Route& right) {
  return left.to == right.to && left.table == right.table &&
         effective_metric(left) == effective_metric(right);
}

}  // namespace

std::vector<net::Route> merged(std::vector<net::Route> computed, const std::vector<net::Route>& given) {
  if (given.empty()) return computed;
  std::erase_if(computed, [&](const net::Route& one) {
    return std::any_of(given.begin(), given.end(),
                       [&](const net::Route& other) { return same_place(one, other); });
  });
  computed.insert(computed.end(), given.begin(), given.end());
  return computed;
}

}  // namespace hopyard::lower
