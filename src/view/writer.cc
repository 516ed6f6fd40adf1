#include "view/writer.hh"

#include <fmt/format.h>

#include <cassert>

namespace hopyard::view {

Cell list_cell(const std::vector<std::string>& texts) {
  std::string words;
  for (const std::string& one : texts) words += (words.empty() ? "" : ", ") + one;
  return {words.empty() ? "-" : std::move(words), value_list(texts)};
}

Cell optional_cell(std::string text, Tone tone) {
  if (text.empty()) return {"-", Value(), Tone::Plain};
  return {std::move(text), tone};
}

std::string seconds_text(double seconds) {
  if (seconds < 10) return fmt::format("{:.2f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  if (whole < 86400) return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} d {} h", whole / 86400, whole % 86400 / 3600);
}

Cell seconds_cell(double seconds) {
  return {seconds_text(seconds), Value(seconds)};
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

void Table::row(std::vector<Cell> cells) {
  assert(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

void Record::field(std::string key, std::string label, Cell cell) {
  items_.emplace_back(Field{std::move(key), std::move(label), std::move(cell)});
}

void Record::fact(std::string key, Value value) {
  items_.emplace_back(Fact{std::move(key), std::move(value)});
}

void Record::sentence(std::string text, Tone tone) {
  items_.emplace_back(Sentence{std::move(text), tone});
}

Table& Record::table(std::string key, std::string title, std::vector<Column> columns) {
  return std::get<Table>(items_.emplace_back(Table(std::move(key), std::move(title), std::move(columns))));
}

Record& Record::part(std::string key, std::string title) {
  auto& item = items_.emplace_back(Part{std::move(key), std::move(title), std::make_unique<Record>()});
  return *std::get<Part>(item).record;
}

std::string write(const Record& record, const Style& style) {
  return style.json ? json(record) : text(record, style);
}

}  // namespace hopyard::view
