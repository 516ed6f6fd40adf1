#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/desired.hh"
#include "net/impairment.hh"
#include "net/snapshot.hh"

namespace hopyard::net {

/// What somebody has put at a device's way out.
struct SeenEgress {
  std::uint32_t link = 0;  ///< index of the device
  std::string kind;        ///< "netem", "tbf" …
  Impairment does;         ///< of netem and tbf; the limit of a tbf aside
};

struct SeenNeighbour {
  std::uint32_t link = 0;
  Neighbour neighbour;
};

/// All of one namespace that a Namespace of Desired speaks of, as the kernel has it now.
struct Observed {
  Snapshot snapshot;
  std::vector<std::uint32_t> numbers;  ///< by device of the Namespace: the index that it was made with
  std::vector<SeenEgress> egresses;
  std::vector<SeenNeighbour> neighbours;            ///< the permanent ones
  std::vector<Rule> rules;                          ///< all, with their priorities
  std::vector<std::optional<std::string>> sysctls;  ///< as Namespace::sysctls; nothing: cannot be read
  /// As Namespace::sysctls: what the kernel says of it right after all have been written; nothing where that
  /// is not known. Empty as long as nobody has asked.
  std::vector<std::optional<std::string>> wanted_sysctls;
  std::vector<std::string> changed_tables;  ///< of nftables, that the rulesets do not have so: "inet filter"
};

/// The MTU that a device has as long as nobody changes it; 0 where that is the kernel's to say.
[[nodiscard]] constexpr std::uint32_t expected_mtu(const Device& device) {
  constexpr std::uint32_t ethernet = 1500;
  return device.mtu == 0 && device.kind == Device::Kind::Veth ? ethernet : device.mtu;
}

}  // namespace hopyard::net
