#include "cli/output.hh"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "cli/verb.hh"
#include "view/words.hh"

namespace hopyard::cli {
namespace {

/// no-color.org: any value but an empty one; and a terminal without escapes calls itself dumb.
bool wants_colours() {
  const char* refused = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return (refused == nullptr || *refused == '\0') && terminal != nullptr &&
         std::string_view(terminal) != "dumb";
}

unsigned columns_of(int descriptor) {
  winsize size{};
  return ::ioctl(descriptor, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0U;
}

/// @return 0 or the errno that stopped it.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

Output::Output()
    : terminal_in_(::isatty(STDIN_FILENO) != 0),
      terminal_out_(::isatty(STDOUT_FILENO) != 0),
      terminal_err_(::isatty(STDERR_FILENO) != 0),
      colours_(wants_colours()) {}

void Output::print(const view::Record& record) {
  raw(view::write(record, {json, colour_out(), terminal_out_ ? columns_of(STDOUT_FILENO) : 0}));
}

void Output::raw(std::string_view text) {
  if (write_error_ == 0) write_error_ = write_all(STDOUT_FILENO, text);
}

void Output::aside(std::string_view text) {
  static_cast<void>(write_all(STDERR_FILENO, text));
}

int Output::fail(const Error& error) {
  aside(fmt::format("{} {}\n", view::painted("hopyard:", view::Tone::Bad, colour_err()), error.text()));
  if (json) raw(view::json_text(view::Value(view::Value::Object{{"error", view::error_value(error)}})));
  return status::failed;
}

int Output::mistaken(const Error& error, std::string_view verb) {
  const std::string speaker = verb.empty() ? "hopyard:" : fmt::format("hopyard {}:", verb);
  aside(fmt::format("{} {}\n", view::painted(speaker, view::Tone::Bad, colour_err()), error.detail));
  if (!error.remedy.empty()) aside(fmt::format("  {}\n", error.remedy));
  aside(fmt::format("  'hopyard {}--help' says more\n", verb.empty() ? "" : fmt::format("{} ", verb)));
  if (json) raw(view::json_text(view::Value(view::Value::Object{{"error", view::error_value(error)}})));
  return status::mistaken;
}

void Output::warn(const Diagnostics& diagnostics, const SourceMap& sources) {
  aside(view::diagnostics_text(diagnostics, sources, colour_err()));
}

int Output::refuse(const Diagnostics& diagnostics, const SourceMap& sources) {
  if (!json)
    warn(diagnostics, sources);
  else
    raw(view::json_text(
        view::Value(view::Value::Object{{"diagnostics", view::diagnostics_value(diagnostics, sources)}})));
  return status::mistaken;
}

unsigned Output::columns_err() const {
  const unsigned columns = columns_of(STDERR_FILENO);
  return columns == 0 ? 80 : columns;
}

}  // namespace hopyard::cli
