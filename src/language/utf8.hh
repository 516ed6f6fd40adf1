#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hopyard::language {

/// The offset of the first byte that does not belong to well-formed UTF-8 (RFC 3629: no overlong forms, no
/// surrogates, nothing above U+10FFFF); nothing when all of @p text is.
[[nodiscard]] std::optional<std::size_t> first_bad_byte(std::string_view text);

/// From code points, which libyaml counts in, to bytes, which Spans count in.
class CodePoints {
 public:
  /// @param text well-formed UTF-8 that outlives this.
  explicit CodePoints(std::string_view text);
  /// Offset of the first byte of code point @p index; the text's size when there are not so many.
  [[nodiscard]] std::uint32_t byte(std::size_t index) const;

 private:
  static constexpr std::size_t stride = 64;
  std::string_view text_;
  std::vector<std::uint32_t> marks_;  ///< where each stride-th code point begins; empty for plain ASCII
};

}  // namespace hopyard::language
