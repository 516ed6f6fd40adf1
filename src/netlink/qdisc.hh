#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "netlink/batch.hh"

/// What stands at a device's way out: RTM_NEWQDISC (rtnetlink(7), linux/pkt_sched.h).
namespace hopyard::netlink {

/// The network emulator (tc-netem(8)).
struct Netem {
  std::int64_t latency = 0;  ///< nanoseconds
  std::int64_t jitter = 0;   ///< nanoseconds
  double loss = 0;           ///< shares from 0 to 1
  double corrupt = 0;
  double duplicate = 0;
  double reorder = 0;
  std::uint64_t rate = 0;   ///< bytes per second, 0 for no limit
  std::uint32_t limit = 0;  ///< packets that may wait; 0 for 1,000, as tc has it
  std::optional<std::uint64_t> seed;
};

/// The token bucket filter (tc-tbf(8)).
struct Tbf {
  std::uint64_t rate = 0;   ///< bytes per second
  std::uint32_t burst = 0;  ///< bytes that may go at once
  std::uint32_t limit = 0;  ///< bytes that may wait
};

/// Each takes the place of what stood there.
[[nodiscard]] Result<> set_netem(Batch& batch, std::uint32_t index, const Netem& netem);
[[nodiscard]] Result<> set_tbf(Batch& batch, std::uint32_t index, const Tbf& tbf);
/// Back to what the kernel puts there by itself; well also when that is there already.
[[nodiscard]] Result<> remove_qdisc(Batch& batch, std::uint32_t index);

struct QdiscInfo {
  std::uint32_t index = 0;            ///< of the device
  std::uint32_t parent = 0;           ///< TC_H_ROOT for the one at the way out itself
  std::uint32_t handle = 0;           ///< 0 for one that the kernel put there by itself
  std::string kind;                   ///< "noqueue", "tbf", "netem" …
  std::optional<std::uint64_t> seed;  ///< netem's, where the kernel tells it
  Netem netem = {};                   ///< of a netem, its seed aside
  std::uint64_t rate = 0;             ///< of a tbf: bytes per second
};
/// Nothing when @p message is no RTM_NEWQDISC.
[[nodiscard]] std::optional<QdiscInfo> read_qdisc(const nlmsghdr& message);
/// All qdiscs of the socket's namespace but those that the kernel put there by itself.
[[nodiscard]] Result<std::vector<QdiscInfo>> list_qdiscs(Socket& socket);

}  // namespace hopyard::netlink
