#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ip.hh"
#include "base/source.hh"

namespace hopyard::lab {

/// The programs that speak routing protocols for a node.
enum class Daemon : std::uint8_t { Frr, Bird };

/// A configuration that the person wrote, instead of the one that Hopyard writes.
struct DaemonConfig {
  std::string text;
  std::string file;  ///< path that the text was read from; empty when it stands in the lab file
  Span at;           ///< the text, or the path
};

struct Bgp {
  bool runs = false;
  std::uint32_t as = 0;             ///< number of the autonomous system (RFC 6793); 0: not given
  std::vector<Prefix> announce;     ///< beside what the node is connected to
  std::optional<IpAddress> router;  ///< router id; chosen if not given
  bool reflector = false;           ///< its neighbours of the same AS are its clients (RFC 4456)
  bool unnumbered = false;      ///< speaks over link-local addresses where a link has no others (RFC 8950)
  bool mesh = false;            ///< speaks with all of the mesh in its AS, between addresses on lo
  bool bfd = false;             ///< neighbours are watched by BFD (RFC 5882)
  std::uint32_t keepalive = 0;  ///< seconds; 0: not given, and so on
  std::uint32_t hold = 0;
  std::uint32_t connect_retry = 0;
};

struct Ospf {
  /// What an interface has that is not as the node's others.
  struct Interface {
    std::string name;
    std::optional<std::uint32_t> area;
    std::uint32_t cost = 0;  ///< 0: the link's
  };
  bool runs = false;
  std::uint32_t area = 0;
  std::vector<std::string> passive;  ///< interfaces that are announced but that nobody is spoken to on
  std::uint32_t hello = 0;           ///< seconds; 0: not given, and so on
  std::uint32_t dead = 0;
  std::vector<Interface> interfaces;
  bool bfd = false;  ///< neighbours are watched by BFD (RFC 5880)
};

struct Rip {
  bool runs = false;
  std::vector<std::string> passive;  ///< as of OSPF
};

struct Isis {
  enum class Level : std::uint8_t { One, Two, Both };
  bool runs = false;
  std::string area = "49.0001";  ///< its bytes as isisd writes them (ISO 10589): 49.0001
  Level level = Level::Two;
  std::vector<std::string> passive;  ///< as of OSPF
  bool bfd = false;                  ///< as of OSPF
};

/// How a node learns its routes from others, and with which daemon.
struct Dynamic {
  Daemon daemon = Daemon::Frr;
  bool realistic = false;  ///< timers as the vendor has them, not those of a laboratory
  Bgp bgp;
  Ospf ospf;
  Rip rip;
  Isis isis;
  std::optional<DaemonConfig> frr;
  std::optional<DaemonConfig> bird;
  Span at;  ///< where `routing` was written

  [[nodiscard]] bool runs() const { return bgp.runs || ospf.runs || rip.runs || isis.runs; }
  /// True if neighbours are watched by BFD.
  [[nodiscard]] bool watches() const {
    return (bgp.runs && bgp.bfd) || (ospf.runs && ospf.bfd) || (isis.runs && isis.bfd);
  }
  /// The person's own configuration of the daemon that runs, if there is one.
  [[nodiscard]] const std::optional<DaemonConfig>& config() const {
    return daemon == Daemon::Frr ? frr : bird;
  }
};

}  // namespace hopyard::lab
