#include <fmt/format.h>

#include "app/change.hh"
#include "cli/verbs.hh"
#include "view/words.hh"

namespace hopyard::cli {
namespace {

class Set final : public Action {
 public:
  explicit Set(Command& command) {
    command.positional("LINK|NODE:IF", place_,
                       "a link (a -- b, a:eth0--b:eth0) or the link at an interface (a:eth0)",
                       Completes::Wire, true);
    command.positionals("KEY=VALUE", words_,
                        "delay=20ms jitter=2ms loss=1% rate=50mbit corrupt= duplicate= reorder= limit= "
                        "seed=; then 'out' or 'back' for one direction; 'none' clears",
                        Completes::Impairment, true);
    command.option('l', "lab", "LAB", lab_, "the lab; the only one that runs if it is left out",
                   Completes::Lab);
    command.links_are_words();
  }

  int run(Output& output) override {
    const auto place = app::parse_place(place_);
    if (!place) return output.mistaken(place.error(), "set");
    if (place->is_node())
      return output.mistaken(
          mistaken(fmt::format("'{}' is a node, not a link", place_),
                   fmt::format("name an interface ({}:eth0) or a link ({} -- other)", place_, place_))
              .error(),
          "set");
    const auto change = app::parse_impairment(words_);
    if (!change) return output.mistaken(change.error(), "set");
    const auto report = app::set(keeper::Registry::standard(), lab_, *place, *change);
    if (!report) return output.fail(report.error());
    view::Record record;
    record.fact("lab", view::Value(report->lab));
    record.fact("place", view::Value(report->place));
    record.sentence(report->place);
    record.field("out", "  out", direction(report->out));
    record.field("back", "  back", direction(report->back));
    output.print(record);
    return status::success;
  }

 private:
  static view::Cell direction(const net::Impairment& impairment) {
    view::Cell cell = view::impairment_cell(impairment);
    if (cell.text.empty()) cell.text = "unimpaired";
    return cell;
  }

  std::string lab_;
  std::string place_;
  std::vector<std::string> words_;
};

constexpr Example set_examples[] = {
    {"hopyard set gw -- internet delay=20ms loss=1%",
     "delays and loses packets on the link, in both directions"},
    {"hopyard set gw:wan0 rate=10mbit out",
     "limits only what leaves gw by wan0; delay and loss stay as they are"},
    {"hopyard set gw:wan0--internet:eth0 none", "makes it a perfect wire again"},
};

}  // namespace

const Verb set_verb{
    "set",
    Group::Change,
    "impair a link of a running lab",
    "Changes what a link of a running lab does to its packets. What is not named stays as it was. Both "
    "directions "
    "are set, or with 'out' the one from the end that was named first, with 'back' the one to it.",
    set_examples,
    make<Set>};

}  // namespace hopyard::cli
