#include "maps/unicode.hh"

namespace hopyard::maps {
namespace {

/// Blanks, and all that is not c-printable in YAML 1.1 (section 5.1) or breaks a line there.
bool is_blank(char32_t value) {
  return value <= 0x20 || (value >= 0x7F && value <= 0xA0) || value == 0x2028 || value == 0x2029 ||
         value == 0xFEFF || value == 0xFFFE || value == 0xFFFF;
}

}  // namespace

CodePoint code_point(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t n) { return static_cast<unsigned char>(text[at + n]); };
  const auto rest = [&](std::size_t n) { return static_cast<char32_t>(byte(n) & 0x3FU); };
  const auto lead = static_cast<char32_t>(byte(0));
  if (lead < 0x80) return {lead, 1};
  if (lead < 0xE0) return {(lead & 0x1FU) << 6U | rest(1), 2};
  if (lead < 0xF0) return {(lead & 0x0FU) << 12U | rest(1) << 6U | rest(2), 3};
  return {(lead & 0x07U) << 18U | rest(1) << 12U | rest(2) << 6U | rest(3), 4};
}

void append(std::string& text, char32_t value) {
  const auto put = [&text](char32_t byte) { text += static_cast<char>(static_cast<unsigned char>(byte)); };
  const auto rest = [&](unsigned shift) { put(0x80U | (value >> shift & 0x3FU)); };
  if (value < 0x80) return put(value);
  if (value < 0x800) return put(0xC0U | value >> 6U), rest(0);
  if (value < 0x10000) return put(0xE0U | value >> 12U), rest(6), rest(0);
  put(0xF0U | value >> 18U), rest(12), rest(6), rest(0);
}

std::string on_one_line(std::string_view text) {
  std::string line;
  bool blank = false;
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, length] = code_point(text, at);
    if (is_blank(value)) {
      blank = true;
    } else {
      if (blank && !line.empty()) line += ' ';
      blank = false;
      line += text.substr(at, length);
    }
    at += length;
  }
  return line;
}

}  // namespace hopyard::maps
