#include "base/diagnostic.hh"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace hopyard {
namespace {

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

/// A line of a source, or words that quote it, made safe for a terminal: tabs are one column, other control
/// characters a question mark.
std::string printable(std::string_view line) {
  std::string safe(line);
  for (char& byte : safe) {
    const auto value = static_cast<unsigned char>(byte);
    if (byte == '\t')
      byte = ' ';
    else if (value < 0x20 || value == 0x7F)
      byte = '?';
  }
  return safe;
}

}  // namespace

void Diagnostics::error(Span at, std::string message, std::string help) {
  ++errors_;
  all_.push_back({Severity::Error, at, std::move(message), std::move(help)});
}

void Diagnostics::warning(Span at, std::string message, std::string help) {
  all_.push_back({Severity::Warning, at, std::move(message), std::move(help)});
}

void Diagnostics::sort() {
  const auto key = [](const Diagnostic& one) { return std::tuple(one.at.file, one.at.begin, one.severity); };
  std::stable_sort(all_.begin(), all_.end(),
                   [&](const auto& left, const auto& right) { return key(left) < key(right); });
  const auto same = [](const Diagnostic& left, const Diagnostic& right) {
    return left.at == right.at && left.message == right.message;
  };
  all_.erase(std::unique(all_.begin(), all_.end(), same), all_.end());
}

std::string render(const Diagnostic& diagnostic, const SourceMap& sources, bool colour) {
  const bool is_error = diagnostic.severity == Severity::Error;
  const std::string_view paint = !colour ? "" : is_error ? "\033[1;31m" : "\033[1;33m";
  const std::string_view plain = colour ? "\033[0m" : "";
  const std::string_view word = is_error ? "error" : "warning";
  std::string text;
  if (!diagnostic.at.known()) {
    text = fmt::format("{}{}:{} {}\n", paint, word, plain, printable(diagnostic.message));
    if (!diagnostic.help.empty()) text += fmt::format("  help: {}\n", printable(diagnostic.help));
    return text;
  }
  const auto [file, begin, end] = diagnostic.at;
  const Position place = sources.position(file, begin);
  const std::string_view line = sources.line(file, begin);
  text = fmt::format("{}: {}{}:{} {}\n", sources.where(diagnostic.at), paint, word, plain,
                     printable(diagnostic.message));
  text += fmt::format("{:>5} | {}\n", place.line, printable(line));
  const std::string_view marked = sources.text(file).substr(begin, std::max(end, begin + 1) - begin);
  const std::size_t width = std::max<std::size_t>(1, code_points(marked.substr(0, marked.find('\n'))));
  text += fmt::format("      | {:{}}{}^{:~<{}}{}\n", "", place.column - 1, paint, "", width - 1, plain);
  if (!diagnostic.help.empty()) text += fmt::format("      = help: {}\n", printable(diagnostic.help));
  return text;
}

}  // namespace hopyard
