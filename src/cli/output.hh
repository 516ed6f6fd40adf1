#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.hh"
#include "base/error.hh"
#include "view/writer.hh"

namespace hopyard::cli {

/// Where a verb's words go: stdout for what was asked, stderr for what went wrong.
class Output {
 public:
  /// Looks once at what stdout and stderr are, and at NO_COLOR and TERM.
  Output();

  bool json = false;  ///< --json was given

  /// Writes @p record as text or JSON to stdout.
  void print(const view::Record& record);
  /// Writes @p text to stdout as it is.
  void raw(std::string_view text);
  /// Writes @p text to stderr as it is.
  void aside(std::string_view text);
  /// Says "hopyard: …" on stderr, and on stdout {"error": …} when JSON was asked for. @return status::failed.
  int fail(const Error& error);
  /// The same for a wrong use of the command line. @return status::mistaken.
  int mistaken(const Error& error, std::string_view verb);
  /// Shows warnings and mistakes of a lab file: on stderr, or as JSON on stdout when they are all there is to
  /// say.
  void warn(const Diagnostics& diagnostics, const SourceMap& sources);
  int refuse(const Diagnostics& diagnostics, const SourceMap& sources);

  [[nodiscard]] bool terminal_in() const { return terminal_in_; }
  [[nodiscard]] bool terminal_out() const { return terminal_out_; }
  [[nodiscard]] bool terminal_err() const { return terminal_err_; }
  [[nodiscard]] bool colour_out() const { return terminal_out_ && colours_; }
  [[nodiscard]] bool colour_err() const { return terminal_err_ && colours_; }
  /// Columns of the terminal behind stderr, 80 if it does not say.
  [[nodiscard]] unsigned columns_err() const;
  /// False once something could not be written to stdout; why is then in write_error().
  [[nodiscard]] bool good() const { return write_error_ == 0; }
  [[nodiscard]] int write_error() const { return write_error_; }

 private:
  bool terminal_in_;
  bool terminal_out_;
  bool terminal_err_;
  bool colours_;
  int write_error_ = 0;
};

}  // namespace hopyard::cli
