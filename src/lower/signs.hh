#pragma once

#include <span>

#include "lab/lab.hh"
#include "lab/segments.hh"
#include "net/desired.hh"

namespace hopyard::lower {

/// Gives the services of virtual machines what has to be seen on the wire before they count as up
/// (lab::Vm::Ready).
void add_signs(const lab::Lab& lab, std::span<const lab::Segment> segments, net::Desired& desired);

}  // namespace hopyard::lower
