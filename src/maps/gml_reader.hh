#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/diagnostic.hh"

namespace hopyard::maps {

/// Takes GML apart, one KEY VALUE pair at a time:
///
///     GML   ::= { KEY VALUE }         KEY    ::= letter { letter | digit | "_" }
///     VALUE ::= NUMBER | TEXT | "[" GML "]"   TEXT ::= '"' anything but '"' '"'
///
/// A line whose first sign is `#` is a comment. Needs no memory but for the brackets that are open.
class GmlReader {
 public:
  enum class Kind : std::uint8_t { Integer, Real, Text, Open, Close, End, Mistake };
  struct Item {
    Kind kind = Kind::End;
    std::string_view key{};   ///< of a value or an opening bracket
    std::string_view text{};  ///< the value as it is written; of a text what is between the quotes
    Span at{};                ///< of the value or bracket
    Span from_key{};          ///< from the key to the end of `at`
  };

  GmlReader(std::string_view text, std::uint32_t file, Diagnostics& diagnostics);
  /// After a mistake, which has been reported, there is nothing more to come.
  [[nodiscard]] Item next();
  /// Passes over the list whose opening bracket was the last item. @return false after a mistake.
  [[nodiscard]] bool skip_list();

 private:
  void skip_blanks();
  [[nodiscard]] Span span(std::size_t begin, std::size_t end) const;
  [[nodiscard]] Item mistake(Span at, std::string message, std::string help = {});
  [[nodiscard]] Item value(std::string_view key, std::size_t key_begin);
  [[nodiscard]] Item quoted(Item item, std::size_t key_begin);
  [[nodiscard]] Item number(Item item, std::size_t key_begin);
  [[nodiscard]] Item close();

  std::string_view text_;
  std::uint32_t file_;
  Diagnostics& diagnostics_;
  std::size_t at_ = 0;
  std::vector<Span> open_;
};

}  // namespace hopyard::maps
