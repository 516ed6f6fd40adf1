#include "language/yaml.hh"

#include <fmt/format.h>
#include <yaml.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "language/utf8.hh"
#include "language/yaml_error.hh"

namespace hopyard::language {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

class Parser {
 public:
  explicit Parser(std::string_view text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;
  ~Parser() { yaml_parser_delete(&parser_); }
  yaml_parser_t* get() { return &parser_; }

 private:
  yaml_parser_t parser_;
};

class Event {
 public:
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&event_); }
  yaml_event_t* get() { return &event_; }
  yaml_event_t* operator->() { return &event_; }

 private:
  yaml_event_t event_{};
};

std::string_view view(const yaml_char_t* text) {
  return text == nullptr ? std::string_view() : reinterpret_cast<const char*>(text);
}

bool is_null_word(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

bool is_merge_key(const Yaml& key) {
  return key.plain && key.text == "<<";
}

/// A value that is complete, with what it weighs against the budget.
struct Done {
  Yaml* yaml = nullptr;
  std::size_t values = 1;
  std::size_t height = 1;
};

/// Builds the tree from libyaml's events, with a stack of its own instead of recursion.
class Builder {
 public:
  Builder(std::uint32_t file, std::string_view text, std::uint32_t skipped, Budget& budget, Arena& arena,
          Report& report)
      : file_(file),
        text_(text),
        skipped_(skipped),
        points_(text),
        parser_(text),
        budget_(budget),
        arena_(arena),
        report_(report) {}

  Yaml* build();

 private:
  struct Frame {
    Yaml::Kind kind;
    Span at;
    std::string anchor;
    std::size_t first;  ///< of its children in pending_
    std::size_t values = 1;
    std::size_t height = 1;
  };

  [[nodiscard]] Span span(const yaml_mark_t& begin, const yaml_mark_t& end) const {
    return {file_, points_.byte(begin.index) + skipped_, points_.byte(end.index) + skipped_};
  }
  bool take(Event& event);
  bool open(Event& event, Yaml::Kind kind, const yaml_char_t* anchor, const yaml_char_t* tag);
  bool close(Event& event);
  bool scalar(Event& event);
  bool alias(Event& event);
  bool add(Done done, std::string_view anchor);
  bool charge(std::size_t values, Span at);
  void check_tag(const yaml_char_t* tag, Span at);
  [[nodiscard]] bool has_merge_key(std::size_t first) const;
  void merge(std::size_t first);
  void merge_one(const Yaml& from, std::unordered_set<std::string_view>& known, std::vector<Yaml*>& merged);
  void syntax_error();

  std::uint32_t file_;
  std::string_view text_;
  std::uint32_t skipped_;  ///< bytes of the file before text_
  CodePoints points_;
  Parser parser_;
  Budget& budget_;
  Arena& arena_;
  Report& report_;
  std::vector<Frame> frames_;
  std::vector<Yaml*> pending_;
  std::unordered_map<std::string, Done> anchors_;
  Yaml* root_ = nullptr;
};

Yaml* Builder::build() {
  for (;;) {
    Event event;
    if (yaml_parser_parse(parser_.get(), event.get()) == 0) {
      syntax_error();
      return nullptr;
    }
    if (event->type == YAML_STREAM_END_EVENT) break;
    if (!take(event)) return nullptr;
  }
  if (root_ == nullptr)
    report_.error({file_, 0, 1}, "the file is empty", "a lab has nodes or links: 'links: [a -- b]'");
  return root_;
}

bool Builder::take(Event& event) {
  switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
      if (root_ == nullptr) return true;
      report_.error(span(event->start_mark, event->end_mark), "a second document begins here",
                    "a lab file is one YAML document");
      return false;
    case YAML_SCALAR_EVENT:
      return scalar(event);
    case YAML_ALIAS_EVENT:
      return alias(event);
    case YAML_SEQUENCE_START_EVENT:
      return open(event, Yaml::Kind::Sequence, event->data.sequence_start.anchor,
                  event->data.sequence_start.tag);
    case YAML_MAPPING_START_EVENT:
      return open(event, Yaml::Kind::Mapping, event->data.mapping_start.anchor,
                  event->data.mapping_start.tag);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
      return close(event);
    default:
      return true;
  }
}

