#include "maps/gml.hh"

#include <charconv>

#include "maps/draft.hh"
#include "maps/entities.hh"
#include "maps/gml_reader.hh"

namespace hopyard::maps {
namespace {

using Kind = GmlReader::Kind;
using Item = GmlReader::Item;

class Gml {
 public:
  Gml(const SourceMap& sources, std::uint32_t file, Diagnostics& diagnostics)
      : reader_(sources.text(file), file, diagnostics),
        diagnostics_(diagnostics),
        draft_(diagnostics),
        start_{file, 0, 0} {}

  std::optional<Map> read() {
    if (!file()) return std::nullopt;
    if (!found_)
      return diagnostics_.error(start_, "there is no graph in the file", std::string(help)), std::nullopt;
    return draft_.finish(start_);
  }

 private:
  static constexpr std::string_view help = "a map in GML begins with graph [";

  /// Each of these reads to the end of its list. @return false after a mistake.
  bool file() {
    return list([this](const Item& item) {
      if (item.kind != Kind::Open) return true;
      if (item.key != "graph") return reader_.skip_list();
      if (!found_) return found_ = true, graph();
      diagnostics_.warning(item.from_key, "a second graph", "only the first one of a file is read");
      return reader_.skip_list();
    });
  }

  bool graph() {
    return list([this](const Item& item) {
      if (item.kind == Kind::Open && item.key == "node") return node(draft_.add_node(item.from_key));
      if (item.kind == Kind::Open && item.key == "edge") return edge(draft_.add_edge(item.from_key));
      if (item.kind == Kind::Open) return reader_.skip_list();
      if (item.key == "directed" && item.text == "1") draft_.set_directed();
      draft_.graph(item.key, text(item));
      return true;
    });
  }

  bool node(std::size_t index) {
    return list([this, index](const Item& item) {
      if (item.kind == Kind::Open) return reader_.skip_list();
      if (item.key == "id")
        draft_.set_id(index, text(item), item.at);
      else
        draft_.node(index, item.key, text(item), item.at);
      return true;
    });
  }

  bool edge(std::size_t index) {
    return list([this, index](const Item& item) {
      if (item.kind == Kind::Open) return reader_.skip_list();
      if (item.key == "source" || item.key == "target")
        draft_.set_end(index, item.key == "source" ? 0 : 1, text(item), item.at);
      else
        draft_.edge(index, item.key, text(item), item.at);
      return true;
    });
  }

  template <class Take>
  bool list(Take take) {
    while (true) {
      const Item item = reader_.next();
      if (item.kind == Kind::Mistake) return false;
      if (item.kind == Kind::Close || item.kind == Kind::End) return true;
      if (!take(item)) return false;
    }
  }

  /// A whole number in its shortest form, so that 7 and +007 are the same id.
  static std::string text(const Item& item) {
    if (item.kind == Kind::Text) return with_entities_replaced(item.text);
    if (item.kind == Kind::Real) return std::string(item.text);
    const std::string_view digits = item.text.substr(item.text.starts_with('+') ? 1 : 0);
    std::int64_t number = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), number);
    return std::to_string(number);
  }

  GmlReader reader_;
  Diagnostics& diagnostics_;
  Draft draft_;
  Span start_;
  bool found_ = false;
};

}  // namespace

std::optional<Map> read_gml(const SourceMap& sources, std::uint32_t file, Diagnostics& diagnostics) {
  if (!is_utf8(sources.text(file), file, diagnostics)) return std::nullopt;
  return Gml(sources, file, diagnostics).read();
}

}  // namespace hopyard::maps
