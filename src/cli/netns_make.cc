#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <limits>

#include "cli/netns.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class NetnsAdd final : public Action {
 public:
  explicit NetnsAdd(Command& command) {
    command.positional("NAME", name_, "what to call it", Completes::Nothing, true);
  }

  int run(Output& output) override {
    const auto added = app::add_netns(name_);
    if (!added) return fail_about(output, name_, added.error());
    view::Record record;
    record.fact("name", view::Value(name_));
    if (output.json) output.print(record);
    return status::success;
  }

 private:
  std::string name_;
};

class NetnsAttach final : public Action {
 public:
  explicit NetnsAttach(Command& command) {
    command.positional("NAME", name_, "what to call it", Completes::Nothing, true);
    command.positional("PID", whom_,
                       "the number of a process, or a container: c1, lxc:c1, lxd:c1, docker:web, podman:web, "
                       "nspawn:m1",
                       Completes::Nothing, true);
  }

  int run(Output& output) override {
    const auto attached = app::attach_netns(name_, whom_);
    if (!attached) return fail_about(output, name_, attached.error());
    view::Record record;
    record.fact("name", view::Value(name_));
    record.fact("pid", view::Value(std::int64_t{*attached}));
    if (output.json) output.print(record);
    return status::success;
  }

 private:
  std::string name_;
  std::string whom_;
};

class NetnsSet final : public Action {
 public:
  explicit NetnsSet(Command& command) {
    command.positional("NAME", name_, "the namespace", Completes::Namespace, true);
    command.positional("NUMBER", number_, "its number here, or auto for the next free one",
                       Completes::Nothing, true);
  }

  int run(Output& output) override {
    std::optional<std::int32_t> id;
    if (number_ != "auto") {
      std::int32_t given = 0;
      const char* const end = number_.data() + number_.size();
      const auto [stopped, error] = std::from_chars(number_.data(), end, given);
      if (error != std::errc{} || stopped != end || given < 0) {
        output.mistaken(
            mistaken(fmt::format("'{}' is no number of a namespace", number_),
                     fmt::format("write one from 0 to {}, or auto", std::numeric_limits<std::int32_t>::max()))
                .error(),
            "netns set");
        return netns_status::no_way_in;
      }
      id = given;
    }
    const auto set = app::set_netns_id(name_, id);
    if (!set) {
      const bool refused = set.error().doing.starts_with("give a number");
      const int failed = fail_about(output, name_, set.error());
      return refused ? netns_status::refused : failed;
    }
    view::Record record;
    record.fact("name", view::Value(name_));
    record.fact("id", view::Value(*set));
    if (output.json) output.print(record);
    return status::success;
  }

 private:
  std::string name_;
  std::string number_;
};

class NetnsDelete final : public Action {
 public:
  explicit NetnsDelete(Command& command) {
    command.positional("NAME", name_, "the name to take away", Completes::Namespace);
    command.flag('a', "all", all_, "all names; -all as well, as ip has it");
    command.flag('k', "kill", kill_,
                 "end what runs inside first: SIGTERM, and SIGKILL two seconds later; never itself");
  }

  int run(Output& output) override {
    if (all_ && !name_.empty())
      return output.mistaken(mistaken("one name or --all, not both").error(), "netns delete");
    if (!all_ && name_.empty()) return output.mistaken(mistaken("NAME is missing").error(), "netns delete");
    std::vector<std::string> names{name_};
    if (all_) {
      const auto found = app::netns_names();
      if (!found) return output.fail(found.error());
      names = *found;
    }
    return remove(output, names);
  }

 private:
  int remove(Output& output, const std::vector<std::string>& names) const {
    view::Record record;
    view::Table& deleted = record.table("deleted", "", {{"name", ""}, {"ended", ""}});
    int result = status::success;
    std::vector<Error> errors;
    for (const std::string& name : names) {
      const auto ended = app::delete_netns(name, kill_);
      if (!ended) {
        errors.push_back(ended.error());
        result = app::check_netns_name(name) ? status::failed : netns_status::no_way_in;
        continue;
      }
      view::Value::List numbers;
      for (const app::NetnsProcess& process : *ended) {
        numbers.emplace_back(std::int64_t{process.pid});
        record.sentence(fmt::format("ended {}  {}", process.pid, process.command));
      }
      deleted.row({name, {"", view::Value(std::move(numbers))}});
    }
    if (names.size() == 1 && !errors.empty()) return output.fail(errors.front()), result;
    output.print(record);
    Output words;  // the errors as text only: stdout has its one JSON object already
    for (const Error& error : errors) words.fail(error);
    return result;
  }

  std::string name_;
  bool all_ = false;
  bool kill_ = false;
};

constexpr Example add_examples[] = {
    {"hopyard netns add blue", "makes a network namespace and calls it blue"}};
constexpr Example attach_examples[] = {
    {"hopyard netns attach web 1995", "calls the network namespace of process 1995 web"},
    {"hopyard netns attach c1 lxc:c1", "calls the network namespace of LXC's container c1 c1"},
};
constexpr Example set_examples[] = {
    {"hopyard netns set blue 7", "makes 7 the number of blue in this network namespace"},
    {"hopyard netns set blue auto", "takes the next number that is free"},
};
constexpr Example delete_examples[] = {
    {"hopyard netns delete blue", "takes the name away; what runs inside goes on, and keeps the namespace"},
    {"hopyard netns delete --kill blue", "ends what runs inside first"},
    {"hopyard netns delete --all", "takes all names away"},
};

}  // namespace

const Verb netns_add_verb{
    "netns add",
    Group::Host,
    "make a network namespace with a name",
    "Makes a network namespace with nothing in it but lo, which is down, and gives it a "
    "name that ip and hopyard know.",
    add_examples,
    make<NetnsAdd>};
const Verb netns_attach_verb{
    "netns attach",
    Group::Host,
    "name the network namespace of a process or container",
    "Gives the network namespace of a process, or of a container of LXC, LXD, Docker, "
    "Podman or systemd-nspawn, a name that ip and hopyard know.",
    attach_examples,
    make<NetnsAttach>};
const Verb netns_set_verb{"netns set",
                          Group::Host,
                          "give a namespace a number",
                          "Gives a namespace the number by which this one knows it. It keeps it: there is no "
                          "taking it back. The status is 2 when the kernel refuses.",
                          set_examples,
                          make<NetnsSet>};
const Verb netns_delete_verb{"netns delete",
                             Group::Host,
                             "take a name away, and with --kill what is inside",
                             "Takes a name away. The namespace itself ends with the last process, descriptor "
                             "or mount that uses it.",
                             delete_examples,
                             make<NetnsDelete>};

}  // namespace hopyard::cli
