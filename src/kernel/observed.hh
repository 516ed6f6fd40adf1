#pragma once

#include "base/error.hh"
#include "kernel/kernel.hh"
#include "net/observed.hh"

namespace hopyard::kernel {

/// What a namespace of a lab has now, of all that @p own speaks of but nftables. Needs /proc.
[[nodiscard]] Result<net::Observed> observe(const net::Namespace& own, const Namespace& ns);

}  // namespace hopyard::kernel
