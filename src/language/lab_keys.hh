#pragma once

#include <string_view>

#include "net/link.hh"

/// Keys that follow from names, so that a lab file means the same network each time. Whoever has the file has
/// them: they keep nothing secret, unless they are made from a secret.
namespace hopyard::language {

/// WireGuard's private key of an interface, as X25519 wants it (RFC 7748, 5).
[[nodiscard]] net::Key256 wireguard_key(std::string_view lab, std::string_view node,
                                        std::string_view interface);
/// WireGuard's private key of a machine of a lab, from a secret that its machines share.
[[nodiscard]] net::Key256 machine_key(std::string_view secret, std::string_view lab,
                                      std::string_view machine);
[[nodiscard]] net::Key256 public_key(const net::Key256& private_key);
/// MACsec's key of what an interface sends.
[[nodiscard]] net::Key128 macsec_key(std::string_view lab, std::string_view node, std::string_view interface);

}  // namespace hopyard::language
