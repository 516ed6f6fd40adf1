#include "language/expression.hh"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace hopyard::language {
namespace {

using Value = std::expected<std::int64_t, std::string>;

bool is_digit(char letter) {
  return letter >= '0' && letter <= '9';
}
bool is_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

/// Recursive descent: sum = product {(+|-) product}, product = factor {(*|/|%) factor}, factor = number |
/// letter | (sum) | -factor.
class Evaluation {
 public:
  Evaluation(std::string_view text, const Indices& indices) : rest_(text), indices_(indices) {}

  Value run() {
    Value value = sum(0);
    if (value && !peek_end())
      return std::unexpected(fmt::format("unexpected '{}' in an expression", rest_.front()));
    return value;
  }

 private:
  static constexpr int deepest = 64;

  void skip_blanks() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  bool peek_end() {
    skip_blanks();
    return rest_.empty();
  }
  /// Takes the next character if it is one of @p wanted; '\0' otherwise.
  char take(std::string_view wanted) {
    if (peek_end() || wanted.find(rest_.front()) == std::string_view::npos) return '\0';
    const char taken = rest_.front();
    rest_.remove_prefix(1);
    return taken;
  }

  Value sum(int depth) {
    Value left = product(depth);
    while (left) {
      const char sign = take("+-");
      if (sign == '\0') break;
      const Value right = product(depth);
      if (!right) return right;
      left = apply(sign, *left, *right);
    }
    return left;
  }
  Value product(int depth) {
    Value left = factor(depth);
    while (left) {
      const char sign = take("*/%");
      if (sign == '\0') break;
      const Value right = factor(depth);
      if (!right) return right;
      left = apply(sign, *left, *right);
    }
    return left;
  }
  Value factor(int depth) {
    if (depth >= deepest) return std::unexpected(std::string("an expression with too many parentheses"));
    if (take("-") != '\0') {
      const Value value = factor(depth + 1);
      return value ? apply('-', 0, *value) : value;
    }
    if (take("(") != '\0') {
      Value value = sum(depth + 1);
      if (value && take(")") == '\0')
        return std::unexpected(std::string("a ')' is missing in an expression"));
      return value;
    }
    if (peek_end()) return std::unexpected(std::string("an expression ends too early"));
    return is_digit(rest_.front()) ? number() : letter();
  }
  Value number() {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) return std::unexpected(std::string("a number is too large"));
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }
  Value letter() {
    std::size_t length = 0;
    while (length < rest_.size() && is_word(rest_[length])) ++length;
    const std::string_view word = rest_.substr(0, std::max<std::size_t>(1, length));
    const std::size_t index = word.size() == 1 ? Indices::letters.find(word.front()) : std::string_view::npos;
    if (index == std::string_view::npos)
      return std::unexpected(fmt::format("unexpected '{}' in an expression", word));
    if (index >= indices_.count)
      return std::unexpected(fmt::format("'{}' has no value here: {}", word,
                                         indices_.count == 0 ? "no name has a range" : "too few ranges"));
    rest_.remove_prefix(1);
    return indices_.values[index];
  }

  static Value apply(char sign, std::int64_t left, std::int64_t right) {
    std::int64_t value = 0;
    bool overflow = false;
    switch (sign) {
      case '+':
        overflow = __builtin_add_overflow(left, right, &value);
        break;
      case '-':
        overflow = __builtin_sub_overflow(left, right, &value);
        break;
      case '*':
        overflow = __builtin_mul_overflow(left, right, &value);
        break;
      default:
        if (right == 0) return std::unexpected(std::string("division by zero"));
        overflow = left == INT64_MIN && right == -1;
        if (!overflow) value = sign == '/' ? left / right : left % right;
    }
    if (overflow) return std::unexpected(std::string("a number is too large"));
    return value;
  }

  std::string_view rest_;
  const Indices& indices_;
};

/// What stands between two braces, as far as its characters tell.
struct Content {
  bool expression = true;  ///< nothing in it but numbers, the letters, operators, parentheses and blanks
  bool letters = false;
  bool known = true;  ///< each letter has a value
};

Content classify(std::string_view text, const Indices& indices) {
  Content content;
  content.expression = text.find_first_not_of(' ') != std::string_view::npos;
  for (std::size_t at = 0; at < text.size() && content.expression; ++at) {
    const std::size_t index = Indices::letters.find(text[at]);
    if (index != std::string_view::npos) {
      const bool alone =
          (at == 0 || !is_word(text[at - 1])) && (at + 1 == text.size() || !is_word(text[at + 1]));
      content.letters = true;
      content.known = content.known && index < indices.count;
      content.expression = alone;
    } else if (!is_digit(text[at]) && std::string_view(" +-*/%()").find(text[at]) == std::string_view::npos) {
      content.expression = false;
    }
  }
  return content;
}

}  // namespace

std::expected<std::int64_t, std::string> evaluate(std::string_view text, const Indices& indices) {
  return Evaluation(text, indices).run();
}

std::expected<std::string, std::string> replace_braces(std::string_view text, const Indices& indices,
                                                       Braces braces) {
  std::string replaced;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t open = std::min(text.find('{', at), text.size());
    replaced += text.substr(at, open - at);
    at = open;
    if (at == text.size()) break;
    const bool doubled = text.substr(at).starts_with("{{");
    const std::size_t begin = at + (doubled ? 2 : 1);
    const std::size_t close = text.find('}', begin);
    const bool variable = at > 0 && text[at - 1] == '$';
    if (variable || close == std::string_view::npos || (doubled && !text.substr(close).starts_with("}}"))) {
      replaced += text[at++];
      continue;
    }
    const std::string_view inside = text.substr(begin, close - begin);
    const Content content = classify(inside, indices);
    const bool ours = braces == Braces::Structured ? content.expression
                                                   : content.expression && content.letters && content.known;
    if (!ours) {
      replaced += text[at++];
      continue;
    }
    if (doubled) {
      replaced += text.substr(at + 1, close - at);
    } else {
      const auto value = evaluate(inside, indices);
      if (!value) return std::unexpected(fmt::format("{} in '{{{}}}'", value.error(), inside));
      replaced += fmt::format("{}", *value);
    }
    at = close + (doubled ? 2 : 1);
  }
  return replaced;
}

}  // namespace hopyard::language
