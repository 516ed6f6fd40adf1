#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "view/value.hh"

/// A verb describes what it has to say once, as a Record; people get it as text and programs as JSON, so the
/// two cannot differ.
namespace hopyard::view {

/// How output is wanted.
struct Style {
  bool json = false;
  bool colour = false;
  unsigned width = 0;  ///< columns of the terminal; 0 for no limit, as in a pipe
};

enum class Tone : std::uint8_t { Plain, Strong, Dim, Good, Warning, Bad };

/// @p text in the escapes of @p tone (ECMA-48 SGR), or as it is without colour.
[[nodiscard]] std::string painted(std::string_view text, Tone tone, bool colour);

/// One thing said: its words for a person, its value for a program.
struct Cell {
  std::string text;
  Value value;
  Tone tone = Tone::Plain;

  Cell(std::string words, Value meaning, Tone how = Tone::Plain)
      : text(std::move(words)), value(std::move(meaning)), tone(how) {}
  Cell(std::string words, Tone how = Tone::Plain) : text(words), value(std::move(words)), tone(how) {}
  Cell(const char* words, Tone how = Tone::Plain) : Cell(std::string(words), how) {}
  Cell(std::uint64_t number) : text(std::to_string(number)), value(number) {}
};

/// Texts, for a person with commas between them.
[[nodiscard]] Cell list_cell(const std::vector<std::string>& texts);
/// A text that may be missing: "-" and null.
[[nodiscard]] Cell optional_cell(std::string text, Tone tone = Tone::Plain);
/// Seconds, as "3 d 4 h", "2 min 5 s", "0.11 s"; the value is the number of seconds.
[[nodiscard]] Cell seconds_cell(double seconds);
[[nodiscard]] std::string seconds_text(double seconds);
/// "1 node", "2 nodes".
[[nodiscard]] std::string counted(std::uint64_t number, std::string_view noun);

struct Column {
  std::string key;       ///< in JSON
  std::string heading;   ///< for a person; a column without one is for programs only
  bool right = false;    ///< numbers stand at the right
  bool shrinks = false;  ///< may be cut when the terminal is narrow
};

class Table {
 public:
  Table(std::string key, std::string title, std::vector<Column> columns)
      : key_(std::move(key)), title_(std::move(title)), columns_(std::move(columns)) {}
  /// @param cells one for each column.
  void row(std::vector<Cell> cells);
  /// What a person is told instead of an empty table.
  void when_empty(std::string sentence) { when_empty_ = std::move(sentence); }

  [[nodiscard]] const std::string& key() const { return key_; }
  [[nodiscard]] const std::string& title() const { return title_; }
  [[nodiscard]] const std::string& sentence_when_empty() const { return when_empty_; }
  [[nodiscard]] const std::vector<Column>& columns() const { return columns_; }
  [[nodiscard]] const std::vector<std::vector<Cell>>& rows() const { return rows_; }

 private:
  std::string key_;
  std::string title_;
  std::string when_empty_;
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

class Record {
 public:
  struct Field {
    std::string key;
    std::string label;
    Cell cell;
  };
  struct Fact {
    std::string key;
    Value value;
  };
  struct Sentence {
    std::string text;
    Tone tone;
  };
  struct Part {
    std::string key;
    std::string title;
    std::unique_ptr<Record> record;
  };
  using Item = std::variant<Field, Fact, Sentence, Table, Part>;

  /// "label  words" on a line of its own; fields in a row stand aligned.
  void field(std::string key, std::string label, Cell cell);
  /// For programs only.
  void fact(std::string key, Value value);
  /// For people only.
  void sentence(std::string text, Tone tone = Tone::Plain);
  /// The table lives in the record, which may grow afterwards.
  Table& table(std::string key, std::string title, std::vector<Column> columns);
  Record& part(std::string key, std::string title);
  [[nodiscard]] const std::deque<Item>& items() const { return items_; }

 private:
  std::deque<Item> items_;  // a deque: references to its parts stay good when another is added
};

[[nodiscard]] Value value_of(const Record& record);
[[nodiscard]] std::string text(const Record& record, const Style& style);
[[nodiscard]] std::string json(const Record& record);
/// text() or json(), as the style wants it.
[[nodiscard]] std::string write(const Record& record, const Style& style);

}  // namespace hopyard::view
