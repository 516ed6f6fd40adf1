#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ip.hh"
#include "base/mac.hh"
#include "lab/lab.hh"
#include "language/context.hh"
#include "language/expression.hh"
#include "language/keys.hh"

namespace hopyard::language {

/// A text where it was written; lives as long as the Context.
struct Text {
  std::string_view value;
  Span at;
};

/// What helps whoever wrote a word that has no meaning yet.
inline constexpr std::string_view reserved_help = "the word is reserved for a later version";

/// "did you mean 'X'?", or "" when nothing is near or there is too much to look through.
[[nodiscard]] std::string suggest(std::string_view word, std::span<const std::string_view> candidates);

/// What a value is, in a message that says what it should have been: "'abc'", "a list", "nothing".
[[nodiscard]] std::string shown(const Yaml& value);

/// Reads values as what they should be, for one member of a range. Each function reports what is wrong and
/// then returns nothing.
/// @p what names the value in messages: the key with its quotes.
class Values {
 public:
  Values(Context& the_context, const Indices& the_indices) : context(the_context), indices(the_indices) {}

  [[nodiscard]] std::optional<Text> text(const Yaml& value, std::string_view what,
                                         Braces braces = Braces::Structured);
  [[nodiscard]] std::optional<std::int64_t> integer(const Yaml& value, std::string_view what,
                                                    std::int64_t least, std::int64_t most);
  [[nodiscard]] std::optional<std::chrono::nanoseconds> duration(const Yaml& value, std::string_view what);
  [[nodiscard]] std::optional<double> percent(const Yaml& value, std::string_view what);
  [[nodiscard]] std::optional<std::uint64_t> rate(const Yaml& value, std::string_view what);
  [[nodiscard]] std::optional<std::uint64_t> bytes(const Yaml& value, std::string_view what);
  [[nodiscard]] std::optional<std::uint32_t> mtu(const Yaml& value);
  [[nodiscard]] std::optional<Prefix> prefix(const Yaml& value, std::string_view what);
  /// One prefix or a list, at most one of each family.
  [[nodiscard]] std::vector<Prefix> prefixes(const Yaml& value, std::string_view what);
  [[nodiscard]] std::optional<Mac> mac(const Yaml& value);
  [[nodiscard]] lab::Labels labels(const Yaml& value);
  /// The index of one of @p choices.
  [[nodiscard]] std::optional<std::size_t> choice(const Yaml& value, std::string_view what,
                                                  std::span<const Choice> choices);
  /// A text or a list of texts.
  [[nodiscard]] std::vector<Text> texts(const Yaml& value, std::string_view what,
                                        Braces braces = Braces::Structured);

  /// True if @p value is a map; null counts as an empty one.
  [[nodiscard]] bool map(const Yaml& value, std::string_view what, std::string_view example = {});
  [[nodiscard]] bool list(const Yaml& value, std::string_view what, std::string_view example = {});
  /// Calls @p use(text of the key, value) for each entry of a map whose keys are names.
  template <class Use>
  void each_entry(const Yaml& value, std::string_view what, Use use, std::string_view example = {},
                  Braces braces = Braces::Structured) {
    if (!map(value, what, example)) return;
    for (std::size_t i = 0; i < value.size(); ++i)
      if (const auto name = key(value.key(i), braces)) use(*name, value.value(i));
  }
  /// Calls @p use(found key, value) for each key of @p object that the map has; reports keys that it does not
  /// know.
  template <class Use>
  void each_key(const Yaml& value, const Object& object, Use use) {
    if (!map(value, object.name)) return;
    for (std::size_t i = 0; i < value.size(); ++i)
      if (const auto found = known_key(value.key(i), object); found.key != nullptr)
        use(found, value.value(i));
  }

  [[nodiscard]] std::optional<Text> key(const Yaml& key, Braces braces = Braces::Structured);
  [[nodiscard]] Object::Found known_key(const Yaml& key, const Object& object);
  void wrong(const Yaml& value, std::string_view what, std::string_view expected, std::string help = {});

  Context& context;
  Indices indices;
};

/// A key of an object as its own enumeration has it.
template <class Id>
[[nodiscard]] Id as(const Object::Found& found) {
  return static_cast<Id>(found.key->id);
}

}  // namespace hopyard::language
