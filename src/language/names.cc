#include "language/names.hh"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace hopyard::language {
namespace {

bool is_letter_or_digit(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 && static_cast<unsigned char>(byte) < 0x80;
}

/// True for control characters, blanks and marks of direction beyond ASCII: U+0080 to U+00A0, U+2000 to
/// U+200F, U+2028 to U+202F, U+2060 to U+206F, U+FEFF. @p text is well-formed UTF-8.
bool has_invisible(std::string_view text) {
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    const auto byte = [&](std::size_t n) {
      return at + n < text.size() ? static_cast<unsigned char>(text[at + n]) : 0U;
    };
    if (byte(0) == 0xC2 && byte(1) <= 0xA0) return true;
    if (byte(0) == 0xE2 && byte(1) == 0x80 && (byte(2) <= 0x8F || (byte(2) >= 0xA8 && byte(2) <= 0xAF)))
      return true;
    if (byte(0) == 0xE2 && byte(1) == 0x81 && byte(2) >= 0xA0 && byte(2) <= 0xAF) return true;
    if (byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF) return true;
  }
  return false;
}

constexpr std::size_t longest_node_name = 63;
constexpr std::size_t longest_interface_name = 15;  // IFNAMSIZ - 1, linux/if.h
constexpr std::size_t longest_host_name = 64;       // __NEW_UTS_LEN, linux/utsname.h
constexpr std::size_t longest_lab_name = 40;

}  // namespace

std::optional<std::string> bad_node_name(std::string_view name) {
  if (name.empty()) return "a name has at least one letter";
  if (name.size() > longest_node_name) return fmt::format("a name has at most {} bytes", longest_node_name);
  if (name == "." || name == "..") return "a name is not '.' or '..'";
  if (name.front() == '-') return "a name does not begin with '-'";
  if (name.find_first_of("{}") != std::string_view::npos)
    return "braces take numbers and the letters i, j, k, l of a name with ranges";
  static constexpr std::string_view forbidden = "/:[],\"'\\`;";
  for (const char byte : name)
    if (static_cast<unsigned char>(byte) <= ' ' || byte == 0x7F ||
        forbidden.find(byte) != std::string_view::npos)
      return "a name has no blanks and none of / : [ ] { } , \" ' \\ ` ;";
  if (has_invisible(name)) return "a name has no invisible characters";
  return std::nullopt;
}

std::optional<std::string> bad_interface_name(std::string_view name) {
  if (name.empty()) return "a name has at least one letter";
  if (name.size() > longest_interface_name)
    return fmt::format("Linux allows {} bytes, this has {}", longest_interface_name, name.size());
  if (name == "." || name == ".." || name == "all" || name == "default" || name == "lo")
    return fmt::format("Linux keeps '{}' for itself", name);
  if (name.find_first_of("{}[]") != std::string_view::npos)
    return "braces take numbers and the letters i, j, k, l of a name with ranges";
  for (const char byte : name)
    if (static_cast<unsigned char>(byte) <= ' ' || byte == 0x7F ||
        std::string_view("/:%\"*?\\").contains(byte))
      return "a name has no blanks and none of / : % \" * ? \\";
  return std::nullopt;
}

std::optional<std::string> bad_host_name(std::string_view name) {
  if (name.empty() || name.size() > longest_host_name)
    return fmt::format("a host name has 1 to {} bytes", longest_host_name);
  const auto allowed = [](char byte) {
    return is_letter_or_digit(byte) || byte == '-' || byte == '_' || byte == '.';
  };
  if (!std::all_of(name.begin(), name.end(), allowed) || name.front() == '-' || name.front() == '.')
    return "a host name has letters, digits, - _ and ., and begins with a letter or digit";
  return std::nullopt;
}

