#include "app/test.hh"

#include <fmt/format.h>

#include <algorithm>

#include "app/files.hh"
#include "cli/source.hh"
#include "cli/verbs.hh"
#include "view/tap.hh"
#include "view/words.hh"

namespace hopyard::cli {
namespace {

class Test final : public Action {
 public:
  explicit Test(Command& command) {
    declare(command, source_);
    command.option(0, "junit", "OUT", junit_, "write the outcome there too, as JUnit's XML", Completes::File);
  }

  int run(Output& output) override {
    app::UpOptions options{};
    options.began = std::chrono::steady_clock::now();
    auto prepared = app::prepare(source_);
    if (!prepared) return output.fail(prepared.error()), status::mistaken;
    const language::Reading& reading = prepared->reading;
    if (reading.diagnostics.failed()) return output.refuse(reading.diagnostics, reading.sources);
    if (!output.json) output.warn(reading.diagnostics, reading.sources);
    if (reading.checks.empty()) return output.fail(no_checks(prepared->path)), status::mistaken;
    int interrupted = 0;
    const auto tell = [&](const app::Outcome& outcome) { hear(output, outcome); };
    if (!output.json) output.raw(view::tap_plan(reading.checks.size()));
    const auto report = app::test(keeper::Registry::standard(), *prepared, options, tell, interrupted);
    if (!report) return broken_off(output, report.error(), interrupted);
    return finish(output, *report, prepared->path);
  }

 private:
  static Error no_checks(const std::string& path) {
    return {"test " + path, {}, 0, "the lab file has no checks", "checks: [{reach: a -> b}]"};
  }

  void hear(Output& output, const app::Outcome& outcome) {
    tested_.push_back(
        {outcome.check, outcome.where, outcome.held, outcome.why, outcome.seconds, outcome.skipped});
    if (!output.json) output.raw(view::tap_point(tested_.size(), tested_.back()));
  }

  static int broken_off(Output& output, const Error& error, int interrupted) {
    if (!output.json) output.raw(view::tap_bail_out(error.text()));
    output.fail(error);
    return interrupted != 0 ? 128 + interrupted : status::mistaken;
  }

  int finish(Output& output, const app::TestReport& report, const std::string& path) {
    if (report.interrupted != 0 || report.ended) {
      const Error error{"test lab",
                        report.lab,
                        0,
                        report.ended ? "it was taken down by another" : "interrupted; the lab is down",
                        {}};
      return broken_off(output, error, report.interrupted);
    }
    if (!junit_.empty())
      if (const auto written = app::write_file(junit_, view::junit(report.lab, tested_, report.seconds),
                                               app::Present::Replaced);
          !written)
        return output.fail(written.error()), status::mistaken;
    const auto failed = std::ranges::count_if(
        tested_, [](const view::Tested& one) { return !one.held && one.skipped.empty(); });
    if (output.json) print(output, report, path, static_cast<std::size_t>(failed));
    return failed == 0 ? status::success : status::failed;
  }

  void print(Output& output, const app::TestReport& report, const std::string& path,
             std::size_t failed) const {
    view::Record record;
    record.fact("lab", view::Value(report.lab));
    record.fact("file", view::Value(path));
    const auto skipped = static_cast<std::size_t>(
        std::ranges::count_if(tested_, [](const view::Tested& one) { return !one.skipped.empty(); }));
    record.fact("passed", view::Value(std::uint64_t{tested_.size() - failed - skipped}));
    record.fact("failed", view::Value(std::uint64_t{failed}));
    record.fact("skipped", view::Value(std::uint64_t{skipped}));
    record.fact("seconds", view::Value(report.seconds));
    view::Table& table = record.table(
        "checks", "",
        {{"check", ""}, {"held", ""}, {"why", ""}, {"where", ""}, {"seconds", ""}, {"skipped", ""}});
    for (const view::Tested& one : tested_)
      table.row({one.name, view::Cell("", one.skipped.empty() ? view::Value(one.held) : view::Value()),
                 view::optional_cell(one.why), one.where, view::seconds_cell(one.seconds),
                 view::optional_cell(one.skipped)});
    output.print(record);
  }

  app::LabSource source_;
  std::string junit_;
  std::vector<view::Tested> tested_;
};

constexpr Example test_examples[] = {
    {"hopyard test office.yaml", "makes the lab, tells of each check whether it holds, takes the lab down"},
    {"hopyard test --junit report.xml office.yaml", "the same for continuous integration"},
};

}  // namespace

const Verb test_verb{
    "test",
    Group::Lab,
    "bring a lab up, make the checks of its file, take it down",
    "Makes the network that a lab file describes, makes its checks one after the other, each again and again "
    "until it holds or its time is over, and takes the lab down, after Ctrl-C too. Prints TAP. Ends with "
    "status 0 "
    "when all checks held, 1 when one did not, 2 when they could not be made.",
    test_examples,
    make<Test>};

}  // namespace hopyard::cli
