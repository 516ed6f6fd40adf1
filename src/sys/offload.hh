#pragma once

#include <string>

#include "base/error.hh"

namespace hopyard::sys {

/// Makes a device of the calling thread's network namespace send frames whole: with their checksums (of TCP,
/// UDP and SCTP) in place, and none that is yet to be cut into segments. What reads the wire by a packet
/// socket gets nothing that the kernel alone could finish (ETHTOOL_STXCSUM, linux/ethtool.h).
[[nodiscard]] Result<> stop_checksum_offload(const std::string& device);

}  // namespace hopyard::sys
