#pragma once

#include <cstdint>

/// What is put right of a device that is there.
namespace hopyard::net {

/// Bits, of which some are done at a time: what is not among them stays as somebody has it.
enum Adjustment : std::uint32_t {
  adjust_name = 1,    ///< it goes down for it
  adjust_mac = 2,     ///< the lab's
  adjust_mtu = 4,     ///< expected_mtu()
  adjust_master = 8,  ///< it leaves the bridge that it is a port of
};

}  // namespace hopyard::net
