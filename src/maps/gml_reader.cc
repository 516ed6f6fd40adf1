#include "maps/gml_reader.hh"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "maps/map.hh"

namespace hopyard::maps {
namespace {

constexpr std::string_view blanks = " \t\r\n\f\v";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_letter(char byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') || byte == '_';
}

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

/// Why a word is no number that can be had, or nothing.
std::optional<std::string_view> bad_number(std::string_view word, bool real) {
  if (word.starts_with('+')) word.remove_prefix(1);
  const char* end_of_word = word.data() + word.size();
  double as_real = 0;
  std::int64_t as_integer = 0;
  const auto [end, error] = real ? std::from_chars(word.data(), end_of_word, as_real)
                                 : std::from_chars(word.data(), end_of_word, as_integer);
  if (error == std::errc::result_out_of_range && end == end_of_word) return "does not fit 64 bits";
  if (error != std::errc{} || end != end_of_word) return "is no number";
  return std::nullopt;
}

}  // namespace

GmlReader::GmlReader(std::string_view text, std::uint32_t file, Diagnostics& diagnostics)
    : text_(text), file_(file), diagnostics_(diagnostics) {
  if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
}

Span GmlReader::span(std::size_t begin, std::size_t end) const {
  return {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

GmlReader::Item GmlReader::mistake(Span at, std::string message, std::string help) {
  diagnostics_.error(at, std::move(message), std::move(help));
  at_ = text_.size();
  open_.clear();
  return {.kind = Kind::Mistake, .at = at};
}

void GmlReader::skip_blanks() {
  while (at_ < text_.size()) {
    at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size());
    if (at_ == text_.size() || text_[at_] != '#') return;
    at_ = std::min(text_.find('\n', at_), text_.size());
  }
}

GmlReader::Item GmlReader::next() {
  skip_blanks();
  if (at_ == text_.size() && !open_.empty())
    return mistake(open_.back(), "this '[' has no ']'", "each list ends with a ']' of its own");
  if (at_ == text_.size()) return {.kind = Kind::End, .at = span(at_, at_)};
  if (text_[at_] == ']') return close();
  const std::size_t begin = at_;
  while (at_ < text_.size() && (is_letter(text_[at_]) || (at_ > begin && is_digit(text_[at_])))) ++at_;
  if (at_ == begin)
    return mistake(span(begin, begin + 1), "a key belongs here",
                   "GML has pairs of a key and a value: label \"Bern\", id 5, node [ ... ]");
  return value(text_.substr(begin, at_ - begin), begin);
}

GmlReader::Item GmlReader::close() {
  const Span at = span(at_, at_ + 1);
  if (open_.empty()) return mistake(at, "this ']' has no '['");
  open_.pop_back();
  ++at_;
  return {.kind = Kind::Close, .at = at};
}

GmlReader::Item GmlReader::value(std::string_view key, std::size_t key_begin) {
  const std::size_t key_end = at_;
  skip_blanks();
  Item item{.key = key, .at = span(at_, at_ + 1)};
  const bool missing = at_ == text_.size() || text_[at_] == ']';
  if (missing) return mistake(span(key_begin, key_end), fmt::format("the key '{}' has no value", key));
  if (text_[at_] == '"') return quoted(item, key_begin);
  if (text_[at_] != '[') return number(item, key_begin);
  if (open_.size() == deepest)
    return mistake(item.at, fmt::format("more than {} lists in each other", deepest));
  open_.push_back(item.at);
  ++at_;
  item.kind = Kind::Open;
  item.from_key = span(key_begin, at_);
  return item;
}

GmlReader::Item GmlReader::quoted(Item item, std::size_t key_begin) {
  const std::size_t begin = at_ + 1;
  const std::size_t end = text_.find('"', begin);
  if (end == std::string_view::npos)
    return mistake(item.at, "this text has no closing quote", "a quote in a text is written &quot;");
  at_ = end + 1;
  item.kind = Kind::Text;
  item.text = text_.substr(begin, end - begin);
  item.at = span(begin - 1, at_);
  item.from_key = span(key_begin, at_);
  return item;
}

GmlReader::Item GmlReader::number(Item item, std::size_t key_begin) {
  const std::size_t begin = at_;
  at_ = std::min(text_.find_first_of(" \t\r\n\f\v[]\"", begin), text_.size());
  item.text = text_.substr(begin, at_ - begin);
  item.at = span(begin, at_);
  item.from_key = span(key_begin, at_);
  const bool real = item.text.find_first_of(".eEnN") != std::string_view::npos;  // NAN and INF are real too
  item.kind = real ? Kind::Real : Kind::Integer;
  const auto reason = bad_number(item.text, real);
  if (!reason) return item;
  return mistake(item.at, fmt::format("'{}' {}", item.text, *reason),
                 *reason == "is no number" ? "text stands in quotes" : "");
}

bool GmlReader::skip_list() {
  const std::size_t depth = open_.size();
  while (open_.size() >= depth && depth > 0)
    if (next().kind == Kind::Mistake) return false;
  return true;
}

}  // namespace hopyard::maps