std::optional<std::string> bad_domain_name(std::string_view name) {
  constexpr std::size_t longest = 253;  // 255 bytes with a length before each label and the root's (RFC 1035)
  constexpr std::size_t longest_label = 63;
  if (name.empty() || name.size() > longest) return fmt::format("a name has 1 to {} bytes", longest);
  for (std::string_view rest = name;;) {
    const std::string_view label = rest.substr(0, rest.find('.'));
    if (label.empty() || label.size() > longest_label)
      return fmt::format("between its dots a name has 1 to {} bytes", longest_label);
    const auto allowed = [](char byte) { return is_letter_or_digit(byte) || byte == '-' || byte == '_'; };
    if (!std::all_of(label.begin(), label.end(), allowed) || label.front() == '-')
      return "a name has letters, digits, - _ and ., and does not begin with -";
    if (label.size() == rest.size()) return std::nullopt;
    rest.remove_prefix(label.size() + 1);
  }
}

std::optional<std::string> bad_lab_name(std::string_view name) {
  if (name.empty() || name.size() > longest_lab_name)
    return fmt::format("a lab's name has 1 to {} bytes", longest_lab_name);
  const auto allowed = [](char byte) {
    return is_letter_or_digit(byte) || byte == '-' || byte == '_' || byte == '.';
  };
  if (!std::all_of(name.begin(), name.end(), allowed)) return "letters, digits, - _ and .";
  if (name.front() == '-' || name.front() == '.') return "a lab's name begins with a letter, a digit or _";
  return std::nullopt;
}

std::string name_of_file(std::string_view path) {
  std::size_t slash = path.rfind('/');
  std::string_view base = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
  for (const std::string_view suffix : {".yaml", ".yml", ".hop"})
    if (base.size() > suffix.size() && base.ends_with(suffix)) base.remove_suffix(suffix.size());
  if (base == "lab" && slash != std::string_view::npos && slash > 0) {
    const std::string_view folder = path.substr(0, slash);
    slash = folder.rfind('/');
    const std::string_view name = folder.substr(slash == std::string_view::npos ? 0 : slash + 1);
    if (name != "." && name != "..") base = name;
  }
  std::string name(base.substr(0, longest_lab_name));
  for (char& byte : name)
    if (!is_letter_or_digit(byte) && byte != '-' && byte != '_' && byte != '.') byte = '-';
  if (name.empty() || name.front() == '-' || name.front() == '.') name = "lab" + name;
  return name.substr(0, longest_lab_name);
}

Text part(const Text& whole, std::size_t begin, std::size_t length) {
  Text one{whole.value.substr(begin, length), whole.at};
  if (!whole.at.known()) return one;
  const std::size_t written = whole.at.end - whole.at.begin;
  if (written != whole.value.size() && written != whole.value.size() + 2) return one;
  const std::size_t quote = written == whole.value.size() ? 0 : 1;
  one.at.begin = static_cast<std::uint32_t>(whole.at.begin + quote + begin);
  one.at.end = static_cast<std::uint32_t>(one.at.begin + one.value.size());
  return one;
}

Text trimmed(const Text& text) {
  const std::size_t begin = std::min(text.value.find_first_not_of(" \t"), text.value.size());
  const std::size_t last = text.value.find_last_not_of(" \t");
  return part(text, begin, last == std::string_view::npos ? 0 : last + 1 - begin);
}

std::optional<Names> Names::parse(Context& context, const Text& text) {
  Names names;
  names.text_ = text;
  if (text.value.find_first_of("[]") == std::string_view::npos) return names;
  auto pattern = Pattern::parse(text.value);
  if (!pattern) {
    const RangeError& error = pattern.error();
    context.report.error(part(text, error.begin, error.end - error.begin).at, error.message, error.help);
    return std::nullopt;
  }
  names.pattern_ = std::move(*pattern);
  return names;
}

std::optional<Member> Names::member(Context& context, std::size_t index, const Indices& before) const {
  Member member{text_, before};
  if (ranged()) member.name.value = context.arena.keep(pattern_.member(index, member.indices));
  if (member.name.value.find('{') == std::string_view::npos) return member;
  const auto replaced = replace_braces(member.name.value, member.indices, Braces::Structured);
  if (!replaced) {
    context.report.error(text_.at, replaced.error());
    return std::nullopt;
  }
  member.name.value = context.arena.keep(*replaced);
  return member;
}

}  // namespace hopyard::language
