#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "language/choices.hh"

/// The tables of the lab language: for each of its objects the keys, the type of their values and a line of
/// words. The reader is driven by them and the JSON Schema is made from them, so that the two cannot drift
/// apart.
namespace hopyard::language {

/// What a key's value may be; schema.cc has the form of each.
enum class Type : std::uint8_t {
  Anything,
  LabName,
  Text,
  Texts,
  Paths,
  Path,
  Integer,
  Cost,
  Mtu,
  Cpu,
  Bytes,
  Duration,
  Percent,
  Rate,
  Count,
  Mac,
  Prefix,
  PrefixOrDefault,
  Prefixes,
  NetworkPrefixes,
  Address,
  Addresses,
  Labels,
  TextMap,
  KindName,
  ExternalWay,
  Routing,
  DaemonName,
  NeighboursName,
  MemoryName,
  RouterId,
  Area,
  Truth,
  Config,
  Announced,
  As,
  Bgp,
  Ospf,
  Rip,
  Isis,
  IsisArea,
  IsisLevel,
  BgpTimers,
  OspfTimers,
  OspfInterfaces,
  Frr,
  Bird,
  LinkTypeName,
  WireguardPeers,
  InterfaceTypeName,
  RouteTypeName,
  ActionName,
  Table,
  Mark,
  Mode,
  HostName,
  InterfaceName,
  Names,
  Nodes,
  Kinds,
  Networks,
  Links,
  Defaults,
  Interfaces,
  AddressMap,
  Routes,
  Rules,
  Sysctls,
  Firewall,
  Nat,
  Uplink,
  Files,
  Services,
  Command,
  RestartName,
  SignalName,
  ServiceReady,
  Port,
  Hops,
  Impairment,
  Ends,
  NodeNames,
  Star,
  FatTree,
  NodeObject,
  LinkObject,
  NetworkObject,
  Checks,
  Reach,
  RouteCheck,
  CommandCheck,
  Dhcp,
  DhcpOptions,
  DhcpHosts,
  OptionTexts,
  OptionMtu,
  Forwards,
  ForwardPort,
  Dns,
  DnsRecords,
  DnsDaemonName,
  Radvd,
  EngineName,
  FailModeName,
  Tree,
  Stations,
  Vlan,
  Vlans,
  Vm,
  AcceleratorName,
  VmReady,
  Cpus,
  CloudInit,
  CloudInitPart,
  UserId,
  Machines,
  Between,
  BetweenWay,
  Vni,
  Capabilities,
};

struct Key {
  std::string_view name;
  Type type = Type::Anything;
  std::string_view doc;
  std::uint8_t id = 0;    ///< the enumerator of the object's own enumeration
  bool reserved = false;  ///< a word that later versions give a meaning to
};

/// A map of the language whose keys are words of the language.
struct Object {
  std::string_view name;  ///< as a diagnostic calls it: "a node"
  std::span<const Key> keys;
  const Object* also = nullptr;  ///< whose keys it has too

