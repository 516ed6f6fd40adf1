#pragma once

#include <string>

#include "net/desired.hh"
#include "plan/plan.hh"

namespace hopyard::keeper {

/// The service that asks for the addresses of an interface which has just come up by @p step; empty for none.
/// The kernel took the routes that a lease had brought when it went down, and the client would notice at its
/// next renewal only.
[[nodiscard]] std::string client_of(const plan::Operation& step, const net::Desired& desired);

}  // namespace hopyard::keeper
