#include <unistd.h>

#include <algorithm>

#include "keeper/container_processes.hh"
#include "keeper/keeper.hh"
#include "keeper/relay.hh"
#include "observe/processes.hh"
#include "sys/file.hh"
#include "sys/process.hh"

namespace hopyard::keeper {
namespace {

/// What is the same of all: no node yet, no service, no number on the host.
ProcessDescription described(const observe::Process& process) {
  ProcessDescription told;
  told.pid = process.inner_pid;
  told.state = process.state;
  told.memory = process.memory;
  told.cpu = process.cpu;
  told.command = process.command;
  return told;
}

}  // namespace

NodeState Keeper::state_of(std::uint32_t ns) const {
  if (outages_.failed({Target::Kind::Node, ns})) {
    return frozen_.contains(ns) && machines_.contains(ns) ? NodeState::Frozen : NodeState::Failed;
  }
  const bool runs = machines_.contains(ns) || !held_.desired.namespaces[ns].adopted.empty();
  return runs ? NodeState::Warm : NodeState::Idle;
}

pid_t Keeper::host_pid(const sys::Fd& pidfd) const {
  return observe::number_in(held_.host_proc.get(), pidfd.get());
}

InterfaceDescription Keeper::describe_interface(std::uint32_t ns, std::uint32_t device) const {
  const net::Device& wanted = held_.desired.namespaces[ns].devices[device];
  InterfaceDescription interface;
  interface.name = wanted.name;
  interface.mac = wanted.mac.text();
  if (wanted.mtu != 0) interface.mtu = wanted.mtu;
  for (const InterfaceAddress& address : wanted.addresses) interface.addresses.push_back(address.text());
  interface.up = !outages_.device_down(ns, device);
  interface.egress = wanted.egress;
  const std::uint32_t wire = directory_.wire_of(ns, device);
  if (wire == net::none) return interface;
  const net::Wire& link = held_.desired.wires[wire];
  interface.wire = link.name;
  const int far = link.namespaces[0] == ns && link.devices[0] == device ? 1 : 0;
  if (link.namespaces[far] == net::none) {
    interface.peer_node = link.far->node;
    interface.peer_interface = link.far->interface;
    interface.peer_machine = link.far->machine;
    return interface;
  }
  const net::Namespace& peer = held_.desired.namespaces[link.namespaces[far]];
  interface.peer_node = peer.name;
  if (peer.role == net::Namespace::Role::Segment) {
    interface.network = peer.name;
  } else {
    interface.peer_interface = peer.devices[link.devices[far]].name;
  }
  return interface;
}

NodeDescription Keeper::describe_node(std::uint32_t ns) const {
  const net::Namespace& wanted = held_.desired.namespaces[ns];
  NodeDescription node;
  node.name = wanted.name;
  node.kind = wanted.kind;
  node.state = state_of(ns);
  if (const auto machine = machines_.find(ns); machine != machines_.end()) {
    node.pid = host_pid(machine->second.machine.pidfd);
  } else if (const Adoption* adoption = held_.adoptions.of(wanted.adopted)) {
    node.pid = adoption->place.pid;
  }
  for (std::uint32_t device = 0; device < wanted.devices.size(); ++device) {
    node.interfaces.push_back(describe_interface(ns, device));
  }
  for (const InterfaceAddress& address : wanted.loopback) node.loopback.push_back(address.text());
  node.routes = wanted.routes.size();
  return node;
}

LinkDescription Keeper::describe_link(std::uint32_t index) const {
  const net::Wire& wire = held_.desired.wires[index];
  LinkDescription link;
  link.name = wire.name;
  for (int end = 0; end < 2; ++end) {
    if (wire.namespaces[end] == net::none) {
      link.ends[end] = {wire.far->node, wire.far->interface, wire.far->machine};
      continue;
    }
    const net::Namespace& ns = held_.desired.namespaces[wire.namespaces[end]];
    link.ends[end] = {ns.name, ns.devices[wire.devices[end]].name, {}};
    (end == 0 ? link.out : link.back) = ns.devices[wire.devices[end]].egress;
  }
  link.up = !outages_.wire_down(index);
  return link;
}

Description Keeper::summary() const {
  Description all;
  all.lab = held_.desired.lab;
  all.file = held_.file;
  all.machine = held_.desired.machine;
  all.started = started_;
  all.uptime =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - ready_);
  if (const auto self = sys::pidfd_open(::getpid())) all.keeper = host_pid(*self);
  all.node_count = static_cast<std::uint64_t>(
      std::ranges::count(held_.desired.namespaces, net::Namespace::Role::Node, &net::Namespace::role));
  all.link_count = held_.desired.wires.size();
  return all;
}

