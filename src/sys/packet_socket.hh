#pragma once

#include <linux/filter.h>

#include <span>
#include <string>

#include "base/error.hh"
#include "sys/fd.hh"

namespace hopyard::sys {

/// A socket for the frames of one device of the calling thread's network namespace, those that come and those
/// that go, as far as @p filter lets them pass (packet(7), bpf(2)'s classic form); what is sent to it leaves
/// by the device. It does not wait. EPERM without CAP_NET_RAW, ENODEV without such a device.
[[nodiscard]] Result<Fd> packet_socket(const std::string& device, std::span<const sock_filter> filter);

/// Takes one frame, as far as there is room for it. @return its size there; EAGAIN when there is none.
[[nodiscard]] Result<std::size_t> receive_frame(int socket, std::span<char> room);

}  // namespace hopyard::sys
