#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.hh"
#include "base/mac.hh"
#include "net/route.hh"

/// What one network namespace has now, as the kernel tells it. Values only.
namespace hopyard::net {

struct SeenLink {
  std::uint32_t index = 0;  ///< as the kernel counts, from 1 (lo)
  std::string name;
  std::string kind;  ///< "veth", "bridge" …; empty for lo and for hardware
  Mac mac;
  std::uint32_t mtu = 0;
  bool up = false;           ///< set up (IFF_UP)
  bool running = false;      ///< and able to carry frames: the other end is up too (IFF_LOWER_UP, which is
                             ///< said at once, as IFF_RUNNING is not)
  std::uint32_t master = 0;  ///< index of the bridge it is a port of, 0 for none
  std::uint32_t peer = 0;    ///< veth: index of the other end, where that is; 0 for none
  std::optional<std::int32_t>
      peer_nsid;      ///< the other end's namespace, as this one numbers it; nothing when it is this one
  std::string qdisc;  ///< "noqueue", "tbf", "netem" …
  friend bool operator==(const SeenLink&, const SeenLink&) = default;
};

struct SeenAddress {
  std::uint32_t link = 0;  ///< index of the device
  InterfaceAddress address;
  bool link_local = false;  ///< of no meaning beyond the link
  bool tentative = false;   ///< not usable yet (IPv6, RFC 4862)
  bool duplicate = false;   ///< and never will be: another one on the link has it
  friend bool operator==(const SeenAddress&, const SeenAddress&) = default;
};

struct SeenRoute {
  Route route;
  std::uint8_t protocol = 0;  ///< RTPROT_… (rtnetlink(7)): 2 made by the kernel, 4 static
  friend bool operator==(const SeenRoute&, const SeenRoute&) = default;
};

struct Snapshot {
  std::vector<SeenLink> links;
  std::vector<SeenAddress> addresses;
  std::vector<SeenRoute> routes;  ///< of all tables, those of the kernel's own table `local` (255) too
};

}  // namespace hopyard::net
