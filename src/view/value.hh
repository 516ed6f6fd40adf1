#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hopyard::view {

/// What a program reads of an output: the tree that JSON has (RFC 8259), members in the order they were put.
class Value {
 public:
  using List = std::vector<Value>;
  using Object = std::vector<std::pair<std::string, Value>>;

  Value() = default;  ///< null
  explicit Value(bool truth) : held_(truth) {}
  explicit Value(double number) : held_(number) {}
  explicit Value(std::int64_t number) : held_(number) {}
  explicit Value(std::uint64_t number) : held_(number) {}
  explicit Value(int number) : held_(std::int64_t{number}) {}
  explicit Value(unsigned number) : held_(std::uint64_t{number}) {}
  explicit Value(std::string text) : held_(std::move(text)) {}
  explicit Value(std::string_view text) : held_(std::string(text)) {}
  explicit Value(const char* text) : held_(std::string(text)) {}
  explicit Value(List list) : held_(std::move(list)) {}
  explicit Value(Object object) : held_(std::move(object)) {}

  using Held =
      std::variant<std::monostate, bool, double, std::int64_t, std::uint64_t, std::string, List, Object>;
  [[nodiscard]] const Held& held() const { return held_; }

 private:
  Held held_;
};

/// A list of texts.
[[nodiscard]] Value value_list(const std::vector<std::string>& texts);

/// JSON of two spaces an indent and a line break at the end. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_text(const Value& value);
/// The same on one line, as a line of JSON lines.
[[nodiscard]] std::string json_line(const Value& value);

}  // namespace hopyard::view
