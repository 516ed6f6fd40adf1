#pragma once

#include "cli/complete.hh"

namespace hopyard::cli {

/// The names of the labs that run on this machine, and of what is in them.
[[nodiscard]] Names running_names();

}  // namespace hopyard::cli
