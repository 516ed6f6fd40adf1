#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/ip.hh"
#include "base/mac.hh"
#include "base/source.hh"
#include "net/impairment.hh"
#include "net/route.hh"
#include "net/service.hh"

/// A lab lowered to what the kernel knows. Values only; indices, never pointers, from one part to another.
namespace hopyard::net {

inline constexpr std::uint32_t none = UINT32_MAX;

/// Who has an address on a device's wire: an entry of the kernel's neighbour table (ARP, RFC 826; neighbour
/// discovery, RFC 4861) that nobody has to ask for, and that does not age.
struct Neighbour {
  IpAddress address;
  Mac mac;
};

/// A device that Hopyard makes in a namespace; lo is not one of them, every namespace has it.
struct Device {
  enum class Kind : std::uint8_t { Veth, Bridge };
  Kind kind = Kind::Veth;
  bool makes_pair = false;  ///< veth: of the two ends, the one whose operation makes both
  std::string name;
  Mac mac;
  std::uint32_t mtu = 0;                ///< 0 for the kernel's default, 1500
  std::uint32_t master = none;          ///< device (a bridge) of the same namespace that this is a port of
  std::uint32_t peer_namespace = none;  ///< veth: where the other end is
  std::uint32_t peer_device = none;
  bool floods = false;  ///< bridge: repeats every frame to every port, as a hub does
  std::vector<InterfaceAddress> addresses;
  std::vector<Neighbour> neighbours;  ///< that the namespace knows from the start
  Impairment egress;
  Span origin;
};

/// A sysctl by its name with dots ("net.ipv4.ip_forward") and the text to write.
struct Sysctl {
  std::string name;
  std::string value;
};

/// A file that a node finds in its file system.
struct File {
  std::string path;  ///< absolute, without "." or ".." parts
  std::string content;
  std::uint32_t mode = 0644;
  std::string owner = {};  ///< a user of the node's own /etc/passwd; empty for root
  std::string group = {};  ///< a group of the node's own /etc/group; empty for root
};

/// What a node is given when something first runs in it, beyond what every machine has.
struct Machine {
  std::string hostname;
  std::vector<Folder> folders;
  std::vector<File> files;
  std::vector<Service> services;
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> run;  ///< shell commands, started in this order once the lab stands
  std::string ready;         ///< shell command that must succeed before the node counts as up; may be empty
  double cpus = 0;           ///< processors it may use, 0 for all
  std::uint64_t memory = 0;  ///< bytes it may use, 0 for all
  std::string root;          ///< folder to take for its root file system; empty for the host's own
};

/// One network namespace.
struct Namespace {
  enum class Role : std::uint8_t { Node, Segment };
  Role role = Role::Node;
  bool warm = false;                       ///< a node that becomes a machine at once (it has commands to run)
  std::string name;                        ///< the node's, or the network's whose bridge it holds
  std::string kind;                        ///< "host", "router", "switch", "hub", "network": for people
  std::vector<Device> devices;             ///< in interface order; bridges before their ports
  std::vector<InterfaceAddress> loopback;  ///< on lo, beside 127.0.0.1 and ::1
  std::vector<Sysctl> sysctls;
  std::vector<Route> routes;
  std::vector<Rule> rules;
  std::vector<std::string> rulesets;  ///< nftables texts, loaded in this order
  Machine machine;
  Span origin;
};

/// A wire between two devices, under the name that people call it by.
struct Wire {
  std::string name;  ///< "r1:eth0 -- r2:eth0"
  std::uint32_t namespaces[2] = {none, none};
  std::uint32_t devices[2] = {none, none};
  Span origin;
};

struct Desired {
  std::string lab;
  std::vector<Namespace> namespaces;
  std::vector<Wire> wires;
  bool merges_memory = false;  ///< equal pages of the nodes' processes are kept once
  std::string hosts;           ///< the lines of /etc/hosts that every node has, for all names of the lab
};

}  // namespace hopyard::net
