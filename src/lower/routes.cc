#include "lower/routes.hh"

#include <algorithm>

namespace hopyard::lower {
namespace {

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
