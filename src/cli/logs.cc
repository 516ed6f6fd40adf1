#include "app/logs.hh"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "cli/verbs.hh"
#include "view/width.hh"

namespace hopyard::cli {
namespace {

/// An object on one line: JSON has line breaks between its parts only, never in a text.
std::string json_line(const std::string& service, std::string_view line) {
  const std::string long_form = view::json_text(
      view::Value(view::Value::Object{{"service", view::Value(service)}, {"line", view::Value(line)}}));
  std::string text;
  bool indent = false;
  for (const char letter : long_form) {
    indent = letter == '\n' || (indent && letter == ' ');
    if (!indent) text += letter;
  }
  return text + '\n';
}

class Logs final : public Action {
 public:
  explicit Logs(Command& command) {
    command.positional("NODE", which_.node, "where; LAB/NODE names one of another lab", Completes::Node,
                       true);
    command.positional("SERVICE", which_.service, "only this service's; 'run' for the node's run commands",
                       Completes::Service);
    command.flag('f', "follow", which_.follow, "go on with what comes, until Ctrl-C or the end of the node");
    command.option(
        'n', "lines", "COUNT", [this](std::string_view word) { return take_lines(word); },
        "only the last COUNT lines of each");
    command.option('l', "lab", "LAB", which_.lab, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
  }

  int run(Output& output) override {
    const auto registry = keeper::Registry::standard();
    return output.json && !which_.follow ? run_for_programs(output, registry)
                                         : run_as_it_comes(output, registry);
  }

 private:
  Result<> take_lines(std::string_view word) {
    std::size_t count = 0;
    const char* end = word.data() + word.size();
    const auto [last, error] = std::from_chars(word.data(), end, count);
    if (error != std::errc{} || last != end)
      return mistaken(fmt::format("'{}' is not a number of lines", word), "write for instance --lines 20");
    which_.lines = count;
    return {};
  }

  int run_as_it_comes(Output& output, const keeper::Registry& registry) {
    std::size_t widest = 0;
    bool named = false;
    const auto begin = [&](const app::Logs& logs) {
      named = logs.services.size() > 1;
      for (const std::string& service : logs.services)
        widest = std::max(widest, view::display_width(service));
    };
    const auto line = [&](const std::string& service, std::string_view words) {
      if (output.json) return output.raw(json_line(service, words));
      if (!named) return output.raw(fmt::format("{}\n", words));
      const std::string prefix = fmt::format("{:<{}} |", service, widest);
      output.raw(fmt::format("{} {}\n", view::painted(prefix, view::Tone::Dim, output.colour_out()), words));
    };
    const auto done = app::logs(registry, which_, begin, line);
    return done ? status::success : output.fail(done.error());
  }

  int run_for_programs(Output& output, const keeper::Registry& registry) {
    view::Record record;
    view::Table* table = nullptr;
    const auto begin = [&](const app::Logs& logs) {
      record.fact("lab", view::Value(logs.lab));
      record.fact("node", view::Value(logs.node));
      table = &record.table("lines", "", {{"service", ""}, {"line", ""}});
    };
    const auto done =
        app::logs(registry, which_, begin, [&](const std::string& service, std::string_view line) {
          table->row({service, std::string(line)});
        });
    if (!done) return output.fail(done.error());
    output.print(record);
    return status::success;
  }

  app::WhichLogs which_;
};

constexpr Example logs_examples[] = {
    {"hopyard logs r1", "prints what the services of node r1 have said, with the service before each line"},
    {"hopyard logs r1 bird -f", "prints what bird has said, and goes on with what it says"},
    {"hopyard logs office/web nginx -n 20", "prints the last 20 lines of nginx in node web of lab office"},
};

}  // namespace

const Verb logs_verb{"logs",
                     Group::Inside,
                     "print what the services of a node have said",
                     "Prints what the services of a node wrote to standard output and standard error, since "
                     "the node is up. Inside the node it stands in /var/log/hopyard/SERVICE.log. With --json "
                     "and --follow each line is an object of its own.",
                     logs_examples,
                     make<Logs>};

}  // namespace hopyard::cli
