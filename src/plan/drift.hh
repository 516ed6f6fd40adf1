#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "net/desired.hh"
#include "net/observed.hh"
#include "plan/plan.hh"

/// What has become of a lab that stands: the difference between Desired and what the kernel has, and the part
/// of the plan that makes it nothing again. Makes no system call.
namespace hopyard::plan {

/// One thing that is not as the lab has it.
struct Difference {
  Operation step;           ///< of the plan: what does not hold any more
  std::string_view what;    ///< "interface", "address", "route" …
  std::string object = {};  ///< the interface, sysctl or table that it is about; empty for none
  std::string wanted = {};  ///< empty: none
  std::string found = {};   ///< empty: nothing is there
};

/// Whether a device, by namespace and place, is meant to be down.
using IsDown = std::function<bool(std::uint32_t ns, std::uint32_t device)>;

/// The service that asks a server for the addresses of a device, and its MTU; empty for none.
[[nodiscard]] std::string address_client(const net::Namespace& node, std::uint32_t device);

/// The device that a next hop leaves by: the one it names, or the one that has the gateway's subnet; none for
/// neither.
[[nodiscard]] std::uint32_t device_of(const net::Namespace& ns, const net::NextHop& hop);

/// @p route with those of its next hops whose devices are not meant to be down; nothing when none is left.
[[nodiscard]] std::optional<net::Route> usable(const net::Desired& desired, std::uint32_t ns,
                                               const net::Route& route, const IsDown& down);

/// The steps that write again what is overwritten when a device (none for lo) comes up: by itself, by the
/// other end of its wire, which gets its carrier then, and by what stands on either. None of what is meant to
/// be down, or whose other end is: it overwrites when that comes up.
[[nodiscard]] std::vector<Operation> overwritten(const net::Desired& desired, std::uint32_t ns,
                                                 std::uint32_t device, const IsDown& down);

/// In what the namespace differs from @p desired. What is there beside it (addresses and routes of daemons,
/// other devices) is none of its business.
[[nodiscard]] std::vector<Difference> drift(const net::Desired& desired, std::uint32_t ns,
                                            const net::Observed& now, const IsDown& down);

/// The steps that put @p differences right, in an order that works. What the steps take along (the routes by
/// an interface that has to go down for it) shows when one looks again.
[[nodiscard]] std::vector<Operation> repair(const net::Desired& desired,
                                            std::span<const Difference> differences, const IsDown& down);

/// Whether Hopyard can put it right in a lab that runs: a pair whose other end is in a namespace that was
/// there before the lab cannot be made once more.
[[nodiscard]] bool repairable(const net::Desired& desired, const Difference& difference);

}  // namespace hopyard::plan
