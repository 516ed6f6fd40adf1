#pragma once

#include <cstdint>

#include "lab/lab.hh"
#include "net/desired.hh"

namespace hopyard::lower {

/// The part of a lab that one of its machines makes: its own nodes, the networks that they are attached to,
/// and for each wire and network that goes on elsewhere a bridge with tunnels to the machines that have the
/// rest of it.
///
/// The tunnels' outer packets are the host's: their devices are asked for in the host's network namespace and
/// born in the lab's. With wireguard there is one device for all, in a namespace between.
/// @param whole what lower() makes of the whole lab: the same on each machine, so that all agree.
/// @param machine index into Lab::machines.
[[nodiscard]] net::Desired part_of(const lab::Lab& lab, net::Desired whole, std::uint32_t machine);

}  // namespace hopyard::lower
