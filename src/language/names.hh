#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "language/range.hh"
#include "language/values.hh"

namespace hopyard::language {

/// Why a text cannot be such a name, as the help of a diagnostic; nothing when it can.
[[nodiscard]] std::optional<std::string> bad_node_name(std::string_view name);
[[nodiscard]] std::optional<std::string> bad_interface_name(std::string_view name);
[[nodiscard]] std::optional<std::string> bad_host_name(std::string_view name);
[[nodiscard]] std::optional<std::string> bad_domain_name(std::string_view name);
[[nodiscard]] std::optional<std::string> bad_lab_name(std::string_view name);

/// The lab name that follows from a file's path: "examples/office.yaml" is office, "office/lab.yaml" is
/// office.
[[nodiscard]] std::string name_of_file(std::string_view path);

/// @p length bytes of @p whole from @p begin on, with the place in the file where they stand if that can be
/// told.
[[nodiscard]] Text part(const Text& whole, std::size_t begin, std::size_t length);
/// @p text without blanks at either end.
[[nodiscard]] Text trimmed(const Text& text);

/// One name out of a text with ranges.
struct Member {
  Text name;
  Indices indices;
};

/// A text that stands for one name or, with ranges, for many.
class Names {
 public:
  /// Reports what is wrong with the ranges and then returns nothing.
  [[nodiscard]] static std::optional<Names> parse(Context& context, const Text& text);

  [[nodiscard]] std::size_t count() const { return pattern_.count(); }
  [[nodiscard]] bool ranged() const { return pattern_.ranged(); }
  [[nodiscard]] const Pattern& pattern() const { return pattern_; }
  [[nodiscard]] const Text& text() const { return text_; }
  /// Name @p index. Its numbers come after those of @p before, which its braces may use as well.
  [[nodiscard]] std::optional<Member> member(Context& context, std::size_t index,
                                             const Indices& before = {}) const;

 private:
  Text text_;
  Pattern pattern_;
};

}  // namespace hopyard::language
