#include "cli/netns.hh"

#include <fmt/format.h>

#include "app/names.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class NetnsList final : public Action {
 public:
  explicit NetnsList(Command& command) {
    command.flag('t', "table", table_, "the table that a terminal gets, in a pipe as well");
  }

  int run(Output& output) override {
    static_cast<void>(app::lab_names(
        keeper::Registry::standard()));  // clears the names that a lab which was killed has left
    const bool plain = !output.json && !table_ && !output.terminal_out();
    const auto list = app::list_netns(!plain);
    if (!list) return output.fail(list.error());
    if (plain) return print_plain(output, *list), status::success;
    view::Record record;
    view::Table& table = record.table("namespaces", "",
                                      {{"name", "NAME"},
                                       {"id", "ID", true},
                                       {"state", ""},
                                       {"interfaces", "INTERFACES", false, true},
                                       {"processes", "PROCESSES", true},
                                       {"made_by", "MADE BY", false, true}});
    table.when_empty("there is no named network namespace");
    for (const app::NamedNetns& one : *list) table.row(cells(one));
    output.print(record);
    return status::success;
  }

 private:
  /// As ip-netns(8) prints it, byte for byte, for the scripts that read that.
  static void print_plain(Output& output, const std::vector<app::NamedNetns>& list) {
    std::string text;
    for (const app::NamedNetns& one : list)
      text += one.id ? fmt::format("{} (id: {})\n", one.name, *one.id) : fmt::format("{}\n", one.name);
    output.raw(text);
  }

  static std::vector<view::Cell> cells(const app::NamedNetns& one) {
    const view::Value none;
    std::vector<view::Cell> row{one.name};
    row.push_back(one.id ? view::Cell(std::to_string(*one.id), view::Value(*one.id)) : view::Cell("-", none));
    row.push_back(state_word(one.state));
    if (one.state != app::NetnsState::Sound) {
      const char* words = one.state == app::NetnsState::Stale ? "no namespace" : "has ended";
      row.emplace_back(words, none, view::Tone::Warning);
      row.emplace_back("-", none);
    } else {
      row.push_back(one.interfaces ? view::list_cell(*one.interfaces) : view::Cell("?", none));
      row.emplace_back(one.processes);
    }
    row.emplace_back(one.made_by);
    return row;
  }

  static std::string state_word(app::NetnsState state) {
    return state == app::NetnsState::Sound ? "sound" : state == app::NetnsState::Stale ? "stale" : "dangling";
  }

  bool table_ = false;
};

class NetnsMonitor final : public Action {
 public:
  explicit NetnsMonitor(Command&) {}

  int run(Output& output) override {
    const auto watched = app::watch_netns([&output](bool added, const std::string& name) {
      const char* event = added ? "add" : "delete";
      if (output.json) {
        output.raw(view::json_line(
            view::Value(view::Value::Object{{"event", view::Value(event)}, {"name", view::Value(name)}})));
      } else {
        output.raw(fmt::format("{} {}\n", event, name));
      }
      return output.good();
    });
    return watched ? status::success : output.fail(watched.error());
  }
};

constexpr Example netns_examples[] = {
    {"hopyard netns", "the same as hopyard netns list"},
    {"hopyard netns add blue", "makes a network namespace and calls it blue"},
};
constexpr Example list_examples[] = {
    {"hopyard netns list", "shows on a terminal what each holds, and in a pipe the lines of ip netns list"},
    {"hopyard netns list --json", "the same for programs"},
};
constexpr Example monitor_examples[] = {
    {"hopyard netns monitor", "prints a line for each name that comes or goes, until Ctrl-C"},
    {"hopyard netns monitor --json", "the same as lines of JSON"},
};

}  // namespace

int fail_about(Output& output, const std::string& name, const Error& error) {
  output.fail(error);
  return app::check_netns_name(name) ? status::failed : netns_status::no_way_in;
}

const Verb netns_verb{"netns",
                      Group::Host,
                      "list, make and enter network namespaces of this host",
                      "Works on the named network namespaces of this host, those of ip netns under "
                      "/run/netns. Both programs see what the other has made.",
                      netns_examples,
                      make<NetnsList>};
const Verb netns_list_verb{"netns list",
                           Group::Host,
                           "list the names and what is inside",
                           "Lists the named network namespaces: their number in this one, if they have any, "
                           "their interfaces, how many processes they hold, and who made the name. In a pipe "
                           "it prints what ip netns list prints.",
                           list_examples,
                           make<NetnsList>};
const Verb netns_monitor_verb{"netns monitor",
                              Group::Host,
                              "tell which names come and go",
                              "Prints 'add NAME' and 'delete NAME' as it happens, until it is interrupted.",
                              monitor_examples,
                              make<NetnsMonitor>};

}  // namespace hopyard::cli
