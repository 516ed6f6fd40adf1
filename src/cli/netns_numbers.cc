#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "cli/netns.hh"
#include "cli/verbs.hh"

namespace hopyard::cli {
namespace {

class NetnsListId final : public Action {
 public:
  explicit NetnsListId(Command& command) {
    command.positionals("WORDS", words_,
                        "target-nsid NUMBER: what the namespace of that number calls others; nsid NUMBER: "
                        "the namespace of that number alone",
                        Completes::Nothing);
  }

  int run(Output& output) override {
    app::NetnsIdQuery query;
    if (const Result<> read = take(query); !read)
      return output.mistaken(read.error(), "netns list-id"), netns_status::no_way_in;
    const auto list = app::list_netns_ids(query);
    if (!list) {
      const bool refused = query.id && list.error().code != 0;
      return output.fail(list.error()), refused ? netns_status::refused : status::failed;
    }
    print(output, *list, query.target.has_value());
    return status::success;
  }

 private:
  static Result<std::int32_t> number(const std::string& word) {
    std::int32_t given = 0;
    const char* const end = word.data() + word.size();
    const auto [stopped, error] = std::from_chars(word.data(), end, given);
    if (error == std::errc{} && stopped == end && given >= 0) return given;
    return mistaken(fmt::format("'{}' is no number of a namespace", word),
                    fmt::format("write one from 0 to {}", std::numeric_limits<std::int32_t>::max()));
  }

  Result<> take(app::NetnsIdQuery& query) const {
    for (std::size_t i = 0; i < words_.size(); i += 2) {
      const std::string& word = words_[i];
      if (word != "target-nsid" && word != "nsid")
        return mistaken(fmt::format("'{}' is one word too many", word),
                        "hopyard netns list-id [target-nsid NUMBER] [nsid NUMBER]");
      if (i + 1 == words_.size()) return mistaken(fmt::format("the number of '{}' is missing", word));
      std::optional<std::int32_t>& into = word == "nsid" ? query.id : query.target;
      if (into) return mistaken(fmt::format("'{}' is there twice", word));
      HOPYARD_TAKE(given, number(words_[i + 1]));
      into = given;
    }
    return {};
  }

  static std::string word(std::int32_t id) { return id < 0 ? "unassigned" : std::to_string(id); }

  /// The text is that of ip-netns(8), byte for byte, for the scripts that read it.
  static void print(Output& output, const std::vector<app::NumberedNetns>& list, bool elsewhere) {
    view::Record record;
    view::Table& table = record.table("ids", "", {{"nsid", ""}, {"current_nsid", ""}, {"names", ""}});
    for (const app::NumberedNetns& one : list) {
      std::string line = "nsid " + word(one.id);
      if (elsewhere) line += " current-nsid " + word(one.current.value_or(-1));
      for (const std::string& name : one.names) line += fmt::format(" (iproute2 netns name: {})", name);
      record.sentence(one.names.empty() ? line + ' ' : line);
      table.row({{"", one.id < 0 ? view::Value() : view::Value(one.id)},
                 {"", one.current ? view::Value(*one.current) : view::Value()},
                 view::list_cell(one.names)});
    }
    output.print(record);
  }

  std::vector<std::string> words_;
};

constexpr Example examples[] = {
    {"hopyard netns list-id", "shows which number means which namespace"},
    {"hopyard netns list-id target-nsid 5", "shows which numbers the namespace that is 5 here has given"},
    {"hopyard netns list-id target-nsid 5 nsid 0", "shows what that one calls the namespace that is 0 here"},
};

}  // namespace

const Verb netns_list_id_verb{"netns list-id",
                              Group::Host,
                              "list the numbers of namespaces",
                              "Lists the numbers by which this network namespace knows others, and their "
                              "names. With target-nsid, those "
                              "that another one has given, and beside them those of this one.",
                              examples,
                              make<NetnsListId>};

}  // namespace hopyard::cli