  struct Found {
    const Object* object = nullptr;
    const Key* key = nullptr;
  };
  [[nodiscard]] Found find(std::string_view word) const;
  /// Every key that is not reserved, for suggestions.
  [[nodiscard]] std::vector<std::string_view> words() const;
};

enum class LabKey : std::uint8_t {
  Lab,
  Description,
  Include,
  Variables,
  Pool,
  Neighbours,
  Memory,
  Defaults,
  Kinds,
  Networks,
  Nodes,
  Links,
  Labels,
  Checks,
  Machines,
  Between
};
enum class CheckKey : std::uint8_t { Reach, Route, Command, Not, Within };
enum class ReachKey : std::uint8_t { From, To };
enum class RouteCheckKey : std::uint8_t { Node, To, Via };
enum class CommandCheckKey : std::uint8_t { Node, Run, Matches, Json, Equals };
enum class DefaultsKey : std::uint8_t { Nodes, Links, Networks };
enum class NodeKey : std::uint8_t {
  Kind,
  Interfaces,
  Addresses,
  Routes,
  Rules,
  Sysctl,
  Firewall,
  Nat,
  Files,
  Env,
  Hostname,
  Routing,
  Run,
  Ready,
  Cpu,
  Memory,
  Root,
  Labels,
  Daemon,
  As,
  Realistic,
  Bgp,
  Ospf,
  Frr,
  Bird,
  Services,
  Rip,
  Isis,
  Dhcp,
  Dns,
  NameServers,
  Radvd,
  Container,
  Interface,
  By,
  Gateway,
  Within,
  Confirm,
  Uplink,
  Engine,
  Stp,
  Ageing,
  Fdb,
  Controller,
  FailMode,
  Vm,
  Machine,
  Capabilities,
  Seccomp
};
enum class VmKey : std::uint8_t {
  Image,
  Kernel,
  Initrd,
  Append,
  Memory,
  Cpus,
  Accel,
  Ready,
  Grace,
  CloudInit
};
enum class CloudInitKey : std::uint8_t { UserData, MetaData, NetworkConfig };
enum class VmReadyKey : std::uint8_t { Console, Ping, Lease };
enum class MachineKey : std::uint8_t { Address, Port };
enum class BetweenKey : std::uint8_t { By, Vni, Port, Mtu, Secret };
enum class TreeKey : std::uint8_t { Priority, Hello, ForwardDelay, MaxAge };
enum class InterfaceKey : std::uint8_t { Mac, Mtu, Addresses, Labels, Dhcp, Type, Vlan, Vlans };
/// What only some types of interfaces and links have.
enum class TypeKey : std::uint8_t {
  On,
  Of,
  Id,
  Mode,
  Miimon,
  Table,
  Local,
  Remote,
  Port,
  Key,
  Ttl,
  Over,
  Keepalive,
  Owner,
  Group,
  MultiQueue,
  PrivateKey,
  Peers,
  Peer,
  SendKey,
  ReceiveKey
};
enum class WireguardPeerKey : std::uint8_t { PublicKey, PresharedKey, Endpoint, Allowed, Keepalive };
enum class RouteKey : std::uint8_t { To, Via, Dev, Metric, Table, Source, Type };
enum class HopKey : std::uint8_t { Via, Dev, Weight };
enum class RuleKey : std::uint8_t { From, To, Iif, Oif, Mark, Priority, Table, Action };
enum class NatKey : std::uint8_t { Out, Forward };
enum class UplinkKey : std::uint8_t { Forward };
enum class ForwardKey : std::uint8_t { Port, To };
enum class DhcpKey : std::uint8_t { Serve, Range, Options, Hosts };
/// In the order of lab::DhcpOption::Name.
enum class DhcpOptionKey : std::uint8_t { Router, Dns, Domain, Ntp, Mtu };
enum class DnsKey : std::uint8_t { Serve, Records, Forward, Domain, Daemon };
enum class DnsRecordKey : std::uint8_t { Cname };
enum class RadvdKey : std::uint8_t {
  Serve,
  MinInterval,
  MaxInterval,
  Lifetime,
  Managed,
  Other,
  Mtu,
  Rdnss,
  Dnssl,
  Config
};
enum class ServiceKey : std::uint8_t { Command, After, Restart, Ready, Stop };
enum class ServiceReadyKey : std::uint8_t { Command, Port, File, Ended };
enum class FileKey : std::uint8_t { Text, File, Mode };
enum class FirewallKey : std::uint8_t { File };
enum class BgpKey : std::uint8_t { Announce, RouterId, Reflector, Unnumbered, Mesh, Bfd, Timers };
enum class BgpTimersKey : std::uint8_t { Keepalive, Hold, ConnectRetry };
enum class OspfKey : std::uint8_t { Area, Passive, Bfd, Timers, Interfaces };
enum class OspfInterfaceKey : std::uint8_t { Area, Cost };
enum class OspfTimersKey : std::uint8_t { Hello, Dead };
enum class RipKey : std::uint8_t { Passive };
enum class IsisKey : std::uint8_t { Area, Level, Passive, Bfd };
enum class DaemonKey : std::uint8_t { Config };  ///< of 'frr' and of 'bird'
enum class ConfigKey : std::uint8_t { File };
enum class NetworkKey : std::uint8_t { Prefix, Mtu, Labels };
enum class ImpairmentKey : std::uint8_t {
  Delay,
  Jitter,
  Loss,
  Corrupt,
  Duplicate,
  Reorder,
  Rate,
  Limit,
  Seed
};
enum class LinkKey : std::uint8_t { Type, Subnet, Mtu, Cost, Out, Back, Labels };
enum class EntryKey : std::uint8_t {
  Ends,
  Chain,
  Ring,
  Star,
  Mesh,
  Tree,
  Grid,
  Torus,
  FatTree,
  Fanout,
  Columns
};
enum class StarKey : std::uint8_t { Center, Leaves };
enum class FatTreeKey : std::uint8_t { K, Hosts };

extern const Object lab_object;
extern const Object defaults_object;
extern const Object check_object;
extern const Object reach_object;
extern const Object route_check_object;
extern const Object command_check_object;
extern const Object node_object;
extern const Object interface_object;       ///< and the keys of interface_type_object
extern const Object interface_type_object;  ///< of TypeKey; and the keys of impairment_object
extern const Object link_type_object;       ///< of TypeKey; and the keys of impairment_object
extern const Object wireguard_peer_object;
extern const Object route_object;
extern const Object hop_object;
extern const Object rule_object;
extern const Object nat_object;
extern const Object uplink_object;
extern const Object forward_object;
extern const Object dhcp_object;
extern const Object dhcp_options_object;
extern const Object dns_object;
extern const Object dns_record_object;
extern const Object radvd_object;
extern const Object service_object;
extern const Object service_ready_object;
extern const Object file_object;
extern const Object firewall_object;
extern const Object bgp_object;
extern const Object ospf_object;
extern const Object bgp_timers_object;
extern const Object ospf_timers_object;
extern const Object ospf_interface_object;
extern const Object rip_object;
extern const Object isis_object;
extern const Object frr_object;
extern const Object bird_object;
extern const Object config_object;
extern const Object tree_object;
extern const Object vm_object;
extern const Object vm_ready_object;
extern const Object cloud_init_object;
extern const Object machine_object;
extern const Object between_object;
extern const Object network_object;
extern const Object impairment_object;
extern const Object link_object;   ///< and the keys of impairment_object
extern const Object entry_object;  ///< a long link or a shape, and the keys of link_object
extern const Object star_object;
extern const Object fat_tree_object;

/// All of them, in the order of the reference.
[[nodiscard]] std::span<const Object* const> all_objects();

}  // namespace hopyard::language
