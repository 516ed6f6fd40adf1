#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lab/lab.hh"

/// The names of a lab as zones of DNS.
namespace hopyard::lower::hosting {

/// A zone in the form of a master file (RFC 1035, 5).
struct Zone {
  std::string name;  ///< without the dot at its end: empty for the root; as in the lab, not escaped
  std::string text;
};

/// Forward zones, then reverse ones. A server that forwards nothing has the root itself: what it does not
/// know is not there. One that forwards has a zone for each name, and leaves all others open. Names that
/// cannot stand in DNS (a label that is empty or longer than 63 bytes) are left out.
[[nodiscard]] std::vector<Zone> zones_of(const lab::Lab& lab, const lab::DnsServer& server);

/// @p name with what means something in a master file escaped (RFC 1035, 5.1).
[[nodiscard]] std::string escaped(std::string_view name);

}  // namespace hopyard::lower::hosting
