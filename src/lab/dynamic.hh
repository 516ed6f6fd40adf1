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
};

struct Ospf {
  bool runs = false;
  std::uint32_t area = 0;
  std::vector<std::string> passive;  ///< interfaces that are announced but that nobody is spoken to on
};

/// How a node learns its routes from others, and with which daemon.
struct Dynamic {
  Daemon daemon = Daemon::Frr;
  bool realistic = false;  ///< timers as the vendor has them, not those of a laboratory
  Bgp bgp;
  Ospf ospf;
  std::optional<DaemonConfig> frr;
  std::optional<DaemonConfig> bird;
  Span at;  ///< where `routing` was written

  [[nodiscard]] bool runs() const { return bgp.runs || ospf.runs; }
  /// The person's own configuration of the daemon that runs, if there is one.
  [[nodiscard]] const std::optional<DaemonConfig>& config() const {
    return daemon == Daemon::Frr ? frr : bird;
  }
};

}  // namespace hopyard::lab