bool Builder::charge(std::size_t values, Span at) {
  budget_.values += values;
  if (budget_.values <= Budget::most_values) return true;
  report_.error(at, fmt::format("the lab's files grow to more than {} values here", Budget::most_values),
                "an alias repeats all that its anchor holds");
  return false;
}

bool Builder::open(Event& event, Yaml::Kind kind, const yaml_char_t* anchor, const yaml_char_t* tag) {
  const Span at = span(event->start_mark, event->end_mark);
  check_tag(tag, at);
  if (frames_.size() >= Budget::deepest) {
    report_.error(at, fmt::format("maps and lists in each other more than {} deep", Budget::deepest));
    return false;
  }
  frames_.push_back({kind, at, std::string(view(anchor)), pending_.size()});
  return charge(1, at);
}

bool Builder::close(Event& event) {
  Frame frame = std::move(frames_.back());
  frames_.pop_back();
  if (frame.kind == Yaml::Kind::Mapping && has_merge_key(frame.first)) merge(frame.first);
  const std::span children = std::span(pending_).subspan(frame.first);
  Span at = frame.at;
  at.end = std::max(at.begin, points_.byte(event->end_mark.index) + skipped_);
  Yaml* yaml = arena_.make({.kind = frame.kind, .at = at, .children = arena_.keep(children)});
  pending_.resize(frame.first);
  return add({yaml, frame.values, frame.height}, frame.anchor);
}

bool Builder::scalar(Event& event) {
  const auto& data = event->data.scalar;
  const Span at = span(event->start_mark, event->end_mark);
  check_tag(data.tag, at);
  Yaml one{.kind = Yaml::Kind::Scalar, .at = at};
  one.plain = data.style == YAML_PLAIN_SCALAR_STYLE && data.tag == nullptr;
  one.text = arena_.keep({reinterpret_cast<const char*>(data.value), data.length});
  one.varies = one.text.find('{') != std::string_view::npos;
  if (one.plain && is_null_word(one.text)) one.kind = Yaml::Kind::Null;
  return charge(1, at) && add({arena_.make(one)}, view(data.anchor));
}

bool Builder::alias(Event& event) {
  const std::string name(view(event->data.alias.anchor));
  const Span at = span(event->start_mark, event->end_mark);
  const auto found = anchors_.find(name);
  if (found == anchors_.end()) {
    const bool within =
        std::any_of(frames_.begin(), frames_.end(), [&](const Frame& one) { return one.anchor == name; });
    report_.error(
        at,
        within ? fmt::format("'*{}' stands within what it repeats", name)
               : fmt::format("'*{}' repeats an anchor that is not there", name),
        within ? std::string() : fmt::format("write '&{}' before the value to repeat, further up", name));
    return false;
  }
  if (frames_.size() + found->second.height > Budget::deepest) {
    report_.error(at, fmt::format("maps and lists in each other more than {} deep", Budget::deepest));
    return false;
  }
  found->second.yaml->shared = true;
  return charge(found->second.values, at) && add(found->second, {});
}

bool Builder::add(Done done, std::string_view anchor) {
  if (!anchor.empty()) anchors_[std::string(anchor)] = done;
  if (frames_.empty()) {
    root_ = done.yaml;
    return true;
  }
  Frame& frame = frames_.back();
  const bool is_key = frame.kind == Yaml::Kind::Mapping && (pending_.size() - frame.first) % 2 == 0;
  if (is_key && (done.yaml->is_list() || done.yaml->is_map())) {
    report_.error(done.yaml->at, "a key must be text", "a key that begins with { or [ needs quotes");
    done.yaml = arena_.make({.kind = Yaml::Kind::Scalar, .at = done.yaml->at});
  }
  frame.values += done.values;
  frame.height = std::max(frame.height, done.height + 1);
  pending_.push_back(done.yaml);
  return true;
}

