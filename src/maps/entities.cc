#include "maps/entities.hh"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "maps/unicode.hh"

namespace hopyard::maps {
namespace {

/// U+00A0 to U+00FF in their order.
constexpr std::array<std::string_view, 96> latin{
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",    "copy",
    "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn", "sup2",   "sup3",
    "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",   "raquo",  "frac14", "frac12",
    "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde", "Auml",   "Aring",  "AElig",  "Ccedil",
    "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave", "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde",
    "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",
    "Uuml",   "Yacute", "THORN",  "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",
    "aelig",  "ccedil", "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",
    "eth",    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"};

struct Named {
  std::string_view name;
  char32_t value;
};
constexpr std::array ascii{Named{"quot", '"'}, Named{"amp", '&'}, Named{"lt", '<'}, Named{"gt", '>'},
                           Named{"apos", '\''}};

constexpr std::size_t longest = 10;  // "#x0010FFFF"; no name is longer

std::optional<char32_t> by_number(std::string_view digits) {
  const bool hexadecimal = digits.starts_with('x') || digits.starts_with('X');
  if (hexadecimal) digits.remove_prefix(1);
  std::uint32_t value = 0;
  const char* end_of_digits = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), end_of_digits, value, hexadecimal ? 16 : 10);
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (error != std::errc{} || end != end_of_digits || value == 0 || value > 0x10FFFF || surrogate)
    return std::nullopt;
  return value;
}

std::optional<char32_t> by_name(std::string_view name) {
  const auto* const found = std::ranges::find(latin, name);
  if (found != latin.end()) return static_cast<char32_t>(0xA0 + (found - latin.begin()));
  for (const Named& one : ascii)
    if (one.name == name) return one.value;
  return std::nullopt;
}

}  // namespace

std::string with_entities_replaced(std::string_view text) {
  std::string replaced;
  while (!text.empty()) {
    const std::size_t ampersand = std::min(text.find('&'), text.size());
    replaced += text.substr(0, ampersand);
    text.remove_prefix(ampersand);
    if (text.empty()) break;
    const std::size_t semicolon = text.substr(0, longest + 2).find(';');
    const std::string_view inside =
        semicolon == std::string_view::npos ? std::string_view() : text.substr(1, semicolon - 1);
    const auto value = inside.starts_with('#') ? by_number(inside.substr(1)) : by_name(inside);
    if (value)
      append(replaced, *value);
    else
      replaced += '&';
    text.remove_prefix(value ? semicolon + 1 : 1);
  }
  return replaced;
}

}  // namespace hopyard::maps