Result<Description> Keeper::describe(const std::vector<std::string>& only) {
  Description all = summary();
  std::set<std::uint32_t> chosen;
  for (const std::string& name : only) {
    HOPYARD_TAKE(ns, directory_.node(name));
    chosen.insert(ns);
  }
  for (std::uint32_t ns = 0; ns < held_.desired.namespaces.size(); ++ns) {
    if (!only.empty() && !chosen.contains(ns)) continue;
    if (held_.desired.namespaces[ns].role == net::Namespace::Role::Between) continue;
    const bool is_node = held_.desired.namespaces[ns].role == net::Namespace::Role::Node;
    (is_node ? all.nodes : all.networks).push_back(describe_node(ns));
  }
  for (std::uint32_t wire = 0; wire < held_.desired.wires.size(); ++wire) {
    const auto& ends = held_.desired.wires[wire].namespaces;
    if (only.empty() || chosen.contains(ends[0]) || chosen.contains(ends[1]))
      all.links.push_back(describe_link(wire));
  }
  return all;
}

// A container's are in no pid namespace of the lab's: the host's procfs has them.
void Keeper::add_container_processes(std::vector<ProcessDescription>& all) const {
  std::vector<observe::Process> of_the_host;
  for (const net::Namespace& ns : held_.desired.namespaces) {
    if (ns.role != net::Namespace::Role::Node || ns.adopted.empty() || ns.adopted == net::host_namespace)
      continue;
    const Adoption* adoption = held_.adoptions.of(ns.adopted);
    const pid_t first = adoption == nullptr ? 0 : host_pid(adoption->process);
    if (first <= 0) continue;  // it has ended
    if (of_the_host.empty())
      of_the_host = observe::list_processes(held_.host_proc.get()).value_or(std::vector<observe::Process>{});
    for (const observe::Process& process : container_processes(of_the_host, first)) {
      if (process.name == relay_name) continue;  // of somebody's `exec`
      ProcessDescription told = described(process);
      told.node = ns.name;
      told.host_pid = process.pid;
      all.push_back(std::move(told));
    }
  }
}

Result<std::vector<ProcessDescription>> Keeper::processes() const {
  HOPYARD_TAKE(proc, sys::open_folder(sys::here(), "/proc"));
  HOPYARD_TAKE(found, observe::list_processes(proc.get()));
  std::map<std::uint64_t, std::uint32_t> nodes;
  std::set<pid_t> inits;
  for (const auto& [ns, running] : machines_) {
    nodes.emplace(running.pid_namespace, ns);
    inits.insert(running.machine.pid);
  }
  std::vector<ProcessDescription> all;
  for (const observe::Process& process : found) {
    const bool is_relay = process.name == relay_name && inits.contains(process.parent);
    if (process.pid == ::getpid() || inits.contains(process.pid) || is_relay) continue;
    ProcessDescription told = described(process);
    if (const auto node = nodes.find(process.pid_namespace); node != nodes.end()) {
      told.node = held_.desired.namespaces[node->second].name;
      for (const ServiceDescription& service : machines_.at(node->second).services) {
        if (service.pid != 0 && service.pid == process.inner_session) told.service = service.name;
      }
    }
    if (const auto pidfd = sys::pidfd_open(process.pid)) told.host_pid = host_pid(*pidfd);
    all.push_back(std::move(told));
  }
  add_container_processes(all);
  return all;
}

}  // namespace hopyard::keeper
