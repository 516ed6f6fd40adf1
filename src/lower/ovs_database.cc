#include "lower/open_vswitch.hh"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

namespace hopyard::lower {
namespace {

using Json = nlohmann::ordered_json;

// The command line of ovsdb-tool(1) takes 128 KiB in one word; a port has some 600 bytes.
constexpr std::size_t ports_of_a_transaction = 100;

Json named(const std::string& name) {
  return Json::array({"named-uuid", name});
}

Json map(std::initializer_list<std::pair<std::string, std::string>> entries) {
  Json pairs = Json::array();
  for (const auto& [key, value] : entries) pairs.push_back(Json::array({key, value}));
  return Json::array({"map", std::move(pairs)});
}

Json insert(const char* table, const std::string& name, Json row) {
  return {{"op", "insert"}, {"table", table}, {"uuid-name", name}, {"row", std::move(row)}};
}

void set_vlans(const lab::Node& node, const lab::Interface& port, Json& row) {
  if (!lab::filters_vlans(node)) return;
  const std::uint16_t native = port.vlans.native();
  if (native != 0) row["tag"] = native;
  if (!port.vlans.tagged.empty()) row["trunks"] = Json::array({"set", port.vlans.tagged});
  row["vlan_mode"] = port.vlans.tagged.empty() ? "access" : native == 0 ? "trunk" : "native-untagged";
}

Json bridge_row(const lab::Node& node, const Mac& mac) {
  const lab::Switch& forwarding = node.forwarding;
  Json row{{"name", lab::bridge_name(node)}, {"datapath_type", "netdev"}};
  Json other = map({{"hwaddr", mac.text()}});
  const auto set = [&](const char* key, auto value) {
    other[1].push_back(Json::array({key, fmt::format("{}", value)}));
  };
  if (forwarding.ageing)
    set("mac-aging-time", std::chrono::duration_cast<std::chrono::seconds>(*forwarding.ageing).count());
  if (forwarding.tree.runs) {
    row["stp_enable"] = true;
    set("stp-priority", forwarding.tree.priority);
    set("stp-hello-time", forwarding.tree.hello.count());
    set("stp-forward-delay", forwarding.tree.forward_delay.count());
    set("stp-max-age", forwarding.tree.max_age.count());
  }
  row["other_config"] = std::move(other);
  if (forwarding.secure) row["fail_mode"] = "secure";
  return row;
}

void add_controllers(const lab::Node& node, Json& operations, Json& bridge) {
  Json set = Json::array();
  for (const std::string& target : node.forwarding.controllers) {
    const std::string name = fmt::format("controller{}", set.size());
    // One that comes later is found at once: in milliseconds, and as little as may be.
    operations.push_back(insert("Controller", name, {{"target", target}, {"max_backoff", 1000}}));
    set.push_back(named(name));
  }
  if (!set.empty()) bridge["controller"] = Json::array({"set", std::move(set)});
}

/// The switch without its ports.
Json root_operations(const lab::Node& node, const Mac& mac) {
  const std::string name = lab::bridge_name(node);
  Json operations = Json::array({"Open_vSwitch"});
  Json bridge = bridge_row(node, mac);
  add_controllers(node, operations, bridge);
  operations.push_back(insert("Interface", "local_interface", {{"name", name}, {"type", "internal"}}));
  operations.push_back(
      insert("Port", "local_port", {{"name", name}, {"interfaces", named("local_interface")}}));
  bridge["ports"] = named("local_port");
  operations.push_back(insert("Bridge", "bridge", std::move(bridge)));
  // A laboratory has many of them side by side: no more threads than it takes.
  operations.push_back(
      insert("Open_vSwitch", "root",
             {{"bridges", named("bridge")},
              {"next_cfg", 1},
              {"other_config", map({{"n-handler-threads", "1"}, {"n-revalidator-threads", "1"}})}}));
  return operations;
}

void add_ports(const lab::Node& node, std::size_t first, std::size_t last, Json& operations) {
  // Open vSwitch clears a queueing discipline that it does not know, unless it is told to leave them alone.
  operations.push_back(insert("QoS", "others", {{"type", "linux-noop"}}));
  Json ports = Json::array();
  for (std::size_t i = first; i < last; ++i) {
    const lab::Interface& one = node.interfaces[i];
    const std::string interface = fmt::format("interface{}", i);
    const std::string port = fmt::format("port{}", i);
    operations.push_back(insert("Interface", interface, {{"name", one.name}, {"ofport_request", i + 1}}));
    Json row{{"name", one.name}, {"interfaces", named(interface)}, {"qos", named("others")}};
    set_vlans(node, one, row);
    operations.push_back(insert("Port", port, std::move(row)));
    ports.push_back(named(port));
  }
  operations.push_back(
      {{"op", "mutate"},
       {"table", "Bridge"},
       {"where", Json::array()},
       {"mutations",
        Json::array({Json::array({"ports", "insert", Json::array({"set", std::move(ports)})})})}});
}

std::string line_of(const Json& operations) {
  return operations.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace

std::string ovs_transactions(const lab::Node& node, const Mac& bridge_mac) {
  std::string text;
  Json operations = root_operations(node, bridge_mac);
  for (std::size_t first = 0; first < node.interfaces.size(); first += ports_of_a_transaction) {
    if (first != 0) operations = Json::array({"Open_vSwitch"});
    add_ports(node, first, std::min(first + ports_of_a_transaction, node.interfaces.size()), operations);
    text += line_of(operations);
  }
  return node.interfaces.empty() ? line_of(operations) : text;
}

}  // namespace hopyard::lower
