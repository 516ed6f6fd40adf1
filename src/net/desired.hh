#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ip.hh"
#include "base/mac.hh"
#include "base/source.hh"
#include "net/bridge.hh"
#include "net/impairment.hh"
#include "net/link.hh"
#include "net/rights.hh"
#include "net/route.hh"
#include "net/service.hh"

/// A lab lowered to what the kernel knows. Values only; indices, never pointers, from one part to another.
namespace hopyard::net {

inline constexpr std::uint32_t none = UINT32_MAX;

/// The namespace that the lab was started in, as Namespace::adopted names it.
inline constexpr std::string_view host_namespace = "host";

/// Who has an address on a device's wire: an entry of the kernel's neighbour table (ARP, RFC 826; neighbour
/// discovery, RFC 4861) that nobody has to ask for, and that does not age.
struct Neighbour {
  IpAddress address;
  Mac mac;
};

/// A device that Hopyard makes in a namespace; lo is not one of them, every namespace has it.
struct Device {
  enum class Kind : std::uint8_t {
    Veth,
    Bridge,
    Tap,
    Other,
    Existing,  ///< of a namespace that is there before the lab: nobody makes it, and it stays
    Moved,     ///< one of Kind::Existing, as `link` says which, that is here while the lab runs
  };
  Kind kind = Kind::Veth;
  bool makes_pair = false;  ///< veth: of the two ends, the one whose operation makes both
  std::string name;
  Mac mac;
  std::uint32_t mtu = 0;        ///< 0 for the kernel's default, 1500
  std::uint32_t master = none;  ///< device (bridge, bond, vrf …) of the same namespace that this is a port of
  std::uint32_t peer_namespace = none;  ///< veth: where the other end is
  std::uint32_t peer_device = none;
  std::shared_ptr<const LinkSettings>
      link;  ///< what a device of Kind::Other is, and a tap of the file's; Moved: the lower device alone
  bool floods = false;       ///< bridge: repeats every frame to every port, as a hub does
  Bridging bridging;         ///< bridge
  bool many_queues = false;  ///< tap: whoever opens it may have several (IFF_MULTI_QUEUE, linux/if_tun.h)
  bool sums_first = false;   ///< veth: makes the checksums of what it sends, and leaves none to who gets it
  Port port;                 ///< of a bridge
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

/// A file of the host that a node finds in its file system, as it is: not to be written.
struct HostFile {
  std::string path;  ///< on the host
  std::string at;    ///< in the node, absolute, without "." or ".." parts
};

/// A read-only file system in one file of the node's file system: ISO 9660 with Joliet and Rock Ridge names.
struct DiskImage {
  std::string path;         ///< of the image, absolute, without "." or ".." parts
  std::string label;        ///< by which whoever mounts it knows it
  std::vector<File> files;  ///< what is in it, by plain names
};

/// What a node is given when something first runs in it, beyond what every machine has.
struct Machine {
  std::string hostname;
  std::vector<Folder> folders;
  std::vector<File> files;
  std::vector<HostFile> host_files;
  std::vector<DiskImage> disk_images;
  std::vector<std::string> host_devices;  ///< of the host, where it has them: "/dev/kvm"
  std::vector<Service> services;
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<std::string> run;  ///< shell commands, started in this order once the lab stands
  std::string ready;         ///< shell command that must succeed before the node counts as up; may be empty
  double cpus = 0;           ///< processors it may use, 0 for all
  std::uint64_t memory = 0;  ///< bytes it may use, 0 for all
  std::string root;          ///< folder to take for its root file system; empty for the host's own
  Rights rights = {};        ///< of its processes, at most
};

/// How it is seen that the host still has its connection once a bridge has taken over one of its interfaces.
struct Takeover {
  std::optional<IpAddress> gateway;  ///< who must answer; nothing: the interface's own gateway, if it has one
  std::chrono::milliseconds within{10'000};  ///< how long that may take
  std::chrono::milliseconds confirm{0};      ///< how long a person has to confirm; 0: nobody need
};

/// How packets come from the host's namespace into the world: masqueraded.
struct WayOut {
  struct Port {
    bool udp = false;
    std::uint16_t number = 0;  ///< of the host, host order
  };
  std::string
      interface;  ///< of the host, that packets have to leave by; empty for whichever the route leads by
  std::vector<Port> ports;  ///< that lead into the lab
};

/// One network namespace.
struct Namespace {
  enum class Role : std::uint8_t {
    Node,
    Segment,
    Between,  ///< carries what goes to other machines, and is nothing of the lab file's
  };
  Role role = Role::Node;
  bool warm = false;  ///< a node that becomes a machine at once (it has commands to run)
  std::string name;   ///< the node's, or the network's whose bridge it holds
  std::string kind;   ///< "host", "router", "switch", "hub", "network": for people
  /// Whose namespace it is, where it is there before the lab and stays after it: host_namespace, or a
  /// container as observe::find_container() takes it ("lxc:c1", "pid:1995"). Empty for one that the lab
  /// makes.
  std::string adopted = {};
  std::vector<Device> devices;             ///< in interface order; bridges before their ports
  std::vector<InterfaceAddress> loopback;  ///< on lo, beside 127.0.0.1 and ::1
  std::vector<Sysctl> sysctls;
  std::vector<Route> routes;
  std::vector<Rule> rules;
  std::vector<std::string> rulesets;  ///< nftables texts, loaded in this order
  /// How packets go on from the host's namespace, if they are to.
  std::optional<WayOut> way_out = {};
  /// Of the device of Kind::Existing that is a port of a bridge of the lab, or moves to another namespace.
  std::optional<Takeover> takeover = {};
  Machine machine;
  Span origin;
};

/// A wire between two devices, under the name that people call it by.
struct Wire {
  std::string name;  ///< "r1:eth0 -- r2:eth0"
  std::uint32_t namespaces[2] = {none, none};
  std::uint32_t devices[2] = {none, none};
  Span origin;
  /// The end on another machine, whose namespace and device are none.
  struct Far {
    std::string node;
    std::string interface;
    std::string machine;
  };
  std::optional<Far> far = {};
};

struct Desired {
  std::string lab;
  std::vector<Namespace> namespaces;
  std::vector<Wire> wires;
  bool merges_memory = false;  ///< equal pages of the nodes' processes are kept once
  std::string machine;         ///< of a lab that is spread over several: the one that this is the part for
  std::vector<std::pair<std::string, std::string>> elsewhere;  ///< nodes of other machines, and the machine
  std::string hosts;  ///< the lines of /etc/hosts that every node has, for all names of the lab
};

}  // namespace hopyard::net
