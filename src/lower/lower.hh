#pragma once

#include "base/diagnostic.hh"
#include "lab/lab.hh"
#include "net/desired.hh"

namespace hopyard::lower {

/// What the kernel has to have so that @p lab stands: kinds become devices, sysctls, rulesets; static routing
/// becomes routes. Warns of what will not work though it can be built (a node without a way to others),
/// and refuses a service that waits for a daemon that its node does not need.
[[nodiscard]] net::Desired lower(const lab::Lab& lab, Diagnostics& diagnostics);

}  // namespace hopyard::lower
