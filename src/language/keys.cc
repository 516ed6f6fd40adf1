#include "language/keys.hh"

#include <algorithm>
#include <array>

#include "language/key.hh"

namespace hopyard::language {
namespace {

constexpr std::array lab_keys{
    key(LabKey::Lab, "lab", Type::LabName, "name of the lab; the file's name if not given"),
    key(LabKey::Description, "description", Type::Text, "what the lab is for, for people"),
    key(LabKey::Include, "include", Type::Paths, "other lab files that this one builds on"),
    key(LabKey::Variables, "variables", Type::TextMap,
        "values that ${NAME} has if neither --set nor the environment gives one"),
    key(LabKey::Pool, "pool", Type::Prefixes,
        "prefixes that addresses come from where none is given; 10.0.0.0/8 if not given"),
    key(LabKey::Neighbours, "neighbours", Type::NeighboursName,
        "static: nodes know their neighbours' MAC addresses and need not ask; learned if not given"),
    key(LabKey::Memory, "memory", Type::MemoryName,
        "merge: what the nodes' processes have alike in memory is kept once; own if not given"),
    key(LabKey::Defaults, "defaults", Type::Defaults, "values for all nodes, links or networks"),
    key(LabKey::Kinds, "kinds", Type::Kinds, "values for all nodes of a kind, and kinds of your own"),
    key(LabKey::Networks, "networks", Type::Networks, "segments that any number of nodes share"),
    key(LabKey::Nodes, "nodes", Type::Nodes, "hosts, routers, switches, hubs and virtual machines"),
    key(LabKey::Links, "links", Type::Links, "what is connected with what"),
    key(LabKey::Labels, "labels", Type::Labels, "words of your own about the lab"),
    key(LabKey::Checks, "checks", Type::Checks, "what must hold once the lab is up, for hopyard test"),
    key(LabKey::Machines, "machines", Type::Machines, "the machines that the lab is spread over"),
    key(LabKey::Between, "between", Type::Between,
        "what joins them: vxlan (if not given), gretap or wireguard; a map: how"),
    later("timeline", "what happens when"),
};

constexpr std::array check_keys{
    key(CheckKey::Reach, "reach", Type::Reach, "a -> b: a gets an answer from b"),
    key(CheckKey::Route, "route", Type::RouteCheck, "a node has a route"),
    key(CheckKey::Command, "command", Type::CommandCheck, "a command in a node succeeds"),
    key(CheckKey::Not, "not", Type::Truth, "true for what must not hold"),
    key(CheckKey::Within, "within", Type::Duration, "how long to try; 5s if not given"),
};

constexpr std::array reach_keys{
    key(ReachKey::From, "from", Type::Text, "the node that asks"),
    key(ReachKey::To, "to", Type::Text, "the node or address that answers"),
};

constexpr std::array route_check_keys{
    key(RouteCheckKey::Node, "node", Type::Text, "the node that has it"),
    key(RouteCheckKey::To, "to", Type::PrefixOrDefault, "its destination: a prefix or default"),
    key(RouteCheckKey::Via, "via", Type::Text, "its next hop: an address or a node; any if not given"),
};

constexpr std::array command_check_keys{
    key(CommandCheckKey::Node, "node", Type::Text, "the node that it runs in"),
    key(CommandCheckKey::Run, "run", Type::Text, "a shell command"),
    key(CommandCheckKey::Matches, "matches", Type::Text, "a regular expression found in its output"),
    key(CommandCheckKey::Json, "json", Type::Text, "a JSON Pointer into its output"),
    key(CommandCheckKey::Equals, "equals", Type::Text, "what is there"),
};

constexpr std::array defaults_keys{
    key(DefaultsKey::Nodes, "nodes", Type::NodeObject, "keys that every node has"),
    key(DefaultsKey::Links, "links", Type::LinkObject, "keys that every link has"),
    key(DefaultsKey::Networks, "networks", Type::NetworkObject, "keys that every network has"),
};

constexpr std::array node_keys{
    key(NodeKey::Kind, "kind", Type::KindName,
        "host, router, switch, hub, container, external, vm, or a kind of your own"),
    key(NodeKey::Interfaces, "interfaces", Type::Interfaces,
        "what single interfaces have: MAC, MTU, addresses, impairments"),
    key(NodeKey::Addresses, "addresses", Type::AddressMap,
        "addresses by interface, network or lo; auto for those that routers advertise"),
    key(NodeKey::Routes, "routes", Type::Routes, "static routes"),
    key(NodeKey::Rules, "rules", Type::Rules, "policy routing rules"),
    key(NodeKey::Sysctl, "sysctl", Type::Sysctls, "network sysctls by name"),
    key(NodeKey::Firewall, "firewall", Type::Firewall, "an nftables ruleset"),
    key(NodeKey::Nat, "nat", Type::Nat,
        "address translation: masquerading, and ports that lead to other nodes"),
    key(NodeKey::Files, "files", Type::Files, "files that the node finds in its file system"),
    key(NodeKey::Env, "env", Type::TextMap, "environment of the node's commands"),
    key(NodeKey::Hostname, "hostname", Type::HostName, "its host name; the node's name if not given"),
    key(NodeKey::Routing, "routing", Type::Routing,
        "how it learns its routes: static (routers), none (the others), bgp, ospf, rip, isis, or a list"),
    key(NodeKey::Daemon, "daemon", Type::DaemonName, "the routing daemon: frr or bird; frr if not given"),
    key(NodeKey::As, "as", Type::As, "number of the autonomous system, for BGP"),
    key(NodeKey::Realistic, "realistic", Type::Truth,
        "true for the timers that daemons have by themselves, instead of those that converge at once"),
    key(NodeKey::Bgp, "bgp", Type::Bgp, "what BGP announces, and its router id"),
    key(NodeKey::Ospf, "ospf", Type::Ospf, "OSPF's area and passive interfaces"),
    key(NodeKey::Rip, "rip", Type::Rip, "RIP's passive interfaces"),
    key(NodeKey::Isis, "isis", Type::Isis, "IS-IS's area, level and passive interfaces"),
    key(NodeKey::Frr, "frr", Type::Frr, "FRR's configuration, instead of the one that is made"),
    key(NodeKey::Bird, "bird", Type::Bird, "BIRD's configuration, instead of the one that is made"),
    key(NodeKey::Run, "run", Type::Texts, "commands, started in order once the lab stands"),
    key(NodeKey::Ready, "ready", Type::Text, "a command that must succeed before the node counts as up"),
    key(NodeKey::Cpu, "cpu", Type::Cpu, "processors it may use: 0.5, 2"),
    key(NodeKey::Memory, "memory", Type::Bytes, "memory it may use: 512MiB"),
    key(NodeKey::Root, "root", Type::Path, "a folder to take for its root file system"),
    key(NodeKey::Labels, "labels", Type::Labels, "words of your own about the node"),
    key(NodeKey::Services, "services", Type::Services, "programs that the node keeps running, by name"),
    key(NodeKey::Dhcp, "dhcp", Type::Dhcp, "true: it gets its addresses by DHCP; a map: it hands them out"),
    key(NodeKey::Dns, "dns", Type::Dns,
        "true: it answers questions for the lab's names; a map: what else it knows"),
    key(NodeKey::NameServers, "name-servers", Type::OptionTexts,
        "nodes or addresses that it asks for names; those that serve its networks if not given"),
    key(NodeKey::Radvd, "radvd", Type::Radvd, "true: it advertises its IPv6 prefixes; a map: how"),
    key(NodeKey::Container, "container", Type::Text,
        "which container it is: c1, lxc:c1, docker:web, pid:1995; one of the node's name if not given"),
    key(NodeKey::Interface, "interface", Type::InterfaceName,
        "the host's interface that an external node is"),
    key(NodeKey::By, "by", Type::ExternalWay, "how the lab comes to it: macvlan (if not given), bridge, nat"),
    key(NodeKey::Gateway, "gateway", Type::Address,
        "by bridge: who must still answer; the host's gateway there if not given"),
    key(NodeKey::Within, "within", Type::Duration,
        "by bridge: how long the gateway has to answer; 10s if not given"),
    key(NodeKey::Confirm, "confirm", Type::Duration,
        "by bridge: all is put back unless it is confirmed within this time"),
    key(NodeKey::Uplink, "uplink", Type::Uplink,
        "true: it has a way out to the host's network; a map: and a way in"),
    key(NodeKey::Engine, "engine", Type::EngineName, "what makes a switch; linux if not given"),
    key(NodeKey::Stp, "stp", Type::Tree, "true: a switch speaks the spanning tree protocol; a map: how"),
    key(NodeKey::Ageing, "ageing", Type::Duration,
        "how long a switch remembers a silent station; 300s if not given"),
    key(NodeKey::Fdb, "fdb", Type::Stations, "stations that are behind a port of a switch for good, by MAC"),
    key(NodeKey::Controller, "controller", Type::Texts,
        "of engine ovs: who tells it what to do with frames: tcp:HOST:PORT, ssl:HOST:PORT, unix:PATH"),
    key(NodeKey::FailMode, "fail-mode", Type::FailModeName,
        "of engine ovs: what it does while no controller answers: standalone (if not given), secure"),
    key(NodeKey::Vm, "vm", Type::Vm, "what a virtual machine boots, and what it has"),
    key(NodeKey::Machine, "machine", Type::Text, "which of the lab's machines it is on"),
    key(NodeKey::Capabilities, "capabilities", Type::Capabilities,
        "what its processes may do at most: names, default, all; with - before it, all but that"),
    key(NodeKey::Seccomp, "seccomp", Type::Truth,
        "true: system calls that concern the whole kernel are refused in it"),
};

constexpr std::array impairment_keys{
    key(ImpairmentKey::Delay, "delay", Type::Duration, "time that every frame waits: 20ms"),
    key(ImpairmentKey::Jitter, "jitter", Type::Duration, "how much the delay varies: 2ms"),
    key(ImpairmentKey::Loss, "loss", Type::Percent, "share of frames that are lost: 0.1%"),
    key(ImpairmentKey::Corrupt, "corrupt", Type::Percent, "share of frames with a flipped bit"),
    key(ImpairmentKey::Duplicate, "duplicate", Type::Percent, "share of frames that arrive twice"),
    key(ImpairmentKey::Reorder, "reorder", Type::Percent, "share of frames that skip the delay"),
    key(ImpairmentKey::Rate, "rate", Type::Rate, "bits per second that go through: 50mbit"),
    key(ImpairmentKey::Limit, "limit", Type::Count, "packets that may wait"),
    key(ImpairmentKey::Seed, "seed", Type::Integer,
        "of the random numbers: the same seed loses the same packets"),
};

constexpr std::array interface_keys{
    key(InterfaceKey::Mac, "mac", Type::Mac,
        "hardware address; derived from lab, node and interface if not given"),
    key(InterfaceKey::Mtu, "mtu", Type::Mtu, "largest packet in bytes"),
    key(InterfaceKey::Addresses, "addresses", Type::Addresses,
        "addresses of the interface, auto for those that routers advertise; [] for none"),
    key(InterfaceKey::Labels, "labels", Type::Labels, "words of your own about the interface"),
    key(InterfaceKey::Dhcp, "dhcp", Type::Truth, "true: it gets its addresses by DHCP"),
    key(InterfaceKey::Type, "type", Type::InterfaceTypeName,
        "makes it an interface of the node's own: vlan, bond, vrf …"),
    key(InterfaceKey::Vlan, "vlan", Type::Vlan, "of a switch's port: the VLAN of frames without a tag"),
    key(InterfaceKey::Vlans, "vlans", Type::Vlans, "of a switch's port: VLANs whose frames have a tag"),
};

constexpr std::array route_keys{
    key(RouteKey::To, "to", Type::PrefixOrDefault, "the destination: a prefix or default"),
    key(RouteKey::Via, "via", Type::Hops,
        "the gateway: an address, a neighbour's name, or a list of next hops"),
    key(RouteKey::Dev, "dev", Type::InterfaceName, "the interface, or the network it is attached to"),
    key(RouteKey::Metric, "metric", Type::Count, "the lower one wins; the kernel's default if not given"),
    key(RouteKey::Table, "table", Type::Table, "main, local, default or a number"),
    key(RouteKey::Source, "source", Type::Address, "source address of what the node itself sends this way"),
    key(RouteKey::Type, "type", Type::RouteTypeName,
        "unreachable, blackhole or prohibit instead of a gateway"),
};

constexpr std::array hop_keys{
    key(HopKey::Via, "via", Type::Text, "the gateway: an address or a neighbour's name"),
    key(HopKey::Dev, "dev", Type::InterfaceName, "the interface, or the network it is attached to"),
    key(HopKey::Weight, "weight", Type::Count, "its share among the next hops, 1 to 256"),
};

constexpr std::array rule_keys{
    key(RuleKey::From, "from", Type::Prefix, "source prefix"),
    key(RuleKey::To, "to", Type::Prefix, "destination prefix"),
    key(RuleKey::Iif, "iif", Type::InterfaceName, "interface that the packet came in by"),
    key(RuleKey::Oif, "oif", Type::InterfaceName, "interface that the sender is bound to"),
    key(RuleKey::Mark, "mark", Type::Mark, "firewall mark: N or N/MASK"),
    key(RuleKey::Priority, "priority", Type::Count,
        "place among the rules; if not given, the one that the kernel would choose"),
    key(RuleKey::Table, "table", Type::Table, "main, local, default or a number"),
    key(RuleKey::Action, "action", Type::ActionName, "unreachable, blackhole or prohibit instead of a table"),
};

constexpr std::array nat_keys{
    key(NatKey::Out, "out", Type::Names, "interfaces or networks that the packets leave by"),
    key(NatKey::Forward, "forward", Type::Forwards,
        "ports that lead to other nodes, for what comes in by 'out'"),
};

constexpr std::array uplink_keys{
    key(UplinkKey::Forward, "forward", Type::Forwards, "ports of the host that lead into the lab"),
};

constexpr std::array forward_keys{
    key(ForwardKey::Port, "port", Type::ForwardPort, "the port: 8080, tcp/8080 or udp/53"),
    key(ForwardKey::To, "to", Type::Text, "where it leads: a node or an address, with the port: web:80"),
};

constexpr std::array dhcp_keys{
    key(DhcpKey::Serve, "serve", Type::Names,
        "interfaces or networks that it serves; those with clients if not given"),
    key(DhcpKey::Range, "range", Type::Names,
        "addresses that it hands out: .100-.199; the longest free run of the subnet if not given"),
    key(DhcpKey::Options, "options", Type::DhcpOptions, "what clients are told beside their address"),
    key(DhcpKey::Hosts, "hosts", Type::DhcpHosts, "fixed addresses, by the name of a node or a MAC"),
};

constexpr std::array dhcp_options_keys{
    key(DhcpOptionKey::Router, "router", Type::OptionTexts, "the default gateway; [] for none"),
    key(DhcpOptionKey::Dns, "dns", Type::OptionTexts, "name servers"),
    key(DhcpOptionKey::Domain, "domain", Type::OptionTexts, "the domain of the clients' names"),
    key(DhcpOptionKey::Ntp, "ntp", Type::OptionTexts, "time servers"),
    key(DhcpOptionKey::Mtu, "mtu", Type::OptionMtu, "largest packet in bytes; [] for none"),
};

constexpr std::array service_keys{
    key(ServiceKey::Command, "command", Type::Command,
        "the program and its arguments, as a shell command or a list of words"),
    key(ServiceKey::After, "after", Type::Names, "services of the node that have to be ready before"),
    key(ServiceKey::Restart, "restart", Type::RestartName,
        "when it is started again after it has ended: never, on-failure, always (if not given)"),
    key(ServiceKey::Ready, "ready", Type::ServiceReady,
        "how it shows that it is ready; as soon as it runs if not given"),
    key(ServiceKey::Stop, "stop", Type::SignalName, "the signal that ends it; SIGTERM if not given"),
};

constexpr std::array service_ready_keys{
    key(ServiceReadyKey::Command, "command", Type::Text, "a shell command that succeeds once it is ready"),
    key(ServiceReadyKey::Port, "port", Type::Port, "the TCP port that it listens at"),
    key(ServiceReadyKey::File, "file", Type::Path, "a path in the node that is there once it is ready"),
    key(ServiceReadyKey::Ended, "ended", Type::Truth,
        "true: it is ready when it has ended with status 0, and is not started again"),
};

constexpr std::array file_keys{
    key(FileKey::Text, "text", Type::Text, "what the file holds"),
    key(FileKey::File, "file", Type::Path, "a file to take it from, relative to the lab file"),
    key(FileKey::Mode, "mode", Type::Mode, "permissions in octal: '0644'"),
};

constexpr std::array firewall_keys{
    key(FirewallKey::File, "file", Type::Path, "a file with the ruleset, relative to the lab file"),
};

constexpr std::array network_keys{
    key(NetworkKey::Prefix, "prefix", Type::Prefixes,
        "its prefix, or one of each family; from the pool if not given"),
    key(NetworkKey::Mtu, "mtu", Type::Mtu, "largest packet in bytes, for every interface in it"),
    key(NetworkKey::Labels, "labels", Type::Labels, "words of your own about the network"),
};

constexpr std::array link_keys{
    key(LinkKey::Type, "type", Type::LinkTypeName, "what the link is made of; veth if not given"),
    key(LinkKey::Subnet, "subnet", Type::Prefixes,
        "its prefix, or one of each family; from the pool if not given"),
    key(LinkKey::Mtu, "mtu", Type::Mtu, "largest packet in bytes, at both ends"),
    key(LinkKey::Cost, "cost", Type::Cost, "for shortest paths; 1 if not given"),
    key(LinkKey::Out, "out", Type::Impairment, "impairments of what goes from the left end to the right one"),
    key(LinkKey::Back, "back", Type::Impairment,
        "impairments of what goes from the right end to the left one"),
    key(LinkKey::Labels, "labels", Type::Labels, "words of your own about the link"),
};

constexpr std::array entry_keys{
    key(EntryKey::Ends, "ends", Type::Ends, "the two ends of a link in its long form"),
    key(EntryKey::Chain, "chain", Type::NodeNames, "each node to the next"),
    key(EntryKey::Ring, "ring", Type::NodeNames, "each node to the next, the last to the first"),
    key(EntryKey::Star, "star", Type::Star, "a center to each leaf"),
    key(EntryKey::Mesh, "mesh", Type::NodeNames, "each node to each other"),
    key(EntryKey::Tree, "tree", Type::NodeNames, "each node to its children, level by level"),
    key(EntryKey::Grid, "grid", Type::NodeNames, "each node to its right and lower neighbour"),
    key(EntryKey::Torus, "torus", Type::NodeNames, "a grid whose edges meet"),
    key(EntryKey::FatTree, "fat-tree", Type::FatTree,
        "a data center of K-port switches, which it makes itself"),
    key(EntryKey::Fanout, "fanout", Type::Count, "children of each node of a tree; 2 if not given"),
    key(EntryKey::Columns, "columns", Type::Count, "nodes in a row of a grid or torus"),
};

constexpr std::array star_keys{
    key(StarKey::Center, "center", Type::Text, "the node or network in the middle"),
    key(StarKey::Leaves, "leaves", Type::NodeNames, "the nodes around it"),
};

constexpr std::array fat_tree_keys{
    key(FatTreeKey::K, "k", Type::Count, "ports of each switch, an even number"),
    key(FatTreeKey::Hosts, "hosts", Type::Count, "hosts at each edge switch; k/2 if not given"),
};

}  // namespace

constinit const Object lab_object{"the lab", lab_keys};
constinit const Object defaults_object{"'defaults'", defaults_keys};
constinit const Object check_object{"a check", check_keys};
constinit const Object reach_object{"'reach'", reach_keys};
constinit const Object route_check_object{"a route check", route_check_keys};
constinit const Object command_check_object{"a command check", command_check_keys};
constinit const Object node_object{"a node", node_keys};
constinit const Object impairment_object{"an impairment", impairment_keys};
constinit const Object interface_object{"an interface", interface_keys, &interface_type_object};
constinit const Object route_object{"a route", route_keys};
constinit const Object hop_object{"a next hop", hop_keys};
constinit const Object rule_object{"a rule", rule_keys};
constinit const Object nat_object{"'nat'", nat_keys};
constinit const Object uplink_object{"'uplink'", uplink_keys};
constinit const Object forward_object{"a forward", forward_keys};
constinit const Object dhcp_object{"'dhcp'", dhcp_keys};
constinit const Object dhcp_options_object{"'options' of 'dhcp'", dhcp_options_keys};
constinit const Object service_object{"a service", service_keys};
constinit const Object service_ready_object{"'ready' of a service", service_ready_keys};
constinit const Object file_object{"a file", file_keys};
constinit const Object firewall_object{"'firewall'", firewall_keys};
constinit const Object network_object{"a network", network_keys};
constinit const Object link_object{"a link", link_keys, &link_type_object};
constinit const Object entry_object{"an entry of 'links'", entry_keys, &link_object};
constinit const Object star_object{"'star'", star_keys};
constinit const Object fat_tree_object{"'fat-tree'", fat_tree_keys};

Object::Found Object::find(std::string_view word) const {
  for (const Object* object = this; object != nullptr; object = object->also)
    for (const Key& one : object->keys)
      if (one.name == word) return {object, &one};
  return {};
}

std::vector<std::string_view> Object::words() const {
  std::vector<std::string_view> words;
  for (const Object* object = this; object != nullptr; object = object->also)
    for (const Key& one : object->keys)
      if (!one.reserved) words.push_back(one.name);
  return words;
}

std::span<const Object* const> all_objects() {
  static constexpr std::array all{
      &lab_object,          &defaults_object,      &node_object,          &interface_object,
      &route_object,        &hop_object,           &rule_object,          &nat_object,
      &file_object,         &firewall_object,      &network_object,       &link_object,
      &impairment_object,   &entry_object,         &star_object,          &fat_tree_object,
      &check_object,        &reach_object,         &route_check_object,   &command_check_object,
      &bgp_object,          &ospf_object,          &bgp_timers_object,    &ospf_timers_object,
      &rip_object,          &isis_object,          &frr_object,           &bird_object,
      &config_object,       &service_object,       &service_ready_object, &dhcp_object,
      &dhcp_options_object, &uplink_object,        &forward_object,       &ospf_interface_object,
      &dns_object,          &dns_record_object,    &radvd_object,         &tree_object,
      &vm_object,           &vm_ready_object,      &cloud_init_object,    &machine_object,
      &between_object,      &wireguard_peer_object};
  return all;
}

}  // namespace hopyard::language
