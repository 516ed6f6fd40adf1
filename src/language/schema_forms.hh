#pragma once

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "language/choices.hh"

/// Pieces that the schema is made of (JSON Schema, draft 2020-12).
namespace hopyard::language {

using Json = nlohmann::ordered_json;

/// What stands under $defs.
[[nodiscard]] inline Json ref(std::string_view name) {
  return {{"$ref", fmt::format("#/$defs/{}", name)}};
}
[[nodiscard]] inline Json map_of(Json value) {
  return {{"type", Json::array({"object", "null"})}, {"additionalProperties", std::move(value)}};
}
[[nodiscard]] inline Json list_of(Json value) {
  return {{"type", Json::array({"array", "null"})}, {"items", std::move(value)}};
}
[[nodiscard]] inline Json any_of(std::initializer_list<Json> forms) {
  return {{"anyOf", Json(forms)}};
}
[[nodiscard]] inline Json one_or_list(const Json& value) {
  return any_of({value, {{"type", "array"}, {"items", value}}});
}

/// A text in the given form, or one that variables and index arithmetic make.
[[nodiscard]] inline Json text_like(std::string_view pattern) {
  return any_of({{{"type", "string"}, {"pattern", fmt::format("^(?:{})$", pattern)}}, ref("computed")});
}

/// A whole number, or arithmetic that gives one.
[[nodiscard]] inline Json number_like(std::int64_t least, std::int64_t most) {
  return any_of({{{"type", "integer"}, {"minimum", least}, {"maximum", most}},
                 {{"type", "string"}, {"pattern", "^[0-9ijkl{(-]|\\$\\{"}}});
}

[[nodiscard]] inline Json words(std::span<const Choice> choices) {
  return any_of({{{"enum", offered(choices)}}, ref("computed")});
}

}  // namespace hopyard::language
