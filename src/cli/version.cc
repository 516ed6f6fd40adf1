#include "app/version.hh"

#include <fmt/format.h>

#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class VersionAction final : public Action {
 public:
  explicit VersionAction(Command&) {}

  int run(Output& output) override {
    const app::Version version = app::version();
    view::Record record;
    record.sentence(fmt::format("hopyard {}{} on Linux {} ({})", version.hopyard,
                                version.sanitized ? " (sanitized)" : "", version.kernel, version.machine));
    record.fact("version", view::Value(version.hopyard));
    record.fact("kernel", view::Value(version.kernel));
    record.fact("machine", view::Value(version.machine));
    record.fact("sanitized", view::Value(version.sanitized));
    output.print(record);
    return status::success;
  }
};

constexpr Example version_examples[] = {{"hopyard version", "hopyard --version says the same"}};

}  // namespace

const Verb version_verb{"version",          Group::Help,
                        "tell the version", "Tells the version of Hopyard and of the running kernel.",
                        version_examples,   make<VersionAction>};

}  // namespace hopyard::cli
