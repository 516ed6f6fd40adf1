#pragma once

#include "lab/lab.hh"
#include "net/desired.hh"

namespace hopyard::lower {

/// Makes the devices of interfaces that are no ends of plain wires what they are: type, the device that each
/// stands on, the one that each is a port of.
void add_own_devices(const lab::Lab& lab, net::Desired& desired);

}  // namespace hopyard::lower
