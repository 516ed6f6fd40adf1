#pragma once

#include <string>

#include "app/prepare.hh"
#include "base/error.hh"

namespace hopyard::app {

/// Decides, for the virtual machines of the lab that leave it open, whether the processor runs them: where it
/// does not, their nodes get no /dev/kvm. @return a warning when they will be emulated though nobody asked
/// for it; empty for none.
[[nodiscard]] std::string choose_acceleration(Prepared& prepared);
/// The same, where @p kvm is what sys::check_kvm() has said.
[[nodiscard]] std::string choose_acceleration(Prepared& prepared, const Result<>& kvm);

}  // namespace hopyard::app
