#include "cli/show_node.hh"

#include <fmt/format.h>

#include <algorithm>

#include "cli/drift.hh"
#include "cli/processes.hh"
#include "cli/route_words.hh"
#include "cli/services.hh"
#include "view/words.hh"

namespace hopyard::cli {
namespace {

using keeper::InterfaceDescription;
using keeper::LinkDescription;
using keeper::NodeDescription;

constexpr std::string_view loopback = "lo";

view::Cell up_cell(bool up) {
  return {up ? "up" : "down", view::Value(up ? "up" : "down"), up ? view::Tone::Good : view::Tone::Bad};
}

view::Value end_value(const LinkDescription::End& end) {
  view::Value::Object object{
      {"node", view::Value(end.node)},
      {"interface", end.interface.empty() ? view::Value() : view::Value(end.interface)}};
  if (!end.machine.empty()) object.emplace_back("machine", view::Value(end.machine));
  return view::Value(std::move(object));
}

view::Value optional(const std::string& text) {
  return text.empty() ? view::Value() : view::Value(text);
}

/// What the kernel says of the interface: a device that is up may still have nobody at its other end.
view::Cell seen_state(const net::SeenLink& link) {
  if (link.up && !link.running) return {"no carrier", view::Tone::Warning};
  return up_cell(link.up);
}

/// All for a program; for a person without those that every interface has by itself.
view::Cell seen_addresses(const net::Snapshot& now, std::uint32_t index) {
  std::vector<std::string> all;
  std::vector<std::string> telling;
  for (const net::SeenAddress& seen : now.addresses) {
    if (seen.link != index) continue;
    all.push_back(seen.address.text());
    if (!seen.link_local) telling.push_back(seen.address.text());
  }
  return {view::list_cell(telling).text, view::value_list(all)};
}

view::Cell peer_cell(const InterfaceDescription& given) {
  std::string words = given.peer_node.empty() ? "-" : given.peer_node;
  if (!given.peer_interface.empty()) words += ':' + given.peer_interface;
  if (!given.peer_machine.empty()) words += " on " + given.peer_machine;
  return {std::move(words), optional(given.peer_node)};
}

void put_interfaces(view::Record& record, const NodeDescription& node, const net::Snapshot& now) {
  view::Table& table = record.table("interfaces", "interfaces",
                                    {{"interface", "INTERFACE"},
                                     {"state", "STATE"},
                                     {"mtu", "MTU", true},
                                     {"mac", "MAC"},
                                     {"addresses", "ADDRESSES"},
                                     {"peer", "PEER"},
                                     {"peer_interface", ""},
                                     {"egress", "SENDS WITH", false, true}});
  for (const net::SeenLink& seen : now.links) {
    if (seen.name == loopback) continue;
    const auto found = std::ranges::find(node.interfaces, seen.name, &InterfaceDescription::name);
    const InterfaceDescription given = found == node.interfaces.end() ? InterfaceDescription{} : *found;
    table.row({{seen.name, view::Tone::Strong},
               seen_state(seen),
               std::uint64_t{seen.mtu},
               seen.mac.text(),
               seen_addresses(now, seen.index),
               peer_cell(given),
               {"", optional(given.peer_interface)},
               view::impairment_cell(given.egress)});
  }
}

/// On lo, beside 127.0.0.1 and ::1.
view::Cell loopback_cell(const net::Snapshot& now) {
  std::vector<std::string> addresses;
  const auto lo = std::ranges::find(now.links, loopback, &net::SeenLink::name);
  for (const net::SeenAddress& seen : now.addresses) {
    const std::string words = seen.address.text();
    if (lo != now.links.end() && seen.link == lo->index && words != "127.0.0.1/8" && words != "::1/128")
      addresses.push_back(words);
  }
  return view::list_cell(addresses);
}

void put_routes(view::Record& record, const net::Snapshot& now) {
  view::Table& table = record.table("routes", "routes", route_columns());
  for (const net::SeenRoute& seen : app::telling_routes(now)) table.row(route_cells(seen));
}

}  // namespace

view::Cell state_cell(const NodeDescription& node) {
  const bool well = node.state == keeper::NodeState::Idle || node.state == keeper::NodeState::Warm;
  return {std::string(keeper::state_name(node.state)), well ? view::Tone::Plain : view::Tone::Bad};
}

void put_links(view::Record& record, const std::vector<LinkDescription>& links) {
  view::Table& table = record.table("links", "links",
                                    {{"link", "LINK"},
                                     {"state", "STATE"},
                                     {"out", "OUT", false, true},
                                     {"back", "BACK", false, true},
                                     {"ends", ""}});
  for (const LinkDescription& link : links)
    table.row({link.name,
               up_cell(link.up),
               view::impairment_cell(link.out),
               view::impairment_cell(link.back),
               {"", view::Value(view::Value::List{end_value(link.ends[0]), end_value(link.ends[1])})}});
}

void put_node(view::Record& record, const app::Shown& shown) {
  const auto& all = shown.description.nodes.empty() ? shown.description.networks : shown.description.nodes;
  record.field("lab", "lab", shown.description.lab);
  for (const NodeDescription& node : all) {
    record.field("node", "node", {node.name, view::Tone::Strong});
    record.field("kind", "kind", node.kind);
    record.field("state", "state", state_cell(node));
    record.fact("pid", node.pid == 0 ? view::Value() : view::Value(std::int64_t{node.pid}));
    record.field("loopback", "loopback", loopback_cell(shown.now));
    put_interfaces(record, node, shown.now);
  }
  put_routes(record, shown.now);
  put_links(record, shown.description.links);
  put_services(record, shown.services, "services");
  put_processes(record, shown.processes, "processes");
  put_drift(record, shown.drift);
}

}  // namespace hopyard::cli
