#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.hh"
#include "base/ip.hh"
#include "net/desired.hh"

namespace hopyard::kernel {

/// Whether something may be there already: never while a lab is built, maybe when a part of one that stands
/// is brought back.
enum class Existing : std::uint8_t { Refuse, Replace };

/// What can be done to one network namespace. Calls that change something may be gathered and sent together:
/// they take effect, in order, at commit() at the latest, which reports the first that the kernel refused. A
/// device is named by its place in net::Namespace::devices; net::none is lo. Not for several threads at once,
/// but different namespaces are independent.
class Namespace {
 public:
  virtual ~Namespace() = default;

  /// The namespace's own descriptor, which stays this object's; -1 where there is none (the fake).
  [[nodiscard]] virtual int descriptor() const = 0;
  /// Calls from now on belong to @p operation, a number of the caller's, which refused() gives back.
  virtual void attribute_to(std::uint32_t operation) = 0;
  /// The operation of the call that the last error was about: with gathered calls, not always the last one
  /// made.
  [[nodiscard]] virtual std::uint32_t refused() const = 0;

  /// Takes the calling thread home, which create_namespace() left inside the namespace.
  virtual void leave() = 0;
  [[nodiscard]] virtual Result<> write_sysctl(const net::Sysctl& sysctl) = 0;
  /// Makes both ends of a pair, down, each in its namespace. @p peer may be in this namespace too.
  [[nodiscard]] virtual Result<> create_veth(const net::Namespace& own, std::uint32_t device, Namespace& peer,
                                             const net::Namespace& theirs, std::uint32_t peer_device) = 0;
  [[nodiscard]] virtual Result<> create_bridge(const net::Namespace& own, std::uint32_t device) = 0;
  /// Makes a device of Kind::Other, down, and gives it what its type needs. @p lower is the namespace of the
  /// device that it stands on: this one, where it stands on none.
  [[nodiscard]] virtual Result<> create_device(const net::Namespace& own, std::uint32_t device,
                                               Namespace& lower, const net::Namespace& lowers) = 0;
  /// A tap that stays when nobody has it open.
  [[nodiscard]] virtual Result<> create_tap(const net::Namespace& own, std::uint32_t device) = 0;
  /// An impairment of nothing takes away what an earlier one put there.
  [[nodiscard]] virtual Result<> shape(const net::Namespace& own, std::uint32_t device,
                                       const net::Impairment& impairment) = 0;
  /// Joins the bridge first, if the device has one. lo may be set up, too.
  [[nodiscard]] virtual Result<> set_up(const net::Namespace& own, std::uint32_t device) = 0;
  [[nodiscard]] virtual Result<> set_down(const net::Namespace& own, std::uint32_t device) = 0;
  [[nodiscard]] virtual Result<> add_address(const net::Namespace& own, std::uint32_t device,
                                             const InterfaceAddress& address, Existing existing) = 0;
  [[nodiscard]] virtual Result<> add_neighbour(const net::Namespace& own, std::uint32_t device,
                                               const net::Neighbour& neighbour) = 0;
  [[nodiscard]] virtual Result<> add_route(const net::Namespace& own, const net::Route& route,
                                           Existing existing) = 0;
  [[nodiscard]] virtual Result<> add_rule(const net::Rule& rule) = 0;
  /// @param text as nft(8) reads it from a file.
  [[nodiscard]] virtual Result<> load_ruleset(const std::string& text) = 0;
  /// All rulesets of the namespace, as nft(8) lists them, without counts.
  [[nodiscard]] virtual Result<std::string> list_rulesets() = 0;

  [[nodiscard]] virtual Result<> commit() = 0;
  /// Commits, and lets go of all but the descriptor until the next call.
  [[nodiscard]] virtual Result<> rest() = 0;

  /// A device that leaves no checksum to who gets its frames: transmit checksum offload off, and with it
  /// segmentation offload (ethtool(8), tx-checksumming).
  [[nodiscard]] virtual Result<> sum_first(const net::Namespace& own, std::uint32_t device) = 0;

  /// Waits a moment until IPv6 has begun on a device that is up: it does so once there is a carrier, which
  /// the kernel learns by work of its own. No error where it does not.
  [[nodiscard]] virtual Result<> await_ipv6(const net::Namespace& own, std::uint32_t device) = 0;

  /// The interface index that the device is given when it is made.
  [[nodiscard]] virtual std::uint32_t number_of(const net::Namespace& own, std::uint32_t device) const = 0;
  /// Before a device is made once more: removes what has its name, at once. If another has its index, it will
  /// get another one.
  [[nodiscard]] virtual Result<> make_room(const net::Namespace& own, std::uint32_t device) = 0;
  /// Puts right of a device that is there what @p what says (net::Adjustment) and nothing else, at once. One
  /// that gets back its name is down afterwards.
  [[nodiscard]] virtual Result<> adjust(const net::Namespace& own, std::uint32_t device,
                                        std::uint32_t what) = 0;
};

/// Makes namespaces: the running kernel, or a fake that records what it is asked (tests). For several threads
/// at once.
class Kernel {
 public:
  virtual ~Kernel() = default;
  /// Finds out whether @p desired can be built at all, before anything is: limits, features.
  [[nodiscard]] virtual Result<> prepare(const net::Desired& desired) = 0;
  /// A new namespace with lo up and the settings that a kernel has by itself, whatever the host's first
  /// namespace has. It lives as long as the handle, and longer only if something else holds it. The calling
  /// thread is inside it, so that its sysctls can be written without going in and out for each, until it
  /// calls leave(); it may do nothing else before.
  [[nodiscard]] virtual Result<std::unique_ptr<Namespace>> create_namespace(const net::Namespace& wanted) = 0;
};

}  // namespace hopyard::kernel
