#pragma once

#include <string>
#include <string_view>

#include "base/error.hh"
#include "sys/fd.hh"

namespace hopyard::app {

/// A file that is written at the end of something long: opened at its beginning, so that what is done is not
/// lost with an error of its name.
class OutFile {
 public:
  /// None.
  OutFile() = default;
  /// Makes the file, or empties the one that is there.
  [[nodiscard]] static Result<OutFile> create(const std::string& path);

  explicit operator bool() const { return file_.open(); }
  [[nodiscard]] Result<> write(std::string_view text) const;

 private:
  OutFile(sys::Fd file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  sys::Fd file_;
  std::string path_;
};

}  // namespace hopyard::app
