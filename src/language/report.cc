#include "language/report.hh"

#include <utility>

namespace hopyard::language {

bool Report::first_about(Span at) {
  if (!at.known()) return true;
  const auto place =
      (static_cast<std::uint64_t>(at.file) << 56U) ^ (static_cast<std::uint64_t>(at.begin) << 28U) ^ at.end;
  return places_.insert(place).second;
}

void Report::error(Span at, std::string message, std::string help) {
  ++errors_;
  if (first_about(at)) diagnostics_.error(at, std::move(message), std::move(help));
}

void Report::warning(Span at, std::string message, std::string help) {
  if (first_about(at)) diagnostics_.warning(at, std::move(message), std::move(help));
}

}  // namespace hopyard::language
