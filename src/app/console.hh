#pragma once

#include <string>

#include "base/error.hh"
#include "keeper/client.hh"

namespace hopyard::app {

/// The serial console of the virtual machine @p entry: what it writes goes to standard output, what comes
/// from standard input goes to it. A terminal among them is made raw meanwhile, and put back.
/// @return the signal that ended it; 0 when the guest's console was closed, or Ctrl-] came.
[[nodiscard]] Result<int> console(const keeper::Entry& entry);

}  // namespace hopyard::app