void Builder::check_tag(const yaml_char_t* tag, Span at) {
  if (tag == nullptr || view(tag).starts_with("tag:yaml.org,2002:") || view(tag) == "!") return;
  report_.error(at, fmt::format("the tag '{}' means nothing in a lab file", view(tag)), "leave it out");
}

bool Builder::has_merge_key(std::size_t first) const {
  for (std::size_t i = first; i + 1 < pending_.size(); i += 2)
    if (is_merge_key(*pending_[i])) return true;
  return false;
}

/// Puts what `<<` brings before the map's own entries, which win (https://yaml.org/type/merge.html).
void Builder::merge(std::size_t first) {
  std::unordered_set<std::string_view> known;
  std::vector<Yaml*> own;
  std::vector<const Yaml*> sources;
  for (std::size_t i = first; i + 1 < pending_.size(); i += 2) {
    Yaml* value = pending_[i + 1];
    if (!is_merge_key(*pending_[i])) {
      known.insert(pending_[i]->text);
      own.insert(own.end(), {pending_[i], value});
    } else if (value->is_list()) {
      sources.insert(sources.end(), value->children.begin(), value->children.end());
    } else {
      sources.push_back(value);
    }
  }
  pending_.resize(first);
  for (const Yaml* source : sources) merge_one(*source, known, pending_);
  pending_.insert(pending_.end(), own.begin(), own.end());
}

void Builder::merge_one(const Yaml& from, std::unordered_set<std::string_view>& known,
                        std::vector<Yaml*>& merged) {
  if (!from.is_map()) {
    report_.error(from.at, "'<<' takes a map or a list of maps",
                  "write '<<: *NAME', where '&NAME' marks a map");
    return;
  }
  for (std::size_t i = 0; i < from.size(); ++i)
    if (known.insert(from.key(i).text).second) {
      from.children[2 * i + 1]->shared = true;
      merged.insert(merged.end(), {from.children[2 * i], from.children[2 * i + 1]});
    }
}

void Builder::syntax_error() {
  const yaml_parser_t& parser = *parser_.get();
  if (parser.error == YAML_MEMORY_ERROR)
    return report_.error({file_, 0, 1}, "not enough memory to read the file");
  if (parser.error == YAML_READER_ERROR) {
    const auto place = static_cast<std::uint32_t>(std::min(parser.problem_offset, text_.size())) + skipped_;
    return report_.error({file_, place, place + 1}, "a control character, which YAML does not allow");
  }
  const std::string_view problem = parser.problem == nullptr ? "" : parser.problem;
  const std::string_view context = parser.context == nullptr ? "" : parser.context;
  const std::uint32_t place = points_.byte(parser.problem_mark.index);
  const SyntaxError error = explain(problem, context, text_.substr(place));
  const std::uint32_t begin =
      (error.at_context && parser.context != nullptr ? points_.byte(parser.context_mark.index) : place) +
      skipped_;
  report_.error({file_, begin, begin + 1}, error.message, error.help);
}

}  // namespace

Yaml* parse_yaml(std::uint32_t file, std::string_view text, Budget& budget, Arena& arena, Report& report) {
  if (text.size() > Budget::largest_file) {
    report.error({file, 0, 1}, fmt::format("the file is larger than {} MiB", Budget::largest_file >> 20U));
    return nullptr;
  }
  if (const auto bad = first_bad_byte(text)) {
    const auto place = static_cast<std::uint32_t>(*bad);
    report.error({file, place, place + 1},
                 fmt::format("the file is not UTF-8: byte {} is 0x{:02X}", *bad,
                             static_cast<unsigned char>(text[*bad])),
                 "save the file as UTF-8");
    return nullptr;
  }
  const auto skipped =
      static_cast<std::uint32_t>(text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0);
  return Builder(file, text.substr(skipped), skipped, budget, arena, report).build();
}

}  // namespace hopyard::language
