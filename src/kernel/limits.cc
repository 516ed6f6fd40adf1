#include "kernel/limits.hh"

#include <fmt/format.h>

#include "sys/limits.hh"

namespace hopyard::kernel {
namespace {

// For procfs instances, a library being loaded, clients that ask how far it is.
constexpr std::uint64_t reserve = 32;
// Where /proc cannot be read: what a program has open that does nothing in particular.
constexpr std::uint64_t few = 32;

}  // namespace

Result<Room> check_limits(const net::Desired& desired) {
  HOPYARD_TAKE(limit, sys::raise_open_files_limit());
  return room_for(desired.namespaces.size(), limit, sys::open_files().value_or(few));
}

Result<Room> room_for(std::size_t namespaces, std::uint64_t limit, std::uint64_t open) {
  const std::uint64_t needed = open + reserve + namespaces;
  if (needed + namespaces <= limit) return Room::ForSockets;
  if (needed <= limit) return Room::ForNamespaces;
  return refusal(
      "build the lab",
      fmt::format(
          "it needs {} open files, one for each of its {} namespaces and {} more, and the limit is {}",
          needed, namespaces, needed - namespaces, limit),
      fmt::format("raise the limit of open files: ulimit -n {}, or LimitNOFILE= of the systemd unit",
                  needed));
}

}  // namespace hopyard::kernel
