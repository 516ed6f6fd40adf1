#pragma once

#include <string>
#include <string_view>

#include "net/service.hh"

/// The frames by which a machine of its own shows that it is up.
namespace hopyard::keeper {

/// An ICMP echo request to the machine, as its neighbour would send it: the whole Ethernet frame (RFC 792,
/// RFC 4443).
[[nodiscard]] std::string echo_request(const net::Sign& sign);

/// True for the Ethernet frame of the echo reply to it, or of a DHCPACK for the machine with an address in it
/// (RFC 2131).
[[nodiscard]] bool is_sign(std::string_view frame, const net::Sign& sign);

}  // namespace hopyard::keeper
