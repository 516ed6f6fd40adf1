#include "base/error.hh"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace hopyard {
namespace {

/// What helps against an errno whatever was being done; "" if that depends.
std::string usual_remedy(int code) {
  switch (code) {
    case EMFILE:
      return "raise the limit of open files: ulimit -n, or LimitNOFILE= of the systemd unit";
    case ENFILE:
      return "raise the machine's limit of open files: sysctl -w fs.file-max=NUMBER";
    case ENOMEM:
      return "the machine, or the control group that this runs in, needs more memory";
    default:
      return {};
  }
}

}  // namespace

std::string Error::text() const {
  std::string line = doing;
  if (!object.empty()) line += ' ' + object;
  if (code != 0) line += fmt::format(": {}", std::strerror(code));
  if (!detail.empty()) line += code != 0 ? fmt::format(" ({})", detail) : ": " + detail;
  if (!remedy.empty()) line += "\n  " + remedy;
  // Names come from files and arguments, and a terminal obeys what it is shown.
  for (char& byte : line)
    if ((static_cast<unsigned char>(byte) < 0x20 && byte != '\n') || byte == 0x7F) byte = '?';
  return line;
}

std::unexpected<Error> failure(std::string doing, std::string object, int code, std::string detail,
                               std::string remedy) {
  if (remedy.empty()) remedy = usual_remedy(code);
  return std::unexpected(
      Error{std::move(doing), std::move(object), code, std::move(detail), std::move(remedy)});
}

bool is_scarcity(int code) {
  return code == EMFILE || code == ENFILE || code == ENOMEM || code == ENOBUFS || code == ENOSPC;
}

std::unexpected<Error> refusal(std::string doing, std::string detail, std::string remedy) {
  return std::unexpected(Error{std::move(doing), {}, 0, std::move(detail), std::move(remedy)});
}

}  // namespace hopyard
