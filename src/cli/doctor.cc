#include "app/doctor.hh"

#include <fmt/format.h>

#include <charconv>

#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

view::Tone tone_of(app::Health health) {
  switch (health) {
    case app::Health::Good:
      return view::Tone::Good;
    case app::Health::Note:
      return view::Tone::Plain;
    case app::Health::Tight:
      return view::Tone::Warning;
    case app::Health::Missing:
      return view::Tone::Bad;
  }
  return view::Tone::Plain;
}

class DoctorAction final : public Action {
 public:
  explicit DoctorAction(Command& command) {
    command.option(
        0, "nodes", "N", [this](std::string_view word) { return take_nodes(word); },
        "say which limits will bite in a lab of N nodes");
    command.flag('v', "verbose", verbose_,
                 "say of everything what it means, not only of what needs attention");
  }

  int run(Output& output) override {
    const app::Doctor doctor = app::doctor(nodes_);
    view::Record record;
    record.fact("nodes", nodes_ == 0 ? view::Value() : view::Value(nodes_));
    record.fact("can_make_labs", view::Value(doctor.can_make_labs()));
    view::Table& table = record.table("findings", "",
                                      {{"section", ""},
                                       {"name", "WHAT"},
                                       {"health", "HEALTH"},
                                       {"value", "FOUND", false, true},
                                       {"means", ""},
                                       {"remedy", ""}});
    for (const app::Finding& one : doctor.findings)
      table.row({one.section,
                 one.name,
                 {std::string(app::health_word(one.health)), tone_of(one.health)},
                 one.value,
                 one.means,
                 view::optional_cell(one.remedy)});
    advise(record, doctor);
    conclude(record, doctor);
    output.print(record);
    return doctor.can_make_labs() ? status::success : status::failed;
  }

 private:
  Result<> take_nodes(std::string_view word) {
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), nodes_);
    if (error != std::errc() || end != word.data() + word.size() || nodes_ > 10'000'000)
      return mistaken(fmt::format("'{}' is not a number of nodes", word), "write for instance --nodes 1000");
    return {};
  }

  void advise(view::Record& record, const app::Doctor& doctor) const {
    for (const app::Finding& one : doctor.findings) {
      if (one.remedy.empty() && !verbose_) continue;
      record.sentence("");
      record.sentence(fmt::format("{}: {}", one.name, one.means), view::Tone::Strong);
      if (!one.remedy.empty()) record.sentence("  " + one.remedy);
    }
  }

  void conclude(view::Record& record, const app::Doctor& doctor) const {
    record.sentence("");
    if (!doctor.can_make_labs())
      record.sentence("labs cannot be made here", view::Tone::Bad);
    else if (const std::size_t tight = doctor.count(app::Health::Tight); tight > 0)
      record.sentence(fmt::format("labs can be made here; {} will bite at {} nodes",
                                  view::counted(tight, "limit"), nodes_),
                      view::Tone::Warning);
    else
      record.sentence("labs can be made here", view::Tone::Good);
  }

  std::uint64_t nodes_ = 0;
  bool verbose_ = false;
};

constexpr Example doctor_examples[] = {
    {"hopyard doctor", "tells what this machine has and what it lacks, and what to do about it"},
    {"hopyard doctor --nodes 1000", "tells which limits a lab of 1,000 nodes would meet"},
};

}  // namespace

const Verb doctor_verb{
    "doctor",
    Group::Help,
    "tell what this machine has and lacks for labs",
    "Looks at the kernel's features, the limits, the rights and the tools, says what each means for a lab "
    "and what to do where something is missing. Ends with status 1 when no lab can be made here.",
    doctor_examples,
    make<DoctorAction>};

}  // namespace hopyard::cli
