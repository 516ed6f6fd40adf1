#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "net/impairment.hh"

/// What a keeper tells of its lab. Values only.
namespace hopyard::keeper {

enum class NodeState : std::uint8_t {
  Idle,    ///< a network namespace and no process
  Warm,    ///< a machine: something runs in it, or has
  Failed,  ///< failed, its processes killed
  Frozen,  ///< failed, its processes stopped
};
[[nodiscard]] std::string_view state_name(NodeState state);
[[nodiscard]] NodeState state_named(std::string_view name);

struct InterfaceDescription {
  std::string name;
  std::string mac;
  std::uint32_t mtu = 1500;
  std::vector<std::string> addresses;  ///< "10.0.0.1/24"
  bool up = true;
  std::string wire;            ///< its link's name; empty for one that is no end of a link
  std::string peer_node;       ///< at the other end: a node, or the network's name
  std::string peer_interface;  ///< empty when the peer is a network
  std::string peer_machine;    ///< that the peer is on, if that is not this one
  std::string network;         ///< the network it is attached to; empty if the peer is a node
  net::Impairment egress;
};

struct NodeDescription {
  std::string name;
  std::string kind;  ///< "host", "router", "switch", "hub", "network"
  NodeState state = NodeState::Idle;
  pid_t pid = 0;  ///< of its init, as the host counts; 0 for none
  std::vector<InterfaceDescription> interfaces;
  std::vector<std::string> loopback;
  std::uint64_t routes = 0;  ///< how many it was given
};

struct LinkDescription {
  struct End {
    std::string node;
    std::string interface;
    std::string machine = {};  ///< that it is on, if that is not this one
  };
  std::string name;
  End ends[2];
  bool up = true;
  net::Impairment out;  ///< from ends[0] to ends[1]
  net::Impairment back;
};

struct Description {
  std::string lab;
  std::string file;     ///< the lab file, as an absolute path
  std::string machine;  ///< of the lab's: this one; empty for a lab on one
  std::chrono::system_clock::time_point started;
  std::chrono::milliseconds uptime{0};
  pid_t keeper = 0;              ///< as the host counts
  std::uint64_t node_count = 0;  ///< of the whole lab, whatever was asked for
  std::uint64_t link_count = 0;
  std::vector<NodeDescription> nodes;  ///< in the order of the lab file
  std::vector<NodeDescription> networks;
  std::vector<LinkDescription> links;
};

/// As JSON and back. @return an error for text that no keeper writes.
[[nodiscard]] std::string encode(const Description& description);
[[nodiscard]] Result<Description> decode_description(std::string_view body);

/// A process of a lab.
struct ProcessDescription {
  std::string node;          ///< empty for one that is in no node
  pid_t pid = 0;             ///< as the node counts
  pid_t host_pid = 0;        ///< as the host counts; 0 when it has just gone
  char state = '?';          ///< as in proc(5): R, S, D, T, Z …
  std::uint64_t memory = 0;  ///< resident bytes
  std::chrono::milliseconds cpu{0};
  std::string command;  ///< with its arguments
  std::string service;  ///< that it belongs to; empty for none
};
[[nodiscard]] std::string encode(const std::vector<ProcessDescription>& processes);
[[nodiscard]] Result<std::vector<ProcessDescription>> decode_processes(std::string_view body);

}  // namespace hopyard::keeper
