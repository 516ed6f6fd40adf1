#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <system_error>
#include <thread>
#include <vector>

namespace hopyard::lower::routing {

/// Does work(i) for every i below @p count, on as many threads as there are processors when there is enough
/// to do. Each thread makes a worker of its own with @p make_worker; what a worker does for i must depend on
/// nothing but i.
template <class MakeWorker>
void in_parallel(std::uint32_t count, MakeWorker make_worker) {
  constexpr std::uint32_t portion = 64;
  std::atomic<std::uint32_t> next = 0;
  const auto run = [&] {
    auto work = make_worker();
    for (std::uint32_t first; (first = next.fetch_add(portion)) < count;)
      for (std::uint32_t i = first; i < std::min(count, first + portion); ++i) work(i);
  };
  const std::uint32_t useful = std::min(std::thread::hardware_concurrency(), count / (2 * portion));
  std::vector<std::jthread> others;
  try {
    for (std::uint32_t i = 1; i < useful; ++i) others.emplace_back(run);
  } catch (const std::system_error&) {
    // No more threads to be had: those that there are do it all.
  }
  run();
}

}  // namespace hopyard::lower::routing
