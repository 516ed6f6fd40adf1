#pragma once

#include "language/keys.hh"

/// How the tables of the language are written.
namespace hopyard::language {

/// A key of an object, by the enumerator of the object's own enumeration.
template <class Id>
[[nodiscard]] constexpr Key key(Id id, std::string_view name, Type type, std::string_view doc) {
  return {name, type, doc, static_cast<std::uint8_t>(id), false};
}
/// A word that later versions give a meaning to.
[[nodiscard]] constexpr Key later(std::string_view name, std::string_view doc) {
  return {name, Type::Anything, doc, 0, true};
}

}  // namespace hopyard::language
