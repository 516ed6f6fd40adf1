#include "app/console.hh"

#include <unistd.h>

#include "app/exec.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class Console final : public Action {
 public:
  explicit Console(Command& command) {
    command.positional("NODE", node_, "a virtual machine; LAB/NODE names one of another lab", Completes::Node,
                       true);
    command.option('l', "lab", "LAB", lab_, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
  }

  int run(Output& output) override {
    if (output.json)
      return output.mistaken(mistaken("a console is not for --json", "hopyard logs NODE qemu --json").error(),
                             "console");
    const auto entries = app::enter(keeper::Registry::standard(), {lab_, {node_}, false});
    if (!entries) return output.fail(entries.error());
    if (::isatty(STDIN_FILENO) != 0)
      output.aside("This is the console of " + entries->front().node + ". Ctrl-] leaves it.\n");
    const auto signal = app::console(entries->front());
    if (!signal) return output.fail(signal.error());
    return *signal == 0 ? status::success : 128 + *signal;
  }

 private:
  std::string lab_;
  std::string node_;
};

constexpr Example console_examples[] = {
    {"hopyard console vm1", "talks with the serial console of vm1; Ctrl-] leaves it"},
    {"hopyard console office/vm1 < commands", "types what is in a file, and prints until Ctrl-C"},
};

}  // namespace

const Verb console_verb{
    "console",
    Group::Inside,
    "talk with the serial console of a virtual machine",
    "Connects the terminal with the serial console of a virtual machine. Ctrl-] leaves it "
    "and lets the machine run. One command at a time has the console; what the machine "
    "wrote before is in 'hopyard logs NODE qemu'. At the end of a file or pipe on standard "
    "input it goes on to print, until Ctrl-C, Ctrl-] or the end of the machine.",
    console_examples,
    make<Console>};

}  // namespace hopyard::cli
