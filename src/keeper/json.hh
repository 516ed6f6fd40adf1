#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"
#include "net/impairment.hh"

/// JSON between keeper and client. Reading trusts nothing: a member that is missing or of another type reads
/// as its default.
namespace hopyard::keeper {

using Json = nlohmann::json;

/// Nothing thrown: text that is no JSON object is an error.
[[nodiscard]] Result<Json> parse_object(std::string_view text);
/// The text; bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string text_of(const Json& value);

[[nodiscard]] std::string text(const Json& object, const char* member);
[[nodiscard]] std::vector<std::string> texts(const Json& object, const char* member);
[[nodiscard]] std::uint64_t number(const Json& object, const char* member);
[[nodiscard]] double fraction(const Json& object, const char* member);
[[nodiscard]] bool truth(const Json& object, const char* member);
/// The member if it is an array, else an empty one.
[[nodiscard]] const Json& list(const Json& object, const char* member);
/// The member if it is an object, else an empty one.
[[nodiscard]] const Json& part(const Json& object, const char* member);

[[nodiscard]] Json to_json(const Error& error);
[[nodiscard]] Error error_from(const Json& object);
/// Durations in nanoseconds; what is not set is not there.
[[nodiscard]] Json to_json(const net::Impairment& impairment);
[[nodiscard]] net::Impairment impairment_from(const Json& object);

}  // namespace hopyard::keeper
