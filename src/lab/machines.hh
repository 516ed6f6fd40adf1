#pragma once

#include <cstdint>
#include <string>

#include "base/ip.hh"
#include "base/source.hh"
#include "net/link.hh"

namespace hopyard::lab {

/// One of the machines that a lab is spread over.
struct Machine {
  std::string name;
  IpAddress address;       ///< where the others reach it
  std::uint16_t port = 0;  ///< UDP, wireguard's alone: where it listens and the others reach it
  net::Key256 private_key{};
  net::Key256 public_key{};
  Span at;
};

/// What joins the parts of a lab that is spread over machines.
struct Between {
  enum class By : std::uint8_t { Vxlan, Gretap, Wireguard };
  By by = By::Vxlan;
  std::uint32_t vni = 0;     ///< of the first wire that spans machines, the others follow; 0: from names
  std::uint16_t port = 0;    ///< UDP; 0 for gretap
  std::uint32_t mtu = 1500;  ///< of the way between the machines
  std::uint32_t tunnel_mtu = 1500;  ///< of the wireguard devices, which the others' tunnels go over
  std::uint32_t inner_mtu = 1500;   ///< of the wires that span machines
};

}  // namespace hopyard::lab
