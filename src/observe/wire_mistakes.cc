#include <fmt/format.h>

#include <algorithm>

#include "observe/mistakes.hh"

namespace hopyard::observe {
namespace {

struct Seen {
  const net::SeenLink* link = nullptr;
  std::vector<InterfaceAddress> addresses;  ///< that somebody gave it, of one family
};

Seen look(const WireEnd& end, Family family) {
  Seen seen;
  const auto link = std::ranges::find(end.now->links, end.interface, &net::SeenLink::name);
  if (link == end.now->links.end()) return seen;
  seen.link = &*link;
  for (const net::SeenAddress& one : end.now->addresses)
    if (one.link == link->index && !one.link_local && one.address.address.family() == family)
      seen.addresses.push_back(one.address);
  return seen;
}

std::string name_of(const WireEnd& end) {
  return end.node + ':' + end.interface;
}

bool reaches(const Seen& from, const Seen& to) {
  return std::ranges::any_of(from.addresses, [&](const InterfaceAddress& own) {
    return std::ranges::any_of(
        to.addresses, [&](const InterfaceAddress& one) { return own.prefix().contains(one.address); });
  });
}

void compare(const WireEnd& left, const WireEnd& right, Family family, std::vector<Mistake>& found) {
  const Seen one = look(left, family);
  const Seen other = look(right, family);
  const std::string wire = fmt::format("{} -- {}", name_of(left), name_of(right));
  for (const InterfaceAddress& address : one.addresses)
    for (const InterfaceAddress& same : other.addresses)
      if (address.address == same.address)
        found.push_back({wire, fmt::format("both ends have {}", address.address.text()),
                         "each takes what is for the other to be its own",
                         "give one of them another address"});
  // Addresses of full length have neighbours by their routes, if at all.
  const auto whole = [](const InterfaceAddress& each) { return each.length == bits(each.address.family()); };
  if (one.addresses.empty() || other.addresses.empty() || std::ranges::any_of(one.addresses, whole) ||
      std::ranges::any_of(other.addresses, whole))
    return;
  if (reaches(one, other) && reaches(other, one)) return;
  found.push_back({wire,
                   fmt::format("{} and {} are not in one subnet", one.addresses.front().text(),
                               other.addresses.front().text()),
                   "at least one end has no route to the other",
                   "give both ends addresses of one prefix, of the same length"});
}

}  // namespace

std::vector<Mistake> find_wire_mistakes(const WireEnd& left, const WireEnd& right) {
  std::vector<Mistake> found;
  const net::SeenLink* one = look(left, Family::V4).link;
  const net::SeenLink* other = look(right, Family::V4).link;
  if (one != nullptr && other != nullptr && one->mtu != other->mtu)
    found.push_back(
        {fmt::format("{} -- {}", name_of(left), name_of(right)),
         fmt::format("{} has an MTU of {} and {} of {}", name_of(left), one->mtu, name_of(right), other->mtu),
         fmt::format("packets of more than {} bytes are dropped without a word",
                     std::min(one->mtu, other->mtu)),
         "give both ends the same: ip link set DEVICE mtu BYTES"});
  compare(left, right, Family::V4, found);
  compare(left, right, Family::V6, found);
  return found;
}

}  // namespace hopyard::observe
