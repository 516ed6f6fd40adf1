#pragma once

#include <cstdint>

#include "net/desired.hh"
#include "sys/tap.hh"

namespace hopyard::kernel {

/// What a device of Kind::Tap is to the kernel: a tap of a virtual machine, or what the file has as an
/// interface of type tun or tap. Rtnetlink makes neither (ip-tuntap(8)).
[[nodiscard]] sys::NewTun tun_for(const net::Device& device, std::uint32_t index);

}  // namespace hopyard::kernel
