#pragma once

#include "engine/engine.hh"

namespace hopyard::engine {

/// Asks the kernel for one operation, which may take effect with the namespace's next commit only. Not for
/// CreateNamespace.
[[nodiscard]] Result<> apply(const plan::Operation& operation, const net::Desired& desired,
                             Namespaces& namespaces, kernel::Existing existing);

/// @p error, told in the words of the operation that it was about.
[[nodiscard]] Error about(const plan::Operation& operation, const net::Desired& desired, Error error);

}  // namespace hopyard::engine
