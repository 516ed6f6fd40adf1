#pragma once

#include <cstdint>

#include "net/impairment.hh"
#include "netlink/qdisc.hh"

namespace hopyard::kernel {

/// A bucket that holds 5 ms of the rate, and two frames at least; a queue of the limit's packets, or else of
/// 200 ms, of 10 frames at least and 1,000 at most.
/// @param mtu of the device, 0 for 1500.
[[nodiscard]] netlink::Tbf tbf_for(const net::Impairment& impairment, std::uint32_t mtu);
[[nodiscard]] netlink::Netem netem_for(const net::Impairment& impairment);

}  // namespace hopyard::kernel
