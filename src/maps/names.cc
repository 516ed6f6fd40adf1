#include "maps/names.hh"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <unordered_map>
#include <unordered_set>

#include "language/names.hh"
#include "maps/unicode.hh"

namespace hopyard::maps {
namespace {

constexpr std::size_t longest = 63;  // of a node's name

/// U+00C0 to U+017F, an asterisk where more than one letter is needed.
constexpr std::string_view letters =
    "AAAAAA*CEEEEIIIIDNOOOOOxOUUUUY**aaaaaa*ceeeeiiiidnooooo-ouuuuy*y"
    "AaAaAaCcCcCcCcDdDdEeEeEeEeEeGgGgGgGgHhHhIiIiIiIiIi**JjKkkLlLlLlLlLlNnNnNnnNnOoOoOo**RrRrRrSsSsSsSsTtTtTt"
    "UuUuUuUuUuUuWwYyYZzZzZzs";
static_assert(letters.size() == 0x180 - 0xC0);

std::string_view several(char32_t value) {
  switch (value) {
    case 0xC6:
      return "AE";
    case 0xDE:
      return "Th";
    case 0xDF:
      return "ss";
    case 0xE6:
      return "ae";
    case 0xFE:
      return "th";
    case 0x132:
      return "IJ";
    case 0x133:
      return "ij";
    case 0x152:
      return "OE";
    default:
      return "oe";
  }
}

/// What stands for one code point beyond ASCII, which is @p bytes; "-" for what is no letter.
std::string_view plain(char32_t value, std::string_view bytes) {
  constexpr std::string_view romanian = "SsTt";  // U+0218 to U+021B
  if (value < 0xC0) return "-";
  if (value < 0x180) {
    const std::string_view one = letters.substr(value - 0xC0, 1);
    return one == "*" ? several(value) : one;
  }
  if (value >= 0x218 && value <= 0x21B) return romanian.substr(value - 0x218, 1);
  if (value >= 0x300 && value <= 0x36F) return "";  // a mark of the letter before
  const bool punctuation = (value >= 0x2000 && value <= 0x206F) || (value >= 0x3000 && value <= 0x3003);
  return punctuation || language::bad_node_name(bytes) ? "-" : bytes;
}

bool stays(char32_t value) {
  return value < 0x80 && (std::isalnum(static_cast<int>(value)) != 0 || value == '_' || value == '.');
}

void strip(std::string& name) {
  name.erase(0, name.find_first_not_of("-."));
  name.erase(name.find_last_not_of("-.") + 1);
}

/// @p name cut between code points to at most @p most bytes.
std::string shortened(std::string name, std::size_t most) {
  if (name.size() <= most) return name;
  while ((static_cast<unsigned char>(name[most]) & 0xC0U) == 0x80U) --most;
  name.resize(most);
  strip(name);
  return name;
}

std::string own_name(const Node& node) {
  const bool unknown = node.label == "None" || node.label.find_first_not_of('?') == std::string::npos;
  if (std::string name = unknown ? std::string() : safe_name(node.label); !name.empty()) return name;
  const std::string id = safe_name(node.id);
  const bool number = id.find_first_not_of("0123456789") == std::string::npos;
  return number ? shortened("n" + id, longest) : id;
}

std::string folded(std::string name) {
  for (char& byte : name)
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
  return name;
}

}  // namespace

std::string safe_name(std::string_view text) {
  std::string name;
  for (std::size_t at = 0; at < text.size();) {
    const auto [value, length] = code_point(text, at);
    const std::string_view bytes = text.substr(at, length);
    const std::string_view written = stays(value) ? bytes : value < 0x80 ? "-" : plain(value, bytes);
    if (written != "-" || !name.ends_with('-')) name += written;
    at += length;
  }
  strip(name);
  return shortened(std::move(name), longest);
}

std::vector<std::string> node_names(const Map& map) {
  std::vector<std::string> names;
  std::unordered_set<std::string> taken;
  std::vector<std::size_t> later;
  for (const Node& node : map.nodes) {
    names.push_back(own_name(node));
    if (!taken.insert(folded(names.back())).second) later.push_back(names.size() - 1);
  }
  std::unordered_map<std::string, std::size_t> counts;
  for (const std::size_t index : later) {
    const std::string own = names[index];
    std::size_t& count = counts.try_emplace(folded(own), 1).first->second;
    do {
      const std::string suffix = fmt::format("-{}", ++count);
      names[index] = shortened(own, longest - suffix.size()) + suffix;
    } while (!taken.insert(folded(names[index])).second);
  }
  return names;
}

std::string lab_name(const Map& map, std::string_view path) {
  const std::size_t slash = path.rfind('/');
  std::string_view base = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
  base = base.substr(0, base.rfind('.'));
  for (const std::string_view text : {std::string_view(map.label), std::string_view(map.network)}) {
    std::string name = safe_name(text);
    std::erase_if(name, [](char byte) { return (static_cast<unsigned char>(byte) & 0x80U) != 0; });
    strip(name);
    name = shortened(std::move(name), 40);
    if (!language::bad_lab_name(name)) return name;
  }
  return language::name_of_file(base);
}

}  // namespace hopyard::maps
