#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.hh"
#include "net/desired.hh"
#include "sys/fd.hh"

namespace hopyard::kernel {

/// What can be done to one network namespace. Calls that change something may be gathered and sent together: they take effect, in
/// order, at commit() at the latest, which reports the first that the kernel refused.
class Namespace;

/// Makes namespaces: the running kernel, or a fake that records what it is asked (tests).
class Kernel;

}  // namespace hopyard::kernel
