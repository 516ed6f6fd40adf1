#include "language/utf8.hh"

#include <algorithm>

namespace hopyard::language {
namespace {

unsigned char at(std::string_view text, std::size_t offset) {
  return offset < text.size() ? static_cast<unsigned char>(text[offset]) : 0;
}

bool continues(unsigned char byte) {
  return (byte & 0xC0U) == 0x80U;
}

/// Bytes of the well-formed sequence at @p offset (table 3-7 of the Unicode standard); 0 if there is none.
std::size_t sequence(std::string_view text, std::size_t offset) {
  const unsigned char lead = at(text, offset);
  const unsigned char second = at(text, offset + 1);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(second) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned char low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : 0xBF;
    return second >= low && second <= high && continues(at(text, offset + 2)) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned char low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xF4 ? 0x8F : 0xBF;
    const bool rest = continues(at(text, offset + 2)) && continues(at(text, offset + 3));
    return second >= low && second <= high && rest ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::optional<std::size_t> first_bad_byte(std::string_view text) {
  for (std::size_t offset = 0; offset < text.size();) {
    const std::size_t length = sequence(text, offset);
    if (length == 0) return offset;
    offset += length;
  }
  return std::nullopt;
}

CodePoints::CodePoints(std::string_view text) : text_(text) {
  const auto beyond_ascii = [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; };
  if (std::none_of(text.begin(), text.end(), beyond_ascii)) return;
  std::size_t count = 0;
  for (std::size_t offset = 0; offset < text.size();
       offset += std::max<std::size_t>(1, sequence(text, offset)))
    if (count++ % stride == 0) marks_.push_back(static_cast<std::uint32_t>(offset));
}

std::uint32_t CodePoints::byte(std::size_t index) const {
  const auto size = static_cast<std::uint32_t>(text_.size());
  if (marks_.empty()) return static_cast<std::uint32_t>(std::min<std::size_t>(index, size));
  if (index / stride >= marks_.size()) return size;
  std::size_t offset = marks_[index / stride];
  for (std::size_t left = index % stride; left > 0 && offset < size; --left)
    offset += std::max<std::size_t>(1, sequence(text_, offset));
  return static_cast<std::uint32_t>(std::min<std::size_t>(offset, size));
}

}  // namespace hopyard::language
