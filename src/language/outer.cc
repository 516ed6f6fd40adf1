#include "language/outer.hh"

#include <fmt/format.h>

#include <algorithm>

#include "language/link_types.hh"

namespace hopyard::language {
namespace {

using net::LinkType;

/// The type that does over the other family what @p type does over its own.
std::string counterpart(LinkType type) {
  switch (type) {
    case LinkType::Gre:
      return "type: ip6gre";
    case LinkType::Gretap:
      return "type: ip6gretap";
    case LinkType::Ip6gre:
      return "type: gre";
    case LinkType::Ip6gretap:
      return "type: gretap";
    case LinkType::Ip6tnl:
      return "type: ipip, or sit for IPv6 within";
    default:
      return "type: ip6tnl";
  }
}

}  // namespace

std::vector<Family> outer_families(LinkType type) {
  if (outer_any(type) || type == LinkType::Macsec) return {Family::V4, Family::V6};
  return {outer_v6_only(type) ? Family::V6 : Family::V4};
}

std::string_view family_names(const std::vector<Family>& families) {
  if (families.size() == 2) return "IPv4 or IPv6";
  return families.front() == Family::V4 ? "IPv4" : "IPv6";
}

bool check_outer(Report& report, LinkType type, const std::vector<Text>& over) {
  const std::vector<Family> families = outer_families(type);
  for (const Text& word : over) {
    const auto address = IpAddress::parse(word.value);
    if (!address || std::ranges::find(families, address->family()) != families.end()) continue;
    report.error(word.at,
                 fmt::format("the outer addresses of {} are {}, not {}", net::link_type_name(type),
                             family_names(families), address->text()),
                 counterpart(type));
    return false;
  }
  return true;
}

}  // namespace hopyard::language
