#include "base/error.hh"

#include <fmt/format.h>

#include <cstring>

namespace hopyard {

std::string Error::text() const {
  std::string line = doing;
  if (!object.empty()) line += ' ' + object;
  if (code != 0) line += fmt::format(": {}", std::strerror(code));
  if (!detail.empty()) line += code != 0 ? fmt::format(" ({})", detail) : ": " + detail;
  if (!remedy.empty()) line += "\n  " + remedy;
  return line;
}

std::unexpected<Error> failure(std::string doing, std::string object, int code, std::string detail,
                               std::string remedy) {
  return std::unexpected(
      Error{std::move(doing), std::move(object), code, std::move(detail), std::move(remedy)});
}

std::unexpected<Error> refusal(std::string doing, std::string detail, std::string remedy) {
  return std::unexpected(Error{std::move(doing), {}, 0, std::move(detail), std::move(remedy)});
}

}  // namespace hopyard
