#include "app/show.hh"

#include <fmt/format.h>

#include "cli/moment.hh"
#include "cli/processes.hh"
#include "cli/verbs.hh"
#include "view/words.hh"

namespace hopyard::cli {
namespace {

using keeper::InterfaceDescription;
using keeper::LinkDescription;
using keeper::NodeDescription;

view::Cell state_cell(const NodeDescription& node) {
  const bool well = node.state == keeper::NodeState::Idle || node.state == keeper::NodeState::Warm;
  return {std::string(keeper::state_name(node.state)), well ? view::Tone::Plain : view::Tone::Bad};
}

view::Cell up_cell(bool up) {
  return {up ? "up" : "down", view::Value(up ? "up" : "down"), up ? view::Tone::Good : view::Tone::Bad};
}

/// "10.0.0.1/24, lo 8.8.8.8/32": all that a node has.
view::Cell addresses_cell(const NodeDescription& node) {
  std::string words;
  view::Value::List list;
  const auto add = [&](std::string_view interface, const std::string& address) {
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", interface, address);
    list.emplace_back(
        view::Value::Object{{"interface", view::Value(interface)}, {"address", view::Value(address)}});
  };
  for (const std::string& address : node.loopback) add("lo", address);
  for (const InterfaceDescription& one : node.interfaces)
    for (const std::string& address : one.addresses) add(one.name, address);
  return {words.empty() ? "-" : std::move(words), view::Value(std::move(list))};
}

view::Value end_value(const LinkDescription::End& end) {
  return view::Value(
      view::Value::Object{{"node", view::Value(end.node)},
                          {"interface", end.interface.empty() ? view::Value() : view::Value(end.interface)}});
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

void put_nodes(view::Record& record, std::string key, std::string title,
               const std::vector<NodeDescription>& nodes) {
  view::Table& table = record.table(std::move(key), std::move(title),
                                    {{"node", "NODE"},
                                     {"kind", "KIND"},
                                     {"state", "STATE"},
                                     {"routes", "ROUTES", true},
                                     {"pid", ""},
                                     {"addresses", "ADDRESSES", false, true}});
  for (const NodeDescription& node : nodes)
    table.row({{node.name, view::Tone::Strong},
               node.kind,
               state_cell(node),
               node.routes,
               {"", node.pid == 0 ? view::Value() : view::Value(std::int64_t{node.pid})},
               addresses_cell(node)});
}

class Show final : public Action {
 public:
  explicit Show(Command& command) {
    command.positional("LAB|NODE", what_,
                       "a lab, a node, or LAB/NODE; the only lab that runs if it is left out",
                       Completes::Place);
    command.option('l', "lab", "LAB", lab_, "the lab that NODE is of", Completes::Lab);
  }

  int run(Output& output) override {
    const auto shown = app::show(keeper::Registry::standard(), lab_, what_);
    if (!shown) return output.fail(shown.error());
    view::Record record;
    if (shown->is_node)
      put_node(record, *shown);
    else
      put_lab(record, *shown);
    output.print(record);
    return status::success;
  }

 private:
  static void put_lab(view::Record& record, const app::Shown& shown) {
    const keeper::Description& lab = shown.description;
    record.field("lab", "lab", {lab.lab, view::Tone::Strong});
    record.field("file", "file", lab.file);
    record.field("uptime_seconds", "up for", uptime_cell(lab));
    record.fact("started", started_cell(lab).value);
    record.field("keeper_pid", "keeper",
                 {fmt::format("process {}", lab.keeper), view::Value(std::int64_t{lab.keeper})});
    put_nodes(record, "nodes", "nodes", lab.nodes);
    view::Table& networks =
        record.table("networks", "networks", {{"network", "NETWORK"}, {"ports", "PORTS", true}});
    for (const NodeDescription& one : lab.networks) networks.row({one.name, std::uint64_t{ports(one)}});
    put_links(record, lab.links);
    put_processes(record, shown.processes, "processes");
  }

  /// Interfaces that are ends of links: not the bridge itself.
  static std::size_t ports(const NodeDescription& network) {
    std::size_t count = 0;
    for (const InterfaceDescription& one : network.interfaces) count += one.wire.empty() ? 0U : 1U;
    return count;
  }

  static void put_node(view::Record& record, const app::Shown& shown) {
    const auto& all = shown.description.nodes.empty() ? shown.description.networks : shown.description.nodes;
    record.field("lab", "lab", shown.description.lab);
    for (const NodeDescription& node : all) {
      record.field("node", "node", {node.name, view::Tone::Strong});
      record.field("kind", "kind", node.kind);
      record.field("state", "state", state_cell(node));
      record.fact("pid", node.pid == 0 ? view::Value() : view::Value(std::int64_t{node.pid}));
      record.field("loopback", "loopback", view::list_cell(node.loopback));
      put_interfaces(record, node);
    }
    put_links(record, shown.description.links);
    put_processes(record, shown.processes, "processes");
  }

  static void put_interfaces(view::Record& record, const NodeDescription& node) {
    view::Table& table = record.table("interfaces", "interfaces",
                                      {{"interface", "INTERFACE"},
                                       {"state", "STATE"},
                                       {"mtu", "MTU", true},
                                       {"mac", "MAC"},
                                       {"addresses", "ADDRESSES"},
                                       {"peer", "PEER"},
                                       {"peer_interface", ""},
                                       {"egress", "SENDS WITH", false, true}});
    for (const InterfaceDescription& one : node.interfaces) {
      const std::string peer = one.peer_interface.empty()
                                   ? one.peer_node
                                   : fmt::format("{}:{}", one.peer_node, one.peer_interface);
      table.row(
          {{one.name, view::Tone::Strong},
           up_cell(one.up),
           std::uint64_t{one.mtu},
           one.mac,
           view::list_cell(one.addresses),
           {peer.empty() ? "-" : peer, one.peer_node.empty() ? view::Value() : view::Value(one.peer_node)},
           {"", one.peer_interface.empty() ? view::Value() : view::Value(one.peer_interface)},
           view::impairment_cell(one.egress)});
    }
  }

  std::string lab_;
  std::string what_;
};

constexpr Example examples[] = {
    {"hopyard show", "shows the lab: nodes, networks, links, addresses, processes"},
    {"hopyard show gw", "shows node gw with its interfaces and routes as the kernel has them now"},
    {"hopyard show office/gw --json", "the same for programs, of lab office"},
};

}  // namespace

const Verb show_verb{"show",
                     Group::Inside,
                     "show a lab or a node as it is now",
                     "Shows a running lab with its nodes, networks, links and processes, or one node with "
                     "its interfaces, addresses "
                     "and routes as the kernel has them now.",
                     examples,
                     make<Show>};

}  // namespace hopyard::cli
