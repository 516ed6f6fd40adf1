#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "kernel/journal.hh"

/// The text of a journal, as it is read again. Whatever is in it is read; what makes no sense counts as
/// nothing.
namespace hopyard::kernel {

using Json = nlohmann::json;

/// A journal as it was read: the places, and the notes in their order.
struct Notes {
  std::map<std::uint32_t, Place> places;
  std::vector<Json> changes;
  std::map<std::string, unsigned> sought;  ///< how often an interface was looked for in vain, by its stamp
  bool strange = false;                    ///< there is one of a form that this version does not know
};
/// A line that was cut off in the middle is none: what it was about to announce was not done.
[[nodiscard]] Notes notes_in(std::string_view text);

/// A member of a note; "" or 0 when it is not there, or is something else.
[[nodiscard]] std::string text_in(const Json& note, const char* name);
template <class Number>
[[nodiscard]] Number number_in(const Json& note, const char* name) {
  const auto found = note.find(name);
  return found != note.end() && found->is_number_integer() ? found->template get<Number>() : Number{};
}
/// The bytes that two hexadecimal digits each stand for.
[[nodiscard]] std::vector<char> bytes_of(std::string_view hexadecimal);

}  // namespace hopyard::kernel
