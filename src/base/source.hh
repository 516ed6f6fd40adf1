#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace hopyard {

/// A stretch of a source file, in bytes: where a value was written. Small, so that every value can carry one.
struct Span {
  static constexpr std::uint32_t nowhere = UINT32_MAX;
  std::uint32_t file = nowhere;  ///< as given by SourceMap::add
  std::uint32_t begin = 0;       ///< first byte
  std::uint32_t end = 0;         ///< one past the last byte

  [[nodiscard]] constexpr bool known() const { return file != nowhere; }
  friend constexpr bool operator==(const Span&, const Span&) = default;
};

/// A value that knows where it was written.
template <class T>
struct Located {
  T value{};
  Span at;
};

/// Line and column as an editor counts them: both from 1, a column being one code point.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// The texts that were read, by number. Owns them for as long as any Span is to be shown.
class SourceMap {
 public:
  /// @param path the name to show, as the person gave it. @return the number that Spans into the text carry.
  std::uint32_t add(std::string path, std::string text);
  [[nodiscard]] std::string_view path(std::uint32_t file) const { return files_[file].path; }
  [[nodiscard]] std::string_view text(std::uint32_t file) const { return files_[file].text; }
  [[nodiscard]] Position position(std::uint32_t file, std::uint32_t offset) const;
  /// The whole line that holds @p offset, without its line break.
  [[nodiscard]] std::string_view line(std::uint32_t file, std::uint32_t offset) const;
  /// "path:line:column", or "" for a span that is nowhere.
  [[nodiscard]] std::string where(Span at) const;

 private:
  struct File {
    std::string path;
    std::string text;
    std::vector<std::uint32_t> line_starts;
  };
  [[nodiscard]] std::size_t line_index(const File& file, std::uint32_t offset) const;
  std::deque<File> files_;  // a deque: views into a text stay good when another is added
};

}  // namespace hopyard
