#include "language/values.hh"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/quantity.hh"
#include "base/suggest.hh"

namespace hopyard::language {
namespace {

/// The words that YAML 1.1 takes for a truth value (https://yaml.org/type/bool.html).
bool is_truth_word(std::string_view text) {
  static constexpr std::array<std::string_view, 22> words{
      "y",    "Y",    "yes",   "Yes",   "YES",   "n",  "N",  "no", "No",  "NO",  "true",
      "True", "TRUE", "false", "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF"};
  return text.size() <= 5 && std::find(words.begin(), words.end(), text) != words.end();
}

/// The spelling that was probably meant: small letters, no blanks, a unit for a bare number.
template <class Parse>
std::string right_spelling(std::string_view text, std::string_view unit, Parse parse) {
  std::string small;
  for (const char letter : text)
    if (letter != ' ') small += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 21> other_units{
      {{"msec", "ms"},   {"usec", "us"},   {"sec", "s"},       {"min", "m"},       {"kbps", "kbit"},
       {"mbps", "mbit"}, {"gbps", "gbit"}, {"kbit/s", "kbit"}, {"mbit/s", "mbit"}, {"gbit/s", "gbit"},
       {"µs", "us"},     {"percent", "%"}, {"kib", "KiB"},     {"mib", "MiB"},     {"gib", "GiB"},
       {"kb", "KiB"},    {"mb", "MiB"},    {"gb", "GiB"},      {"k", "KiB"},       {"m", "MiB"},
       {"g", "GiB"}}};
  if (parse(small)) return small;
  for (const auto& [other, ours] : other_units)
    if (small.ends_with(other))
      if (std::string better = small.substr(0, small.size() - other.size()).append(ours); parse(better))
        return better;
  if (std::string better = small.append(unit); parse(better)) return better;
  return {};
}

}  // namespace

std::string suggest(std::string_view word, std::span<const std::string_view> candidates) {
  static constexpr std::size_t most = 2000;
  return word.size() > 100 || candidates.size() > most ? std::string() : did_you_mean(word, candidates);
}

std::string shown(const Yaml& value) {
  switch (value.kind) {
    case Yaml::Kind::Null:
      return "nothing";
    case Yaml::Kind::Sequence:
      return "a list";
    case Yaml::Kind::Mapping:
      return "a map";
    case Yaml::Kind::Scalar:
      break;
  }
  static constexpr std::size_t longest = 60;
  if (value.text.size() <= longest && value.text.find('\n') == std::string_view::npos)
    return fmt::format("'{}'", value.text);
  return "this text";
}

void Values::wrong(const Yaml& value, std::string_view what, std::string_view expected, std::string help) {
  context.report.error(value.at, fmt::format("{} must be {}, not {}", what, expected, shown(value)),
                       std::move(help));
}

std::optional<Text> Values::text(const Yaml& value, std::string_view what, Braces braces) {
  if (value.broken || !context.step(value.at)) return std::nullopt;
  if (!value.is_scalar()) {
    wrong(value, what, "text");
    return std::nullopt;
  }
  if (value.plain && is_truth_word(value.text)) {
    context.report.error(value.at, fmt::format("'{}' is a truth value to YAML, not text", value.text),
                         fmt::format("put quotes around it: '{}'", value.text));
    return std::nullopt;
  }
  if (!value.varies || braces == Braces::Later || (braces == Braces::Free && indices.count == 0))
    return Text{value.text, value.at};
  const auto replaced = replace_braces(value.text, indices, braces);
  if (!replaced) {
    context.report.error(value.at, replaced.error());
    return std::nullopt;
  }
  return Text{context.arena.keep(*replaced), value.at};
}

std::optional<Text> Values::key(const Yaml& key, Braces braces) {
  Yaml as_text = key;
  as_text.kind = Yaml::Kind::Scalar;
  return text(as_text, "a name", braces);
}

std::optional<std::int64_t> Values::integer(const Yaml& value, std::string_view what, std::int64_t least,
                                            std::int64_t most) {
  if (value.broken || !context.step(value.at)) return std::nullopt;
  const std::string expected = most == INT64_MAX ? fmt::format("a whole number of {} or more", least)
                                                 : fmt::format("a whole number from {} to {}", least, most);
  if (!value.is_scalar()) {
    wrong(value, what, expected);
    return std::nullopt;
  }
  std::string_view expression = value.text;
  if (expression.size() > 2 && expression.front() == '{' && expression.back() == '}')
    expression = expression.substr(1, expression.size() - 2);
  const auto number = evaluate(expression, indices);
  if (!number) {
    const bool arithmetic = expression.find_first_of("0123456789+-*/%(") != std::string_view::npos;
    wrong(value, what, expected, arithmetic ? number.error() : std::string());
    return std::nullopt;
  }
  if (*number >= least && *number <= most) return *number;
  if (fmt::format("{}", *number) == value.text)
    wrong(value, what, expected);
  else
    context.report.error(value.at,
                         fmt::format("{} must be {}, not {} ({})", what, expected, *number, value.text));
  return std::nullopt;
}

namespace {

/// A quantity with its unit.
template <class Parse>
auto quantity(Values& values, const Yaml& value, std::string_view what, std::string_view expected,
              std::string_view unit, Parse parse) -> decltype(parse(std::string_view())) {
  if (!value.is_scalar()) {
    values.wrong(value, what, expected);
    return std::nullopt;
  }
  const auto text = values.text(value, what);
  if (!text) return std::nullopt;
  if (auto read = parse(text->value)) return read;
  const std::string better = right_spelling(text->value, unit, parse);
  values.wrong(value, what, expected, better.empty() ? std::string() : fmt::format("write {}", better));
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::nanoseconds> Values::duration(const Yaml& value, std::string_view what) {
  return quantity(*this, value, what, "a time with its unit (ns, us, ms, s, m, h)", "ms", parse_duration);
}

std::optional<double> Values::percent(const Yaml& value, std::string_view what) {
  return quantity(*this, value, what, "a share from 0% to 100%", "%", parse_percent);
}

std::optional<std::uint64_t> Values::rate(const Yaml& value, std::string_view what) {
  const auto read =
      quantity(*this, value, what, "a rate with its unit (bit, kbit, mbit, gbit, tbit)", "mbit", parse_rate);
  if (!read || *read != 0) return read;
  wrong(value, what, "a rate above 0");
  return std::nullopt;
}

std::optional<std::uint64_t> Values::bytes(const Yaml& value, std::string_view what) {
  return quantity(*this, value, what, "a number of bytes (512MiB, 2GiB)", "", parse_bytes);
}

std::optional<std::uint32_t> Values::mtu(const Yaml& value) {
  const auto read = integer(value, "'mtu'", 68, 65535);
  return read ? std::optional(static_cast<std::uint32_t>(*read)) : std::nullopt;
}

std::optional<Prefix> Values::prefix(const Yaml& value, std::string_view what) {
  const auto written = text(value, what);
  if (!written) return std::nullopt;
  if (const auto read = Prefix::parse(written->value)) return read;
  std::string help = "10.0.0.0/24 or fd00::/64";
  if (const auto address = InterfaceAddress::parse(written->value)) {
    help = fmt::format("the prefix of that address is {}", address->prefix().text());
  } else if (const auto bare = IpAddress::parse(written->value)) {
    help = fmt::format("a prefix has a length: {}/{}", bare->text(), bare->family() == Family::V4 ? 24 : 64);
  } else if (written->value.find('{') != std::string_view::npos) {
    help = "braces take numbers and the letters i, j, k, l of a name with ranges";
  }
  context.report.error(written->at, fmt::format("{} must be a prefix, not '{}'", what, written->value),
                       std::move(help));
  return std::nullopt;
}

std::vector<Prefix> Values::prefixes(const Yaml& value, std::string_view what) {
  std::vector<Prefix> read;
  const auto take = [&](const Yaml& one) {
    const auto found = prefix(one, what);
    if (!found) return;
    const bool second = std::any_of(read.begin(), read.end(),
                                    [&](const Prefix& other) { return other.family() == found->family(); });
    if (!second) return read.push_back(*found);
    context.report.error(one.at,
                         fmt::format("a second {} prefix", found->family() == Family::V4 ? "IPv4" : "IPv6"),
                         "one of each family is allowed");
  };
  if (!value.is_list()) {
    take(value);
    return read;
  }
  for (const Yaml* one : value.children) take(*one);
  return read;
}

std::optional<Mac> Values::mac(const Yaml& value) {
  const auto written = text(value, "'mac'");
  if (!written) return std::nullopt;
  const auto read = Mac::parse(written->value);
  if (!read) {
    wrong(value, "'mac'", "six octets such as 02:00:00:00:00:01");
    return std::nullopt;
  }
  if (!read->multicast() && !read->zero()) return read;
  context.report.error(written->at, fmt::format("'{}' cannot be the address of an interface", written->value),
                       "the first octet must be even, and not all of them zero");
  return std::nullopt;
}

lab::Labels Values::labels(const Yaml& value) {
  lab::Labels read;
  each_entry(
      value, "'labels'",
      [&](const Text& name, const Yaml& one) {
        if (const auto word = text(one, "a label", Braces::Free)) read.emplace_back(name.value, word->value);
      },
      "labels: {site: Paris}");
  return read;
}

std::optional<std::size_t> Values::choice(const Yaml& value, std::string_view what,
                                          std::span<const Choice> choices) {
  const auto word = text(value, what);
  if (!word) return std::nullopt;
  const auto found = std::ranges::find(choices, word->value, &Choice::word);
  if (found != choices.end() && !found->reserved) return static_cast<std::size_t>(found - choices.begin());
  if (found != choices.end()) {
    context.report.error(word->at, fmt::format("'{}' is not yet supported", word->value),
                         std::string(reserved_help));
    return std::nullopt;
  }
  const auto words = offered(choices);
  std::string help = suggest(word->value, words);
  if (help.empty()) help = fmt::format("one of: {}", fmt::join(words, ", "));
  context.report.error(word->at, fmt::format("{} cannot be '{}'", what, word->value), std::move(help));
  return std::nullopt;
}

std::vector<Text> Values::texts(const Yaml& value, std::string_view what, Braces braces) {
  std::vector<Text> read;
  const auto take = [&](const Yaml& one) {
    if (const auto word = text(one, what, braces)) read.push_back(*word);
  };
  if (!value.is_list())
    take(value);
  else
    for (const Yaml* one : value.children) take(*one);
  return read;
}

bool Values::map(const Yaml& value, std::string_view what, std::string_view example) {
  if (value.is_map()) return true;
  if (!value.is_null()) wrong(value, what, "a map", std::string(example));
  return false;
}

bool Values::list(const Yaml& value, std::string_view what, std::string_view example) {
  if (value.is_list()) return true;
  if (!value.is_null()) wrong(value, what, "a list", std::string(example));
  return false;
}

Object::Found Values::known_key(const Yaml& key, const Object& object) {
  if (!context.step(key.at)) return {};
  const Object::Found found = object.find(key.text);
  if (found.key != nullptr && !found.key->reserved) return found;
  if (found.key != nullptr) {
    context.report.error(key.at, fmt::format("'{}' is not yet supported", key.text),
                         std::string(reserved_help));
    return {};
  }
  const auto words = object.words();
  std::string help = suggest(key.text, words);
  if (help.empty() && &object != &entry_object)
    help = fmt::format("{} has: {}", object.name, fmt::join(words, ", "));
  if (help.empty()) help = "an entry is 'a -- b', {ends: [a, b]}, or a shape such as 'chain: r[1..5]'";
  context.report.error(key.at, fmt::format("unknown key '{}'", key.text), std::move(help));
  return {};
}

}  // namespace hopyard::language
