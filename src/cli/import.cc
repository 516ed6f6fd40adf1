#include "app/import.hh"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "app/files.hh"
#include "base/suggest.hh"
#include "cli/verbs.hh"
#include "view/words.hh"

namespace hopyard::cli {
namespace {

class Import final : public Action {
 public:
  explicit Import(Command& command) {
    command.positional("FORMAT", format_, "of the map: gml or graphml", Completes::MapFormat, true);
    command.positional("FILE", options_.path, "the map", Completes::File, true);
    command.option('o', "output", "OUT", out_,
                   "write the lab file there, where no file may be; to standard output if it is left out",
                   Completes::File);
    command.option(
        0, "name", "NAME", [this](std::string_view word) { return take_name(word); },
        "call the lab NAME, whatever the map says");
    command.option(
        0, "km-per-cost", "KM", [this](std::string_view word) { return take_kilometres(word); },
        "a link costs 1 for each KM kilometres, and at least 1; 10 if it is left out, 0 for links without a "
        "cost");
    command.option(
        0, "routing", "PROTOCOL",
        [this](std::string_view word) {
          return take_word(word, app::map_routings(), "what the routers of a map can route by",
                           options_.routing);
        },
        "let the routers speak it, such as ospf, instead of giving them static routes",
        Completes::MapRouting);
    command.option(
        0, "daemon", "DAEMON",
        [this](std::string_view word) {
          return take_word(word, app::daemon_names(), "a routing daemon", options_.daemon);
        },
        "what speaks it: frr or bird", Completes::Daemon);
    command.flag(0, "delay", options_.delay,
                 "give links the delay of their length at 200,000 km/s, the speed of light in fibre");
    command.flag(0, "rate", options_.rate, "give links the rate that the map says (LinkSpeedRaw)");
  }

  int run(Output& output) override {
    const auto format = app::parse_map_format(format_);
    if (!format) return output.mistaken(no_format(), "import");
    const auto imported = app::import_map(*format, options_);
    if (!imported) return output.fail(imported.error()), status::mistaken;
    if (imported->diagnostics.failed()) return output.refuse(imported->diagnostics, imported->sources);
    if (!output.json) output.warn(imported->diagnostics, imported->sources);
    if (!out_.empty())
      if (const auto written = app::write_file(out_, imported->text, app::Present::Kept); !written)
        return output.fail(written.error());
    say(output, *imported);
    return status::success;
  }

 private:
  Result<> take_name(std::string_view word) {
    if (const auto reason = app::bad_lab_name(word))
      return mistaken(fmt::format("'{}' cannot be the name of a lab", word), *reason);
    options_.name = word;
    return {};
  }

  static Result<> take_word(std::string_view word, const std::vector<std::string>& words,
                            std::string_view noun, std::string& value) {
    if (std::ranges::find(words, word) == words.end())
      return mistaken(fmt::format("'{}' is not {}", word, noun),
                      fmt::format("there are {}", fmt::join(words, ", ")));
    value = word;
    return {};
  }

  Result<> take_kilometres(std::string_view word) {
    double number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc{} || end != word.data() + word.size() || !std::isfinite(number) || number < 0)
      return mistaken(fmt::format("'{}' is no number of kilometres", word),
                      "such as 10 or 2.5, without a unit");
    options_.kilometres_of_cost = number;
    return {};
  }

  Error no_format() const {
    constexpr std::array<std::string_view, 2> formats{"gml", "graphml"};
    std::string remedy = did_you_mean(format_, formats);
    if (remedy.empty()) remedy = "there are gml and graphml: hopyard import gml FILE";
    return {"read the command line",
            {},
            0,
            fmt::format("no maps are read in the format '{}'", format_),
            std::move(remedy)};
  }

  /// Without a file to write to, the lab file is all there is to say.
  void say(Output& output, const app::Imported& imported) const {
    if (out_.empty() && !output.json) return output.raw(imported.text);
    view::Record record;
    record.sentence(fmt::format("lab {}: {}, {} written to {}", imported.lab,
                                view::counted(imported.nodes, "node"), view::counted(imported.links, "link"),
                                out_));
    record.fact("lab", view::Value(imported.lab));
    record.fact("file", out_.empty() ? view::Value() : view::Value(out_));
    record.fact("nodes", view::Value(std::uint64_t{imported.nodes}));
    record.fact("links", view::Value(std::uint64_t{imported.links}));
    record.fact("text", out_.empty() ? view::Value(imported.text) : view::Value());
    record.fact("diagnostics", view::diagnostics_value(imported.diagnostics, imported.sources));
    output.print(record);
  }

  std::string format_;
  std::string out_;
  maps::LabFileOptions options_;
};

constexpr Example import_examples[] = {
    {"hopyard import gml Cogentco.gml -o cogent.hop.yaml",
     "makes a lab file of a map, to change and bring up"},
    {"hopyard import graphml --delay --rate Geant2012.graphml > geant.hop.yaml",
     "the same with delays from distances and rates from the map"},
    {"hopyard import gml --routing ospf --daemon bird Cogentco.gml -o cogent.hop.yaml",
     "routers that speak OSPF, by BIRD"},
};

}  // namespace

const Verb import_verb{
    "import",
    Group::Lab,
    "make a lab file from a map of a network (GML, GraphML)",
    "Reads a map as the Internet Topology Zoo has them and writes a lab file: a router for each node, a link "
    "for each edge, with a cost from the distance between its ends. Nothing is brought up and no rights are "
    "needed. Ends with status 2 when there is a mistake in the map.",
    import_examples,
    make<Import>};

}  // namespace hopyard::cli
