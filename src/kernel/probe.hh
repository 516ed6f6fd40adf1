#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/error.hh"
#include "net/link.hh"
#include "netlink/socket.hh"
#include "sys/fd.hh"
#include "sys/netns.hh"

namespace hopyard::kernel {

/// Asks the running kernel for one thing after another, in a namespace of its own where asking leaves traces.
/// That namespace, and being in it, end with the probe.
class Probe {
 public:
  enum class What : std::uint8_t {
    Veth,
    Bridge,
    Ipv6,
    Multipath,
    Rules,
    Rules6,
    Tbf,
    Netem,
    NetemSeed,
    Nftables,
    NftablesFib,
    VlanFiltering,
    Tun,
    Mpls,
    PageMerging,
    OvsDatapath  ///< asking for it loads the module that has it
  };

  /// Well when the kernel has it; the error's detail is what it said when not.
  [[nodiscard]] Result<> look(What what);
  /// The same for a type of device; one is made there where the kernel takes such an unfinished request.
  [[nodiscard]] Result<> look(net::LinkType type);
  /// Moves the thread to the namespace to look in, a new one.
  [[nodiscard]] Result<> enter_scratch();

 private:
  [[nodiscard]] Result<> look_in_scratch(What what);
  [[nodiscard]] Result<> look_for_mpls();
  [[nodiscard]] Result<> look_for_kind(const char* kind);
  [[nodiscard]] Result<> look_for_multipath();
  [[nodiscard]] Result<> look_for_rules(bool six);
  [[nodiscard]] Result<> look_for_netem(bool seeded);
  [[nodiscard]] Result<> look_for_tbf();
  [[nodiscard]] Result<> look_for_vlan_filtering();

  // The way home is gone last.
  sys::Fd home_;
  std::optional<sys::InsideNetns> inside_;
  std::optional<netlink::Socket> socket_;
};

}  // namespace hopyard::kernel
