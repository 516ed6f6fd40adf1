#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "language/kinds.hh"

namespace hopyard::language {
namespace {

std::optional<double> read_cpu(Values& values, const Yaml& value) {
  const auto text = values.text(value, "'cpu'");
  if (!text) return std::nullopt;
  double number = 0;
  const char* end = text->value.data() + text->value.size();
  const auto [last, error] = std::from_chars(text->value.data(), end, number, std::chars_format::fixed);
  if (error == std::errc{} && last == end && number > 0 && number <= 100'000 && std::isfinite(number))
    return number;
  values.wrong(value, "'cpu'", "a number of processors such as 0.5 or 2");
  return std::nullopt;
}

std::string read_host_name(Values& values, const Yaml& value) {
  const auto text = values.text(value, "'hostname'");
  if (!text) return {};
  if (const auto reason = bad_host_name(text->value)) {
    values.context.report.error(text->at, fmt::format("'{}' cannot be a host name", text->value), *reason);
    return {};
  }
  return std::string(text->value);
}

std::vector<std::string> read_commands(Values& values, const Yaml& value) {
  std::vector<std::string> commands;
  for (const Text& text : values.texts(value, "'run'", Braces::Free))
    if (values.context.charge_content(text.value.size(), text.at)) commands.emplace_back(text.value);
  return commands;
}

void read_machine(Values& values, NodeKey key, const Yaml& value, net::Machine& machine) {
  switch (key) {
    case NodeKey::Files:
      return read_files(values, value, machine.files);
    case NodeKey::Env:
      return read_environment(values, value, machine.environment);
    case NodeKey::Hostname:
      machine.hostname = read_host_name(values, value);
      return;
    case NodeKey::Run:
      machine.run = read_commands(values, value);
      return;
    case NodeKey::Ready:
      if (const auto text = values.text(value, "'ready'", Braces::Free)) machine.ready = text->value;
      return;
    case NodeKey::Cpu:
      machine.cpus = read_cpu(values, value).value_or(0);
      return;
    case NodeKey::Memory: {
      const auto bytes = values.bytes(value, "'memory'");
      if (bytes && *bytes == 0) values.wrong(value, "'memory'", "above 0");
      machine.memory = bytes.value_or(0);
      return;
    }
    case NodeKey::Root:
      if (const auto text = values.text(value, "'root'"))
        machine.root = values.context.beside(text->at, text->value);
      return;
    case NodeKey::Capabilities:
      machine.rights.capabilities = read_capabilities(values, value);
      return;
    case NodeKey::Seccomp:
      machine.rights.seccomp = read_truth(values, value, "'seccomp'").value_or(false);
      return;
    default:
      return;
  }
}

/// Addresses and names: what the node hands out, or asks others for.
void read_hosting(Values& values, NodeKey key, const Yaml& value, NodeDraft& draft) {
  switch (key) {
    case NodeKey::Dhcp:
      read_dhcp(values, value, draft.dhcp);
      return;
    case NodeKey::Dns:
      read_dns(values, value, draft.dns);
      return;
    case NodeKey::NameServers:
      read_name_servers(values, value, draft);
      return;
    case NodeKey::Radvd:
      read_radvd(values, value, draft.radvd);
      return;
    default:
      return;
  }
}

/// Keys that only nodes of some kinds or labs have.
void read_of_some(Values& values, NodeKey key, const Yaml& value, lab::Node& node, NodeDraft& draft) {
  switch (key) {
    case NodeKey::Container:
    case NodeKey::Interface:
    case NodeKey::By:
    case NodeKey::Gateway:
    case NodeKey::Within:
    case NodeKey::Confirm:
    case NodeKey::Uplink:
      read_world(values, key, value, node, draft);
      return;
    case NodeKey::Engine:
    case NodeKey::Stp:
    case NodeKey::Ageing:
    case NodeKey::Fdb:
    case NodeKey::Controller:
    case NodeKey::FailMode:
      read_switch(values, key, value, node.forwarding, draft);
      return;
    case NodeKey::Vm:
      draft.vm_at = value.at;
      read_vm(values, value, node.vm);
      return;
    case NodeKey::Machine:
      draft.machine = values.text(value, "'machine'");
      return;
    default:
      return;
  }
}

/// @return whether it is a key that a node without addresses of its own cannot have.
bool read_key(Values& values, NodeKey key, const Yaml& value, lab::Node& node, NodeDraft& draft) {
  switch (key) {
    case NodeKey::Kind:
      return false;  // it has chosen the layers
    case NodeKey::Interfaces:
      read_interfaces(values, value, draft.interfaces);
      return false;
    case NodeKey::Addresses:
      read_addresses(values, value, draft.addresses);
      return true;
    case NodeKey::Routes:
      draft.routes = read_routes(values, value);
      return true;
    case NodeKey::Rules:
      draft.rules = read_rules(values, value);
      return true;
    case NodeKey::Sysctl:
      read_sysctls(values, value, node.sysctls);
      return false;
    case NodeKey::Firewall:
      node.firewall = read_firewall(values, value);
      return false;
    case NodeKey::Nat:
      read_nat(values, value, draft);
      return true;
    case NodeKey::Routing:
    case NodeKey::Daemon:
    case NodeKey::As:
    case NodeKey::Realistic:
    case NodeKey::Bgp:
    case NodeKey::Ospf:
    case NodeKey::Rip:
    case NodeKey::Isis:
    case NodeKey::Frr:
    case NodeKey::Bird:
      read_dynamic(values, key, value, node, draft);
      return true;
    case NodeKey::Dhcp:
    case NodeKey::Dns:
    case NodeKey::NameServers:
    case NodeKey::Radvd:
      read_hosting(values, key, value, draft);
      return true;
    case NodeKey::Services:
      read_services(values, value, draft.services);
      return false;
    case NodeKey::Container:
    case NodeKey::Interface:
    case NodeKey::By:
    case NodeKey::Gateway:
    case NodeKey::Within:
    case NodeKey::Confirm:
    case NodeKey::Uplink:
    case NodeKey::Engine:
    case NodeKey::Stp:
    case NodeKey::Ageing:
    case NodeKey::Fdb:
    case NodeKey::Controller:
    case NodeKey::FailMode:
    case NodeKey::Vm:
    case NodeKey::Machine:
      read_of_some(values, key, value, node, draft);
      return false;
    case NodeKey::Labels:
      merge_labels(node.labels, values.labels(value));
      return false;
    case NodeKey::Files:
    case NodeKey::Env:
    case NodeKey::Hostname:
    case NodeKey::Run:
    case NodeKey::Ready:
    case NodeKey::Cpu:
    case NodeKey::Memory:
    case NodeKey::Root:
    case NodeKey::Capabilities:
    case NodeKey::Seccomp:
      read_machine(values, key, value, node.machine);
      return false;
  }
  return false;
}

}  // namespace

void read_node_layer(Draft& draft, std::uint32_t index, const Yaml& layer, const Indices& indices) {
  Values values(draft.context, indices);
  values.each_key(layer, node_object, [&](const Object::Found& found, const Yaml& value) {
    NodeDraft& node = draft.nodes[index];
    const auto key = as<NodeKey>(found);
    if (!fits(draft.lab.nodes[index].kind, key)) {
      if (&layer != draft.node_defaults)
        report_misfit(draft.context, draft.lab.nodes[index], found.key->name, value.at);
      return;
    }
    const bool layer_three = read_key(values, key, value, draft.lab.nodes[index], node);
    if (key == NodeKey::Addresses)
      node.addresses_at = value.at;
    else if (layer_three)
      node.layer_three = value.at;
    // Routes may be told to a guest: check_vms().
    if ((layer_three && key != NodeKey::Addresses && key != NodeKey::Dhcp && key != NodeKey::Routes) ||
        key == NodeKey::Root || key == NodeKey::Ready)
      node.not_of_vm = value.at;
  });
}

void merge_labels(lab::Labels& into, lab::Labels nearer) {
  for (auto& label : nearer) {
    bool replaced = false;
    for (auto& old : into)
      if (old.first == label.first) old.second = label.second, replaced = true;
    if (!replaced) into.push_back(std::move(label));
  }
}

}  // namespace hopyard::language
