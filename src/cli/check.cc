#include <fmt/format.h>

#include "app/prepare.hh"
#include "cli/source.hh"
#include "cli/verbs.hh"
#include "view/words.hh"

namespace hopyard::cli {
namespace {

class Check final : public Action {
 public:
  explicit Check(Command& command) {
    declare(command, source_);
    source_.whole = true;
  }

  int run(Output& output) override {
    const auto prepared = app::prepare(source_);
    if (!prepared) return output.fail(prepared.error()), status::mistaken;
    const auto& [sources, diagnostics, lab, checks] = prepared->reading;
    if (!output.json) output.warn(diagnostics, sources);
    if (diagnostics.failed() && !output.json) return status::mistaken;
    view::Record record;
    record.fact("lab", diagnostics.failed() ? view::Value() : view::Value(lab.name));
    record.fact("file", view::Value(prepared->path));
    record.fact("sound", view::Value(!diagnostics.failed()));
    say_counts(record, lab.name, prepared->counts);
    record.fact("diagnostics", view::diagnostics_value(diagnostics, sources));
    output.print(record);
    return diagnostics.failed() ? status::mistaken : status::success;
  }

 private:
  static void say_counts(view::Record& record, const std::string& name, const app::Counts& counts) {
    record.sentence(
        fmt::format("lab {} is sound: {}, {}, {}; {} to make it", name, view::counted(counts.nodes, "node"),
                    view::counted(counts.networks, "network"), view::counted(counts.links, "link"),
                    view::counted(counts.operations, "operation")));
    record.fact("nodes", view::Value(std::uint64_t{counts.nodes}));
    record.fact("networks", view::Value(std::uint64_t{counts.networks}));
    record.fact("links", view::Value(std::uint64_t{counts.links}));
    record.fact("interfaces", view::Value(std::uint64_t{counts.interfaces}));
    record.fact("addresses", view::Value(std::uint64_t{counts.addresses}));
    record.fact("routes", view::Value(std::uint64_t{counts.routes}));
    record.fact("operations", view::Value(std::uint64_t{counts.operations}));
  }

  app::LabSource source_;
};

constexpr Example check_examples[] = {
    {"hopyard check office.yaml", "tells every mistake of the file, or that there is none"},
    {"hopyard check --json office.yaml", "the same for an editor: file, line, column and message of each"},
};

}  // namespace

const Verb check_verb{
    "check",
    Group::Lab,
    "read a lab file and tell its mistakes; make nothing",
    "Reads a lab file, plans it, and tells every mistake in it with its line and a suggestion. Nothing is "
    "made and no rights are needed. Ends with status 2 when there is a mistake.",
    check_examples,
    make<Check>};

}  // namespace hopyard::cli
