#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ip.hh"
#include "base/mac.hh"
#include "net/bridge.hh"

namespace hopyard::lab {

/// How a switch forwards.
struct Switch {
  enum class Engine : std::uint8_t {
    Linux,  ///< a bridge of the kernel
    Ovs,    ///< Open vSwitch, with a database and a daemon of the switch's own
  };
  /// A station that is behind a port for good.
  struct Station {
    Mac mac;
    std::uint32_t interface;
  };
  Engine engine = Engine::Linux;
  net::SpanningTree tree;
  std::optional<std::chrono::milliseconds> ageing;
  std::vector<Station> stations;
  std::vector<std::string> controllers;  ///< as ovs-vsctl(8) writes them: "tcp:192.0.2.1:6653"
  bool secure = false;  ///< while no controller answers it does what its flows say, and nothing else
  std::vector<InterfaceAddress> addresses;  ///< that Open vSwitch has itself, on its bridge
};

/// The VLANs of a switch's port (IEEE 802.1Q). In a switch where any port has some, one without is in VLAN 1.
struct Vlans {
  static constexpr std::uint16_t by_itself = 1;
  std::uint16_t untagged = 0;         ///< 0: none given
  std::vector<std::uint16_t> tagged;  ///< in rising order, each once

  [[nodiscard]] bool given() const { return untagged != 0 || !tagged.empty(); }
  /// The VLAN of frames without a tag, 0 for none, in a switch whose ports are in VLANs.
  [[nodiscard]] std::uint16_t native() const { return given() ? untagged : by_itself; }
};

}  // namespace hopyard::lab
