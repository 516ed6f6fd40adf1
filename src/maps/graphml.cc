#include "maps/graphml.hh"

#include <fmt/format.h>

#include <unordered_map>

#include "maps/draft.hh"
#include "maps/xml.hh"

namespace hopyard::maps {
namespace {

class GraphMl final : public XmlHandler {
 public:
  GraphMl(std::uint32_t file, Diagnostics& diagnostics)
      : diagnostics_(diagnostics), draft_(diagnostics), start_{file, 0, 0} {}

  void begin(const XmlElement& element) override {
    const Part above = parts_.empty() ? Part{} : parts_.back();
    parts_.push_back(part_of(element, above));
  }

  void end() override {
    const Part part = parts_.back();
    parts_.pop_back();
    if (part.what == What::Data) put(parts_.back());
  }

  void text(std::string_view piece, Span at) override {
    if (parts_.back().what != What::Data) return;
    if (text_.empty()) text_at_ = at;
    text_ += piece;
  }

  std::optional<Map> map() {
    if (!found_ && !diagnostics_.failed())
      diagnostics_.error(start_, "there is no graph in the file",
                         "a map in GraphML has <graphml> and in it <graph>");
    if (!found_) return std::nullopt;
    return draft_.finish(start_);
  }

 private:
  enum class What : std::uint8_t { Outside, GraphMl, Graph, Nested, Node, Edge, Data, Skipped };
  struct Part {
    What what = What::Outside;
    std::size_t index = 0;  // of a node or an edge
  };

  /// What @p element is, being inside @p above; nodes and edges come into being here.
  Part part_of(const XmlElement& element, const Part& above) {
    const bool in_graph = above.what == What::Graph || above.what == What::Nested;
    if (above.what == What::Outside) return outermost(element);
    if (above.what == What::GraphMl && element.name == "key") return key(element);
    if (above.what == What::GraphMl && element.name == "graph") return graph(element);
    if (above.what == What::Node && element.name == "graph") return {What::Nested};
    if (in_graph && element.name == "node") return node(element);
    if (in_graph && element.name == "edge") return edge(element);
    if (in_graph && element.name == "hyperedge")
      diagnostics_.warning(element.at, "a hyperedge", "it is left out: a link joins two nodes");
    const bool has_data = above.what == What::Graph || above.what == What::Node || above.what == What::Edge;
    if (has_data && element.name == "data") return data(element);
    return {What::Skipped};
  }

  Part outermost(const XmlElement& element) {
    if (element.name == "graphml") return {What::GraphMl};
    diagnostics_.error(element.at, fmt::format("the file is not GraphML: it begins with <{}>", element.name));
    return {What::Skipped};
  }

  Part key(const XmlElement& element) {
    keys_.try_emplace(std::string(element["id"]), element["attr.name"]);
    return {What::Skipped};
  }

  Part graph(const XmlElement& element) {
    if (found_) {
      diagnostics_.warning(element.at, "a second graph", "only the first one of a file is read");
      return {What::Skipped};
    }
    found_ = true;
    start_ = element.at;
    if (element["edgedefault"] == "directed") draft_.set_directed();
    return {What::Graph};
  }

  Part node(const XmlElement& element) {
    const std::size_t index = draft_.add_node(element.at);
    draft_.set_id(index, element["id"], element.at);
    return {What::Node, index};
  }

  Part edge(const XmlElement& element) {
    const std::size_t index = draft_.add_edge(element.at);
    draft_.set_end(index, 0, element["source"], element.at);
    draft_.set_end(index, 1, element["target"], element.at);
    return {What::Edge, index};
  }

  /// Some tools leave out the <key> and call the data by its name at once.
  Part data(const XmlElement& element) {
    const auto found = keys_.find(std::string(element["key"]));
    key_ = found == keys_.end() ? std::string(element["key"]) : found->second;
    text_.clear();
    text_at_ = element.at;
    return {What::Data};
  }

  void put(const Part& owner) {
    if (owner.what == What::Graph) draft_.graph(key_, text_);
    if (owner.what == What::Node) draft_.node(owner.index, key_, text_, text_at_);
    if (owner.what == What::Edge) draft_.edge(owner.index, key_, text_, text_at_);
  }

  Diagnostics& diagnostics_;
  Draft draft_;
  Span start_;
  bool found_ = false;
  std::vector<Part> parts_;                            // the elements that are open
  std::unordered_map<std::string, std::string> keys_;  // names of data, by the ids of their <key>
  std::string key_;                                    // of the data that is being read
  std::string text_;
  Span text_at_;
};

}  // namespace

std::optional<Map> read_graphml(const SourceMap& sources, std::uint32_t file, Diagnostics& diagnostics) {
  if (!is_utf8(sources.text(file), file, diagnostics)) return std::nullopt;
  GraphMl reader(file, diagnostics);
  if (!read_xml(sources.text(file), file, reader, diagnostics)) return std::nullopt;
  return reader.map();
}

}  // namespace hopyard::maps
