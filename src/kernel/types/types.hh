#pragma once

#include <cstdint>

#include "base/error.hh"
#include "net/link.hh"
#include "netlink/batch.hh"
#include "netlink/socket.hh"

/// What the kernel is asked for a device of each type. A type is one small file, its line in `type_entry`
/// ties it in.
namespace hopyard::kernel {

/// Writes what IFLA_INFO_DATA holds. @p lower is the index of the device that it stands on, 0 for none.
using WriteData = void (*)(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
/// Tells a device that is there what route sockets cannot. @p generic is a generic netlink socket of the
/// device's namespace, @p index the device's.
using Configure = Result<> (*)(netlink::Socket& generic, std::uint32_t index, const net::LinkSettings& link);

struct TypeEntry {
  const char* name;      ///< "VLANs (vlan)"
  const char* option;    ///< of the kernel's configuration
  const char* module;    ///< of a distribution's kernel
  const char* meaning;   ///< what a lab cannot have without it
  bool on_link = false;  ///< the device that it stands on goes into IFLA_LINK
  bool has_mac = false;  ///< it takes the MAC that it is given
  WriteData data = nullptr;
  Configure configure = nullptr;
  /// A tunnel whose outer packets belong to the namespace that it is born in, whoever asks for it: to have
  /// them in another one than itself, it has to be moved (ip_tunnel_newlink() before Linux 6.15).
  bool moves = false;
  bool listens = false;  ///< it has a port of its own, from when it goes up
};
[[nodiscard]] const TypeEntry& type_entry(net::LinkType type);

void write_vlan(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_macvlan(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_ipvlan(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_bond(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_vrf(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_vxlan(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_geneve(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_gre(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_ip6gre(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_ipip(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_sit(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_ip6tnl(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_vti(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);
void write_macsec(netlink::Batch& batch, const net::LinkSettings& link, std::uint32_t lower);

Result<> configure_team(netlink::Socket& generic, std::uint32_t index, const net::LinkSettings& link);
/// True for a team that sends and takes frames by the one port that it is told to.
[[nodiscard]] bool needs_active_port(const net::LinkSettings& link);
/// Tells it which. @p port is the index of one of its ports.
[[nodiscard]] Result<> set_active_port(netlink::Socket& generic, std::uint32_t index, std::uint32_t port);
Result<> configure_wireguard(netlink::Socket& generic, std::uint32_t index, const net::LinkSettings& link);
Result<> configure_macsec(netlink::Socket& generic, std::uint32_t index, const net::LinkSettings& link);

}  // namespace hopyard::kernel
