#pragma once

#include <string>
#include <unordered_set>

#include "base/diagnostic.hh"

namespace hopyard::language {

/// Says each thing once: an entry with a range is read for every member, and a mistake in it is still one
/// mistake. The first error about a place is kept, further ones about the same place are dropped.
class Report {
 public:
  explicit Report(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void error(Span at, std::string message, std::string help = {});
  void warning(Span at, std::string message, std::string help = {});
  /// Errors that were reported, the dropped ones counted in: whether reading a part went well shows by a
  /// difference.
  [[nodiscard]] std::size_t errors() const { return errors_; }

 private:
  [[nodiscard]] bool first_about(Span at);
  Diagnostics& diagnostics_;
  std::unordered_set<std::uint64_t> places_;
  std::size_t errors_ = 0;
};

}  // namespace hopyard::language
