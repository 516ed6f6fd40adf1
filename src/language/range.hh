#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "language/expression.hh"

namespace hopyard::language {

/// Numbers between brackets: "1..20", "0..100..10", "1..3,7", "01..20". May go down.
struct Range {
  struct Run {
    std::int64_t first;
    std::int64_t step;
    std::size_t count;
  };
  std::vector<Run> runs;
  std::size_t count = 0;
  unsigned width = 0;  ///< digits to fill up with zeros, 0 for none

  [[nodiscard]] std::int64_t at(std::size_t index) const;
};

struct RangeError {
  std::string message;
  std::string help;
  std::size_t begin = 0;  ///< where in the text
  std::size_t end = 0;
};

/// A name with any number of ranges: "pc[1..20]", "r[1..3][1..4]". More than one range are loops in each
/// other, the last the innermost.
class Pattern {
 public:
  static constexpr std::size_t most_members = 100'000;

  [[nodiscard]] static std::expected<Pattern, RangeError> parse(std::string_view text);

  [[nodiscard]] bool ranged() const { return !ranges_.empty(); }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const std::vector<Range>& ranges() const { return ranges_; }
  /// The name of member @p index, which is less than count(), and its numbers. Braces in it are left as they
  /// are.
  [[nodiscard]] std::string member(std::size_t index, Indices& indices) const;

 private:
  std::vector<std::string_view> literals_;  ///< one more than ranges_; views into what was parsed
  std::vector<Range> ranges_;
  std::size_t count_ = 1;
};

}  // namespace hopyard::language
