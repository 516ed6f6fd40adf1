#include "language/schema.hh"

#include <fmt/format.h>

#include "language/keys.hh"
#include "language/schema_forms.hh"

namespace hopyard::language {
namespace {

constexpr std::string_view v4 = "[0-9]{1,3}(?:\\.[0-9]{1,3}){3}";
constexpr std::string_view v6 = "[0-9A-Fa-f]*:[0-9A-Fa-f:.]*";

Json prefix() {
  return text_like(fmt::format("(?:{}|{})/[0-9]{{1,3}}", v4, v6));
}

Json value_of_text(Type type) {
  switch (type) {
    case Type::LabName:
      return text_like("[A-Za-z0-9_][A-Za-z0-9_.-]{0,39}");
    case Type::Path:
      return {{"type", "string"}};
    case Type::Cpu:
      return any_of({{{"type", "number"}, {"exclusiveMinimum", 0}}, ref("computed")});
    case Type::Bytes:
      return any_of({{{"type", "integer"}, {"minimum", 1}}, text_like("[0-9.]+(?:KiB|MiB|GiB)?")});
    case Type::Duration:
      return text_like("[0-9.]+(?:ns|us|ms|s|m|h)");
    case Type::Percent:
      return text_like("[0-9.]+%");
    case Type::Rate:
      return text_like("[0-9.]+[kmgt]?bit");
    case Type::Mac:
      return text_like("[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}");
    case Type::Prefix:
      return prefix();
    case Type::PrefixOrDefault:
      return any_of({prefix(), {{"const", "default"}}});
    case Type::Address:
      return text_like(fmt::format("{}|{}", v4, v6));
    case Type::HostName:
      return text_like("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
    case Type::InterfaceName:
      return text_like("[^\\s/:%]{1,63}");
    case Type::KindName:
      return {{"type", "string"}};
    case Type::ExternalWay:
      return words(external_words());
    case Type::BetweenWay:
      return words(between_words());
    case Type::DaemonName:
      return words(daemon_words());
    case Type::DnsDaemonName:
      return words(dns_daemon_words());
    case Type::NeighboursName:
      return words(neighbours_words());
    case Type::MemoryName:
      return words(memory_words());
    case Type::RouterId:
      return text_like(v4);
    case Type::LinkTypeName:
      return words(link_type_words());
    case Type::InterfaceTypeName:
      return words(interface_type_words());
    case Type::RouteTypeName:
      return words(route_type_words());
    case Type::ActionName:
      return words(action_words());
    case Type::RestartName:
      return words(restart_words());
    case Type::SignalName:
      return words(signal_words());
    case Type::Mark:
      return any_of(
          {{{"type", "integer"}, {"minimum", 0}}, text_like("(?:0x)?[0-9A-Fa-f]+(?:/(?:0x)?[0-9A-Fa-f]+)?")});
    case Type::Mode:
      return any_of(
          {{{"type", "string"}, {"pattern", "^0?[0-7]{3,4}$"}}, {{"type", "integer"}}, ref("computed")});
    default:
      return ref("text");
  }
}

Json value_of_number(Type type) {
  switch (type) {
    case Type::Cost:
      return number_like(1, 65535);
    case Type::Mtu:
      return number_like(68, 65535);
    case Type::As:
      return number_like(1, UINT32_MAX);
    case Type::Port:
      return number_like(1, 65535);
    case Type::Table:
      return any_of({number_like(1, UINT32_MAX), {{"enum", Json::array({"main", "local", "default"})}}});
    default:
      return number_like(0, INT64_MAX);
  }
}

/// What routing daemons are given.
Json value_of_routing(Type type) {
  switch (type) {
    case Type::Routing:
      return one_or_list(words(routing_words()));
    case Type::Area:
      return any_of({number_like(0, UINT32_MAX), text_like(v4)});
    case Type::Truth:
      return any_of({{{"type", "boolean"}}, ref("computed")});
    case Type::Announced:
      return any_of({one_or_list(prefix()), {{"type", "null"}}});
    case Type::Config:
      return any_of({{{"type", "string"}}, ref("config")});
    case Type::Bgp:
      return ref("bgp");
    case Type::Ospf:
      return ref("ospf");
    case Type::Rip:
      return ref("rip");
    case Type::BgpTimers:
      return ref("timers-of-BGP");
    case Type::OspfTimers:
      return ref("timers-of-OSPF");
    case Type::OspfInterfaces:
      return map_of(ref("interface-of-OSPF"));
    case Type::Isis:
      return ref("isis");
    case Type::IsisArea:  // an unquoted 49.0001 is a number to YAML
      return any_of(
          {text_like("[0-9A-Fa-f]{2}(?:\\.[0-9A-Fa-f]{4})*"), {{"type", "number"}, {"minimum", 0}}});
    case Type::IsisLevel:
      return any_of({{{"enum", Json::array({1, 2, "1", "2", "1-2"})}}, ref("computed")});
    case Type::Frr:
      return ref("frr");
    case Type::Bird:
      return ref("bird");
    default:
      return Json::object();
  }
}

/// Checks, and what gives hosts their addresses and ways out.
Json value_of_rest(Type type) {
  switch (type) {
    case Type::Checks:
      return list_of(ref("check"));
    case Type::Reach:
      return any_of({{{"type", "string"}, {"pattern", " -> "}}, ref("computed"), ref("reach")});
    case Type::RouteCheck:
      return ref("route-check");
    case Type::CommandCheck:
      return ref("command-check");
    case Type::Nat:
      return ref("nat");
    case Type::Uplink:
      return any_of({{{"type", "boolean"}}, ref("uplink")});
    case Type::Forwards:
      return list_of(ref("forward"));
    case Type::ForwardPort:
      return any_of({number_like(1, 65535), text_like("(?:tcp|udp)/[0-9]{1,5}")});
    case Type::Dhcp:
      return any_of({{{"type", "boolean"}}, ref("dhcp")});
    case Type::DhcpOptions:
      return ref("options-of-dhcp");
    case Type::Dns:
      return any_of({{{"type", "boolean"}}, ref("dns")});
    case Type::DnsRecords:
      return map_of(any_of({one_or_list(text_like(fmt::format("{}|{}", v4, v6))), ref("record-of-dns")}));
    case Type::Radvd:
      return any_of({{{"type", "boolean"}}, ref("radvd")});
    case Type::EngineName:
      return words(engine_words());
    case Type::FailModeName:
      return words(fail_mode_words());
    case Type::Tree:
      return any_of({{{"type", "boolean"}}, ref("stp")});
    case Type::Stations:
      return map_of(ref("text"));
    case Type::Vm:
      return ref("vm");
    case Type::VmReady:
      return ref("ready-of-a-vm");
    case Type::AcceleratorName:
      return words(accelerator_words());
    case Type::Cpus:
      return number_like(1, 255);
    case Type::CloudInit:
      return any_of({ref("cloud-init"), {{"type", "null"}}});
    case Type::CloudInitPart:
      return {{"type", Json::array({"string", "object"})}};
    case Type::UserId:
      return number_like(0, 4294967294);
    case Type::Machines:
      return map_of(ref("machine"));
    case Type::Between:
      return any_of({words(between_words()), ref("between")});
    case Type::Vni:
      return number_like(1, (1 << 24) - 1);
    case Type::Vlan:
      return number_like(1, 4094);
    case Type::Vlans:
      return one_or_list(any_of({number_like(1, 4094), text_like("[0-9]{1,4}-[0-9]{1,4}")}));
    case Type::OptionTexts:
      return any_of({one_or_list(ref("text")), {{"type", "null"}}});
    case Type::OptionMtu:
      return any_of({value_of_number(Type::Mtu), {{"type", "array"}, {"maxItems", 0}}, {{"type", "null"}}});
    default:
      return value_of_routing(type);
  }
}

Json value_of_group(Type type) {
  // An unquoted .20 is a number to YAML; a lab file takes it for what it looks like.
  const Json address = any_of({text_like(fmt::format("(?:{}|{}|\\.[0-9.]+)(?:/[0-9]{{1,3}})?", v4, v6)),
                               {{"type", "number"}, {"minimum", 0}, {"exclusiveMaximum", 1}}});
  const Json own_address = any_of({address, {{"const", "auto"}}});
  switch (type) {
    case Type::Texts:
    case Type::Names:
    case Type::NodeNames:
    case Type::Capabilities:
    case Type::Command:
      return one_or_list(ref("text"));
    case Type::Paths:
      return one_or_list({{"type", "string"}});
    case Type::Prefixes:
      return any_of({one_or_list(prefix()), {{"type", "null"}}});
    case Type::Addresses:
      return one_or_list(own_address);
    case Type::Labels:
    case Type::TextMap:
    case Type::Sysctls:
      return map_of(ref("text"));
    case Type::Nodes:
    case Type::Kinds:
      return map_of(any_of({ref("node"), {{"type", "null"}}}));
    case Type::Networks:
      return map_of(any_of({ref("network"), one_or_list(prefix()), {{"type", "null"}}}));
    case Type::Links:
      return list_of(any_of({ref("link-text"), ref("link-short"), ref("link-entry")}));
    case Type::Interfaces:
      return map_of(any_of({ref("interface"), {{"type", "null"}}}));
    case Type::AddressMap:
      return map_of(one_or_list(own_address));
    case Type::Routes:
      return list_of(ref("route"));
    case Type::Rules:
      return list_of(ref("rule"));
    case Type::Firewall:
      return any_of({{{"type", "string"}}, ref("firewall")});
    case Type::Files:
      return map_of(any_of({ref("text"), ref("file")}));
    case Type::Services:
      return map_of(any_of({ref("text"), ref("service")}));
    case Type::ServiceReady:
      return ref("ready-of-a-service");
    case Type::WireguardPeers:
      return list_of(ref("peer-of-wireguard"));
    case Type::Hops:
      return one_or_list(any_of({ref("text"), ref("next-hop")}));
    case Type::Ends:
      return {{"type", "array"}, {"items", ref("text")}, {"minItems", 2}, {"maxItems", 2}};
    case Type::FatTree:
      return any_of({number_like(2, 64), ref("fat-tree")});
    case Type::Defaults:
      return ref("defaults");
    case Type::Impairment:
      return ref("impairment");
    case Type::Star:
      return ref("star");
    case Type::NodeObject:
      return ref("node");
    case Type::LinkObject:
      return ref("link");
    case Type::NetworkObject:
      return ref("network");
    case Type::DhcpHosts:
      return map_of(one_or_list(address));
    default:
      return value_of_rest(type);
  }
}

Json value_of(Type type) {
  switch (type) {
    case Type::Integer:
    case Type::Count:
    case Type::Cost:
    case Type::Mtu:
    case Type::Port:
    case Type::Table:
    case Type::As:
      return value_of_number(type);
    case Type::Text:
    case Type::LabName:
    case Type::Path:
    case Type::Cpu:
    case Type::Bytes:
    case Type::Duration:
    case Type::Percent:
    case Type::Rate:
    case Type::Mac:
    case Type::Prefix:
    case Type::PrefixOrDefault:
    case Type::Address:
    case Type::HostName:
    case Type::InterfaceName:
    case Type::KindName:
    case Type::ExternalWay:
    case Type::BetweenWay:
    case Type::DaemonName:
    case Type::DnsDaemonName:
    case Type::NeighboursName:
    case Type::MemoryName:
    case Type::RouterId:
    case Type::LinkTypeName:
    case Type::InterfaceTypeName:
    case Type::RouteTypeName:
    case Type::ActionName:
    case Type::RestartName:
    case Type::SignalName:
    case Type::Mark:
    case Type::Mode:
      return value_of_text(type);
    default:
      return value_of_group(type);
  }
}

Json schema_of(const Object& object) {
  Json properties = Json::object();
  for (const Object* one = &object; one != nullptr; one = one->also)
    for (const Key& key : one->keys) {
      if (key.reserved) continue;
      Json value = value_of(key.type);
      value["description"] = key.doc;
      properties[std::string(key.name)] = std::move(value);
    }
  return {{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(properties)}};
}

/// "a route" is route, "'nat'" is nat.
std::string definition_name(const Object& object) {
  std::string_view name = object.name;
  if (&object == &entry_object) return "link-entry";
  for (const std::string_view article : {"a ", "an "})
    if (name.starts_with(article)) name.remove_prefix(article.size());
  std::string plain;
  for (const char letter : name)
    if (letter != '\'') plain += letter == ' ' ? '-' : letter;
  return plain;
}

}  // namespace

std::string schema() {
  Json root = {
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "Hopyard lab file"},
      {"description", "A network of Linux namespaces. The language is described in docs/language.md."}};
  const Json lab = schema_of(lab_object);
  for (const auto& [key, value] : lab.items()) root[key] = value;
  Json definitions = Json::object();
  definitions["computed"] = {
      {"description", "a text with variables or index arithmetic"}, {"type", "string"}, {"pattern", "\\{"}};
  definitions["text"] = {{"type", Json::array({"string", "number"})}};
  definitions["link-text"] = {{"description", "a -- b"}, {"type", "string"}, {"pattern", "^\\S+ +-- +\\S+$"}};
  definitions["link-short"] = {{"description", "a -- b: {…}"},
                               {"type", "object"},
                               {"minProperties", 1},
                               {"maxProperties", 1},
                               {"propertyNames", {{"pattern", "^\\S+ +-- +\\S+$"}}},
                               {"additionalProperties", any_of({ref("link"), {{"type", "null"}}})}};
  for (const Object* object : all_objects())
    if (object != &lab_object) definitions[definition_name(*object)] = schema_of(*object);
  // Options of DHCP are written by their number, too.
  definitions[definition_name(dhcp_options_object)]["patternProperties"] = {
      {"^[0-9]{1,3}$", value_of(Type::OptionTexts)}};
  root["$defs"] = std::move(definitions);
  return root.dump(2) + "\n";
}

}  // namespace hopyard::language
