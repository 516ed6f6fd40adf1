#pragma once

#include <string_view>
#include <vector>

#include "base/ip.hh"
#include "language/names.hh"
#include "language/report.hh"
#include "net/link.hh"

namespace hopyard::language {

/// The families that the outer packets of a tunnel may have, the preferred one first. Those of macsec have
/// no addresses; the wire that it rides on may be given by one of either family.
[[nodiscard]] std::vector<Family> outer_families(net::LinkType type);
/// "IPv4", "IPv6" or "IPv4 or IPv6".
[[nodiscard]] std::string_view family_names(const std::vector<Family>& families);
/// Whether a tunnel can go over the addresses among the words of `over`. Reported where it cannot, with the
/// type that can.
[[nodiscard]] bool check_outer(Report& report, net::LinkType type, const std::vector<Text>& over);

}  // namespace hopyard::language
