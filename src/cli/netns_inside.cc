#include <fmt/format.h>
#include <unistd.h>

#include <charconv>

#include "cli/netns.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class NetnsPids final : public Action {
 public:
  explicit NetnsPids(Command& command) {
    command.positional("NAME", name_, "the namespace", Completes::Namespace, true);
  }

  int run(Output& output) override {
    const auto list = app::netns_processes(name_);
    if (!list) return fail_about(output, name_, list.error());
    view::Record record;
    record.fact("name", view::Value(name_));
    view::Table& table = record.table("processes", "", {{"pid", ""}, {"command", ""}});
    for (const app::NetnsProcess& process : *list) {
      table.row({{"", view::Value(std::int64_t{process.pid})}, process.command});
      record.sentence(std::to_string(process.pid));
    }
    output.print(record);
    return status::success;
  }

 private:
  std::string name_;
};

class NetnsIdentify final : public Action {
 public:
  explicit NetnsIdentify(Command& command) {
    command.positional("PID", pid_, "the process; this one if it is left out", Completes::Nothing);
  }

  int run(Output& output) override {
    pid_t pid = ::getpid();
    if (!pid_.empty()) {
      const char* const end = pid_.data() + pid_.size();
      const auto [stopped, error] = std::from_chars(pid_.data(), end, pid);
      if (error != std::errc{} || stopped != end || pid <= 0)
        return output.fail(mistaken(fmt::format("'{}' is no number of a process", pid_)).error());
    }
    const auto names = app::identify_netns(pid);
    if (!names) return output.fail(names.error());
    view::Record record;
    record.fact("pid", view::Value(std::int64_t{pid}));
    record.fact("names", view::value_list(*names));
    for (const std::string& name : *names) record.sentence(name);
    output.print(record);
    return status::success;
  }

 private:
  std::string pid_;
};

class NetnsExec final : public Action {
 public:
  explicit NetnsExec(Command& command) {
    command.positional("NAME", name_, "where to run it", Completes::Namespace);
    command.flag('a', "all", all_, "run it in every namespace that has a name; -all as well, as ip has it");
    command.rest(command_, "all");
  }

  int run(Output& output) override {
    if (!all_ && name_.empty()) return output.mistaken(mistaken("NAME is missing").error(), "netns exec");
    if (command_.empty())
      return output.mistaken(
          mistaken("there is no command to run", "hopyard netns exec NAME COMMAND").error(), "netns exec");
    if (!all_ && !output.json) return become(output, name_);
    std::vector<std::string> names{name_};
    if (all_) {
      const auto found = app::netns_names();
      if (!found) return output.fail(found.error());
      names = *found;
    }
    return output.json ? run_for_programs(output, names) : run_one_by_one(output, names);
  }

 private:
  /// Returns only when it cannot be.
  int become(Output& output, const std::string& name) const {
    const auto entered = app::enter_netns(name, [&output](const Error& error) { output.fail(error); });
    if (!entered) {
      output.fail(entered.error());
      return netns_status::no_way_in;
    }
    output.fail(app::replace_by(command_));
    return status::failed;
  }

  int run_one_by_one(Output& output, const std::vector<std::string>& names) const {
    int result = status::success;
    for (const std::string& name : names) {
      output.raw(fmt::format("\nnetns: {}\n", name));
      const auto ended = app::run_apart([&] { return become(output, name); }, false);
      if (!ended) return output.fail(ended.error());
      if (result == status::success) result = ended->status;
    }
    return result;
  }

  int run_for_programs(Output& output, const std::vector<std::string>& names) const {
    view::Record record;
    view::Table& table =
        record.table("results", "", {{"name", ""}, {"status", ""}, {"stdout", ""}, {"stderr", ""}});
    int result = status::success;
    for (const std::string& name : names) {
      const auto in_child = [&] {
        output.json = false;  // errors go the way of the command's own
        return become(output, name);
      };
      const auto ended = app::run_apart(in_child, true);
      if (!ended) return output.fail(ended.error());
      if (result == status::success) result = ended->status;
      table.row({name, {"", view::Value(ended->status)}, ended->output, ended->errors});
    }
    output.print(record);
    return result;
  }

  std::string name_;
  bool all_ = false;
  std::vector<std::string> command_;
};

constexpr Example pids_examples[] = {{"hopyard netns pids blue", "prints the numbers of its processes"}};
constexpr Example identify_examples[] = {
    {"hopyard netns identify 1995", "prints the names of the namespace that process 1995 is in"},
    {"hopyard netns identify", "tells where one is"},
};
constexpr Example exec_examples[] = {
    {"hopyard netns exec blue ping -c 1 10.0.0.1", "runs ping in blue; all after the name is the command"},
    {"hopyard netns exec --all ip -br address", "runs it in one namespace after the other"},
};

}  // namespace

const Verb netns_pids_verb{"netns pids",
                           Group::Host,
                           "list the processes inside",
                           "Prints the numbers of the processes that are in a namespace, a line each.",
                           pids_examples,
                           make<NetnsPids>};
const Verb netns_identify_verb{"netns identify",
                               Group::Host,
                               "tell the name of a process's namespace",
                               "Prints the names of the network namespace that a process is in, a line each; "
                               "nothing if it has none.",
                               identify_examples,
                               make<NetnsIdentify>};
const Verb netns_exec_verb{
    "netns exec",
    Group::Host,
    "run a command inside",
    "Runs a command in a namespace, with /sys of that namespace, and the files of "
    "/etc/netns/NAME over those of /etc. Control groups and what else is mounted below "
    "/sys stay to be seen. The status is the command's; 255 when there is no way in, "
    "and 1 when there is no such command.",
    exec_examples,
    make<NetnsExec>};

}  // namespace hopyard::cli
