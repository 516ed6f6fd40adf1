#include "app/show.hh"

#include <fmt/format.h>

#include "cli/drift.hh"
#include "cli/moment.hh"
#include "cli/processes.hh"
#include "cli/show_node.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

using keeper::InterfaceDescription;
using keeper::NodeDescription;

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
    command.flag('c', "config", config_, "what the daemons and services of NODE were given to read");
  }

  int run(Output& output) override {
    if (config_) return run_config(output);
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
  int run_config(Output& output) {
    const auto files = app::show_configuration(keeper::Registry::standard(), lab_, what_);
    if (!files) return output.fail(files.error());
    view::Record record;
    view::Value::List all;
    for (const keeper::ConfigurationFile& one : *files) {
      record.sentence(fmt::format("{} of {}", one.path, fmt::join(one.services, ", ")), view::Tone::Strong);
      const bool ends = one.content.ends_with('\n');
      record.sentence(one.content.substr(0, one.content.size() - (ends ? 1 : 0)));
      view::Value::Object file;
      file.emplace_back("path", view::Value(one.path));
      file.emplace_back("services", view::value_list(one.services));
      file.emplace_back("content", view::Value(one.content));
      all.emplace_back(std::move(file));
    }
    if (files->empty()) record.sentence("nothing that runs here was given a configuration");
    record.fact("files", view::Value(std::move(all)));
    output.print(record);
    return status::success;
  }

  static void put_lab(view::Record& record, const app::Shown& shown) {
    const keeper::Description& lab = shown.description;
    record.field("lab", "lab", {lab.lab, view::Tone::Strong});
    record.field("file", "file", lab.file);
    if (!lab.machine.empty()) record.field("machine", "machine", lab.machine);
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
    put_drift(record, shown.drift);
  }

  /// Interfaces that are ends of links: not the bridge itself.
  static std::size_t ports(const NodeDescription& network) {
    std::size_t count = 0;
    for (const InterfaceDescription& one : network.interfaces) count += one.wire.empty() ? 0U : 1U;
    return count;
  }

  bool config_ = false;
  std::string lab_;
  std::string what_;
};

constexpr Example show_examples[] = {
    {"hopyard show", "shows the lab: nodes, networks, links, addresses, processes"},
    {"hopyard show gw", "shows node gw with its interfaces and routes as the kernel has them now"},
    {"hopyard show r1 --config", "shows what the routing daemons of r1 were given"},
    {"hopyard show office/gw --json", "the same for programs, of lab office"},
};

}  // namespace

const Verb show_verb{"show",
                     Group::Inside,
                     "show a lab or a node as it is now",
                     "Shows a running lab with its nodes, networks, links and processes, or one node with "
                     "its interfaces, addresses "
                     "and routes as the kernel has them now.",
                     show_examples,
                     make<Show>};

}  // namespace hopyard::cli
