#pragma once

#include <functional>

#include "base/error.hh"

namespace hopyard::sys {

/// Runs @p work where the descriptors that it opens get low numbers, however many this process has, for
/// libraries that wait by select(2), which knows none from FD_SETSIZE on: in a thread that is in the caller's
/// namespaces and has a table of descriptors of its own, at first with standard input, output and error
/// alone. What work leaves open ends with it. Returns when work does. @param work throws nothing.
[[nodiscard]] Result<> with_low_descriptors(const std::function<void()>& work);

}  // namespace hopyard::sys
