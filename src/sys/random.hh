#pragma once

#include <cstdint>

#include "base/error.hh"

namespace hopyard::sys {

/// One that nobody can guess (getrandom(2)).
[[nodiscard]] Result<std::uint32_t> random_number();

}  // namespace hopyard::sys
