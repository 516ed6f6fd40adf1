#pragma once

#include <string>
#include <vector>

#include "base/source.hh"

namespace hopyard {

enum class Severity : std::uint8_t { Error, Warning };

/// One thing to say about a place in a lab file.
struct Diagnostic {
  Severity severity = Severity::Error;
  Span at;
  std::string message;  ///< what is wrong, lower case, no full stop
  std::string help;     ///< what to write instead; may be empty
};

/// Collects everything that is to be said, so that a person hears of all mistakes in one go.
class Diagnostics {
 public:
  void error(Span at, std::string message, std::string help = {});
  void warning(Span at, std::string message, std::string help = {});
  [[nodiscard]] bool failed() const { return errors_ != 0; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  /// By file, then place; what was said twice of one place stands once.
  void sort();

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
};

/// The diagnostic as a person reads it:
///
///     office.yaml:7:5: error: unknown key 'adresses'
///        7 |     adresses: {lan: .20}
///          |     ^~~~~~~~
///          = help: did you mean 'addresses'?
///
/// @param colour paints the severity and the caret with terminal escapes.
[[nodiscard]] std::string render(const Diagnostic& diagnostic, const SourceMap& sources, bool colour);

}  // namespace hopyard
