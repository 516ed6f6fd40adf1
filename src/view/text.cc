#include <algorithm>

#include "view/width.hh"
#include "view/writer.hh"

namespace hopyard::view {
namespace {

constexpr std::size_t gap = 2;         // between columns
constexpr std::size_t narrowest = 10;  // what is left of a column that shrinks

std::string_view escape_of(Tone tone) {
  switch (tone) {
    case Tone::Plain:
      return "";
    case Tone::Strong:
      return "\033[1m";
    case Tone::Dim:
      return "\033[2m";
    case Tone::Good:
      return "\033[32m";
    case Tone::Warning:
      return "\033[33m";
    case Tone::Bad:
      return "\033[31m";
  }
  return "";
}

/// Widths of the columns that are shown, in order; a column for programs only has none.
std::vector<std::size_t> column_widths(const Table& table, unsigned limit) {
  std::vector<std::size_t> widths;
  for (std::size_t i = 0; i < table.columns().size(); ++i) {
    const Column& column = table.columns()[i];
    std::size_t width = display_width(column.heading);
    if (!column.heading.empty())
      for (const auto& row : table.rows()) width = std::max(width, display_width(row[i].text));
    widths.push_back(width);
  }
  if (limit == 0) return widths;
  std::size_t total = 0;
  for (const std::size_t width : widths) total += width == 0 ? 0 : width + gap;
  total -= std::min(total, gap);
  for (std::size_t i = widths.size(); i-- > 0 && total > limit;) {
    if (!table.columns()[i].shrinks) continue;
    const std::size_t kept =
        std::max(std::min(narrowest, widths[i]), widths[i] - std::min(widths[i], total - limit));
    total -= widths[i] - kept;
    widths[i] = kept;
  }
  return widths;
}

class Text {
 public:
  explicit Text(const Style& style) : style_(style) {}

  void record(const Record& record) {
    const auto& items = record.items();
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (std::holds_alternative<Record::Field>(items[i]))
        i = fields(items, i);
      else if (const auto* said = std::get_if<Record::Sentence>(&items[i]))
        line(painted(said->text, said->tone, style_.colour));
      else if (const auto* rows = std::get_if<Table>(&items[i]))
        table(*rows);
      else if (const auto* part = std::get_if<Record::Part>(&items[i]))
        nested(*part);
    }
  }
  std::string take() { return std::move(out_); }

 private:
  void line(std::string_view words) { (out_ += words) += '\n'; }

  /// Writes the run of fields that starts at @p first. @return the place of its last.
  std::size_t fields(const std::deque<Record::Item>& items, std::size_t first) {
    std::size_t end = first;
    std::size_t widest = 0;
    for (; end < items.size(); ++end) {
      const auto* field = std::get_if<Record::Field>(&items[end]);
      if (field != nullptr)
        widest = std::max(widest, display_width(field->label));
      else if (!std::holds_alternative<Record::Fact>(items[end]))
        break;
    }
    for (std::size_t i = first; i < end; ++i) {
      const auto* field = std::get_if<Record::Field>(&items[i]);
      if (field == nullptr) continue;
      out_ += painted(field->label, Tone::Dim, style_.colour);
      out_.append(widest + gap - display_width(field->label), ' ');
      line(painted(printable(field->cell.text), field->cell.tone, style_.colour));
    }
    return end - 1;
  }

  void title(std::string_view words) {
    if (words.empty()) return;
    if (!out_.empty()) line("");
    line(painted(words, Tone::Strong, style_.colour));
  }

  void nested(const Record::Part& part) {
    title(part.title);
    record(*part.record);
  }

  void table(const Table& table) {
    if (table.rows().empty()) {
      if (!table.sentence_when_empty().empty()) line(table.sentence_when_empty());
      return;
    }
    if (std::ranges::all_of(table.columns(), [](const Column& one) { return one.heading.empty(); })) return;
    title(table.title());
    const auto widths = column_widths(table, style_.width);
    std::vector<Cell> headings;
    for (const Column& column : table.columns()) headings.emplace_back(column.heading, Tone::Dim);
    row(table, headings, widths);
    for (const auto& cells : table.rows()) row(table, cells, widths);
  }

  void row(const Table& table, const std::vector<Cell>& cells, const std::vector<std::size_t>& widths) {
    std::size_t owed = 0;  // spaces that are written only if something follows them
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (widths[i] == 0) continue;
      const std::string words = cut_to(printable(cells[i].text), widths[i]);
      const std::size_t padding = widths[i] - display_width(words);
      if (table.columns()[i].right) owed += padding;
      if (!words.empty()) {
        out_.append(owed, ' ');
        out_ += painted(words, cells[i].tone, style_.colour);
        owed = 0;
      }
      owed += gap + (table.columns()[i].right ? 0 : padding);
    }
    out_ += '\n';
  }

  const Style& style_;
  std::string out_;
};

}  // namespace

std::string painted(std::string_view text, Tone tone, bool colour) {
  const std::string_view escape = escape_of(tone);
  if (!colour || escape.empty() || text.empty()) return std::string(text);
  std::string result(escape);
  result += text;
  result += "\033[0m";
  return result;
}

std::string text(const Record& record, const Style& style) {
  Text text(style);
  text.record(record);
  return text.take();
}

}  // namespace hopyard::view
