#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

namespace hopyard::keeper {

/// How fast nodes are started: no faster than the processors can follow. A router's daemons take some
/// processor time until they are ready; a thousand of them at once starve each other until sessions that
/// stood already end for want of a word, and all of them have their memory before the kernel has merged any.
namespace pace {

/// How often is looked whether more nodes may start.
inline constexpr std::chrono::milliseconds step{2};
/// One node more may start after this time whatever the processors do: they may be somebody else's.
inline constexpr std::chrono::milliseconds patience{100};

/// @param starting nodes that were started and are not ready yet.
/// @param runnable processes of the machine that run or wait for a processor.
/// @return how many more nodes may start now: some a processor in any case, and more only where processors
/// are free, as when nodes wait for something else than a processor.
[[nodiscard]] std::size_t room(std::size_t starting, std::size_t runnable, std::size_t processors);

/// The number of such processes, from the text of /proc/loadavg (proc(5)); 0 if it is not in it.
[[nodiscard]] std::size_t runnable_in(std::string_view loadavg);

}  // namespace pace
}  // namespace hopyard::keeper
