#include "app/why.hh"

#include <fmt/format.h>

#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class Why final : public Action {
 public:
  explicit Why(Command& command) {
    command.positionals("NODE", nodes_, "these nodes and the wires between them; the whole lab if left out",
                        Completes::Node);
    command.option('l', "lab", "LAB", lab_, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
    command.option(
        0, "netns", "NAME",
        [this](std::string_view name) -> Result<> {
          netns_.emplace_back(name);
          return {};
        },
        "a named network namespace of this host instead; may be given several times");
    command.flag(0, "host", host_, "the network namespace that hopyard itself runs in instead");
  }

  int run(Output& output) override {
    if (!netns_.empty() + static_cast<int>(host_) + (!nodes_.empty() || !lab_.empty()) > 1)
      return output.mistaken({"look for mistakes", "", 0,
                              "a lab, --netns and --host were asked about at once", "ask about one of them"},
                             "why");
    const auto found = !netns_.empty() ? app::why_netns(netns_)
                       : host_         ? app::why_here()
                                       : app::why(keeper::Registry::standard(), lab_, nodes_);
    if (!found) return output.fail(found.error());
    view::Record record;
    record.fact("lab", found->lab.empty() ? view::Value() : view::Value(found->lab));
    record.fact("looked_at", view::Value(std::uint64_t{found->looked_at}));
    view::Table& table = record.table(
        "mistakes", "", {{"place", ""}, {"interface", ""}, {"what", ""}, {"means", ""}, {"remedy", ""}});
    for (const app::PlacedMistake& one : found->mistakes) {
      table.row({view::optional_cell(one.place), view::optional_cell(one.mistake.interface), one.mistake.what,
                 one.mistake.means, one.mistake.remedy});
      tell(record, one);
    }
    conclude(record, *found);
    output.print(record);
    return found->mistakes.empty() ? status::success : status::failed;
  }

 private:
  static void tell(view::Record& record, const app::PlacedMistake& one) {
    const std::string place = one.place.empty() ? std::string() : one.place + ": ";
    record.sentence(place + one.mistake.what, view::Tone::Strong);
    record.sentence("  " + one.mistake.means);
    record.sentence("  = help: " + one.mistake.remedy);
    record.sentence("");
  }

  static void conclude(view::Record& record, const app::Diagnosis& found) {
    const std::string where = view::counted(found.looked_at, found.lab.empty() ? "namespace" : "node");
    if (found.mistakes.empty())
      record.sentence(fmt::format("no mistake found in {}", where), view::Tone::Good);
    else
      record.sentence(fmt::format("{} in {}", view::counted(found.mistakes.size(), "mistake"), where),
                      view::Tone::Bad);
  }

  std::string lab_;
  std::vector<std::string> nodes_;
  std::vector<std::string> netns_;
  bool host_ = false;
};

constexpr Example why_examples[] = {
    {"hopyard why", "looks for mistakes in the nodes of the lab and on its wires"},
    {"hopyard why pc1 r1", "looks at two nodes, and at the wires between them"},
    {"hopyard why --netns blue", "looks at namespace blue of this host"},
    {"hopyard why --host", "looks at this host itself"},
};

}  // namespace

const Verb why_verb{
    "why",
    Group::Host,
    "say why packets do not come through",
    "Looks for what people get wrong when they set up a network: lo or a bridge left down, an address on a "
    "port of a bridge, a /32 without neighbours, a wire without carrier, two ends that are not in one subnet "
    "or have different MTUs, a router that does not forward. Says what each means and how it is mended. Ends "
    "with status 1 when it has found something. Changes nothing.",
    why_examples,
    make<Why>};

}  // namespace hopyard::cli
