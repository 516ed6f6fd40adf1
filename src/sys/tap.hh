#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.hh"

namespace hopyard::sys {

/// Well when /dev/net/tun can be opened.
[[nodiscard]] Result<> check_tun();
/// A device whose other end is a program that opens /dev/net/tun.
struct NewTun {
  std::string name;
  std::uint32_t index = 0;   ///< the interface index it gets
  bool frames = true;        ///< a tap, which carries frames; else a tun, which carries packets
  bool offload = false;      ///< frames have a header before them of what is left to compute (IFF_VNET_HDR)
  bool many_queues = false;  ///< whoever opens it may have several
  std::optional<std::uint32_t> owner;  ///< the user who alone may open it, beside root; nothing for anyone
  std::optional<std::uint32_t> group;  ///< the group whose members alone may
};

/// Makes it in the calling thread's network namespace, and it stays when nobody has it open
/// (Documentation/networking/tuntap.rst, linux/if_tun.h).
[[nodiscard]] Result<> create_tun(const NewTun& tun);

}  // namespace hopyard::sys
