#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/ip.hh"
#include "lab/lab.hh"
#include "lab/segments.hh"

namespace hopyard::lower::daemons {

/// Another router that BGP is spoken with, over one pair of addresses in one subnet, or over link-local ones.
struct Peer {
  std::uint32_t node = lab::none;  ///< into Lab::nodes
  std::string name;                ///< of that node
  std::uint32_t as = 0;
  std::string interface;  ///< own one; lo for a member of the mesh
  IpAddress own;
  IpAddress address;                      ///< the other's, of the same family
  bool link_local = false;                ///< both are link-local: one session for both families
  lab::Daemon daemon = lab::Daemon::Frr;  ///< the other's
  bool bfd = false;                       ///< both have asked for it
};

/// An interface that an interior protocol (OSPF, RIP, IS-IS) announces, and speaks on unless it is passive.
struct IgpInterface {
  std::string name;
  std::uint32_t cost = 1;       ///< of leaving the node here
  bool passive = false;         ///< nobody else on it speaks the protocol, or the person said so
  bool point_to_point = false;  ///< there is one other router
  bool fast = false;            ///< none of the routers on it has asked for realistic timers
  std::uint32_t area = 0;       ///< OSPF's
  bool bfd = false;             ///< all of the routers on it have asked for it
  bool v4 = false;              ///< has addresses of that family, and so on
  bool v6 = false;
};

/// What a node's daemons have to know beyond what the person wrote about the node.
struct Speaker {
  IpAddress router_id;
  std::vector<Peer> peers;  ///< in the order of the node's interfaces, IPv4 first
  std::vector<IgpInterface> ospf;
  std::vector<IgpInterface> rip;
  std::vector<IgpInterface> isis;
  std::uint32_t lsp_mtu = 0;  ///< bytes that an IS-IS packet of the lab may have; 0 for what isisd has, 1497
  bool v4 = false;            ///< the node has addresses of that family
  bool v6 = false;
};

/// The address that the kernel gives an interface by its MAC (RFC 4291, appendix A).
[[nodiscard]] IpAddress link_local(const Mac& mac);

/// One for each node of the lab; empty for those that run no routing protocol. Neighbours are the routers of
/// a shared subnet that run the same protocol. Two routers of different AS that both run BGP speak no
/// interior protocol with each other.
[[nodiscard]] std::vector<Speaker> speakers(const lab::Lab& lab, std::span<const lab::Segment> segments);

}  // namespace hopyard::lower::daemons
