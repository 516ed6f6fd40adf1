#include "keeper/description.hh"

#include <array>

#include "keeper/json.hh"

namespace hopyard::keeper {
namespace {

constexpr std::array<std::string_view, 4> state_names{"idle", "warm", "failed", "frozen"};

// What is empty is left out: of ten thousand nodes most members are.
void put(Json& object, const char* name, const std::string& value) {
  if (!value.empty()) object[name] = value;
}
void put(Json& object, const char* name, const net::Impairment& impairment) {
  if (!impairment.none()) object[name] = to_json(impairment);
}

Json json_of(const InterfaceDescription& interface) {
  Json object{{"name", interface.name},
              {"mac", interface.mac},
              {"mtu", interface.mtu},
              {"addresses", interface.addresses},
              {"up", interface.up}};
  put(object, "wire", interface.wire);
  put(object, "peer_node", interface.peer_node);
  put(object, "peer_interface", interface.peer_interface);
  put(object, "peer_machine", interface.peer_machine);
  put(object, "network", interface.network);
  put(object, "egress", interface.egress);
  return object;
}

InterfaceDescription interface_from(const Json& object) {
  InterfaceDescription interface;
  interface.name = text(object, "name");
  interface.mac = text(object, "mac");
  interface.mtu = static_cast<std::uint32_t>(number(object, "mtu"));
  interface.addresses = texts(object, "addresses");
  interface.up = truth(object, "up");
  interface.wire = text(object, "wire");
  interface.peer_node = text(object, "peer_node");
  interface.peer_interface = text(object, "peer_interface");
  interface.peer_machine = text(object, "peer_machine");
  interface.network = text(object, "network");
  interface.egress = impairment_from(part(object, "egress"));
  return interface;
}

Json json_of(const NodeDescription& node) {
  Json interfaces = Json::array();
  for (const auto& interface : node.interfaces) interfaces.push_back(json_of(interface));
  return {{"name", node.name},
          {"kind", node.kind},
          {"state", state_name(node.state)},
          {"pid", static_cast<std::uint64_t>(node.pid)},
          {"interfaces", std::move(interfaces)},
          {"loopback", node.loopback},
          {"routes", node.routes}};
}

NodeDescription node_from(const Json& object) {
  NodeDescription node;
  node.name = text(object, "name");
  node.kind = text(object, "kind");
  node.state = state_named(text(object, "state"));
  node.pid = static_cast<pid_t>(number(object, "pid"));
  for (const Json& interface : list(object, "interfaces"))
    node.interfaces.push_back(interface_from(interface));
  node.loopback = texts(object, "loopback");
  node.routes = number(object, "routes");
  return node;
}

Json json_of(const LinkDescription& link) {
  Json ends = Json::array();
  for (const auto& end : link.ends) {
    ends.push_back({{"node", end.node}, {"interface", end.interface}});
    put(ends.back(), "machine", end.machine);
  }
  Json object{{"name", link.name}, {"ends", std::move(ends)}, {"state", link.up ? "up" : "failed"}};
  put(object, "out", link.out);
  put(object, "back", link.back);
  return object;
}

LinkDescription link_from(const Json& object) {
  LinkDescription link;
  link.name = text(object, "name");
  std::size_t index = 0;
  for (const Json& end : list(object, "ends")) {
    if (index < 2) link.ends[index++] = {text(end, "node"), text(end, "interface"), text(end, "machine")};
  }
  link.up = text(object, "state") == "up";
  link.out = impairment_from(part(object, "out"));
  link.back = impairment_from(part(object, "back"));
  return link;
}

std::uint64_t milliseconds(std::chrono::system_clock::time_point time) {
  return static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
}

}  // namespace

std::string_view state_name(NodeState state) {
  return state_names[static_cast<std::size_t>(state)];
}

NodeState state_named(std::string_view name) {
  for (std::size_t i = 0; i < state_names.size(); ++i) {
    if (state_names[i] == name) return static_cast<NodeState>(i);
  }
  return NodeState::Idle;
}

std::string encode(const Description& description) {
  Json nodes = Json::array();
  Json networks = Json::array();
  Json links = Json::array();
  for (const auto& node : description.nodes) nodes.push_back(json_of(node));
  for (const auto& network : description.networks) networks.push_back(json_of(network));
  for (const auto& link : description.links) links.push_back(json_of(link));
  return text_of({{"ok", true},
                  {"lab", description.lab},
                  {"file", description.file},
                  {"machine", description.machine},
                  {"started_ms", milliseconds(description.started)},
                  {"uptime_ms", static_cast<std::uint64_t>(description.uptime.count())},
                  {"keeper", static_cast<std::uint64_t>(description.keeper)},
                  {"node_count", description.node_count},
                  {"link_count", description.link_count},
                  {"nodes", std::move(nodes)},
                  {"networks", std::move(networks)},
                  {"links", std::move(links)}});
}

Result<Description> decode_description(std::string_view body) {
  HOPYARD_TAKE(object, parse_object(body));
  Description description;
  description.lab = text(object, "lab");
  description.file = text(object, "file");
  description.machine = text(object, "machine");
  description.started =
      std::chrono::system_clock::time_point(std::chrono::milliseconds(number(object, "started_ms")));
  description.uptime = std::chrono::milliseconds(number(object, "uptime_ms"));
  description.keeper = static_cast<pid_t>(number(object, "keeper"));
  description.node_count = number(object, "node_count");
  description.link_count = number(object, "link_count");
  for (const Json& node : list(object, "nodes")) description.nodes.push_back(node_from(node));
  for (const Json& network : list(object, "networks")) description.networks.push_back(node_from(network));
  for (const Json& link : list(object, "links")) description.links.push_back(link_from(link));
  return description;
}

std::string encode(const std::vector<ProcessDescription>& processes) {
  Json all = Json::array();
  for (const auto& process : processes) {
    all.push_back({{"node", process.node},
                   {"pid", static_cast<std::uint64_t>(process.pid)},
                   {"host_pid", static_cast<std::uint64_t>(process.host_pid)},
                   {"state", std::string(1, process.state)},
                   {"memory", process.memory},
                   {"cpu_ms", static_cast<std::uint64_t>(process.cpu.count())},
                   {"command", process.command},
                   {"service", process.service}});
  }
  return text_of({{"ok", true}, {"processes", std::move(all)}});
}

Result<std::vector<ProcessDescription>> decode_processes(std::string_view body) {
  HOPYARD_TAKE(object, parse_object(body));
  std::vector<ProcessDescription> processes;
  for (const Json& entry : list(object, "processes")) {
    const std::string state = text(entry, "state");
    processes.push_back({text(entry, "node"), static_cast<pid_t>(number(entry, "pid")),
                         static_cast<pid_t>(number(entry, "host_pid")), state.empty() ? '?' : state.front(),
                         number(entry, "memory"), std::chrono::milliseconds(number(entry, "cpu_ms")),
                         text(entry, "command"), text(entry, "service")});
  }
  return processes;
}

}  // namespace hopyard::keeper
