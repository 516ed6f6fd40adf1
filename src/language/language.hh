#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hh"
#include "base/error.hh"
#include "base/source.hh"
#include "lab/check.hh"

namespace hopyard::language {

/// Gives the bytes of a file. The language itself makes no system call; the caller decides what it may see.
using Loader = std::function<Result<std::string>(const std::string& path)>;

struct Options {
  std::string path;  ///< of the lab file, as the person gave it; relative paths in the file are relative to
                     ///< its folder
  std::optional<std::string> name;  ///< instead of the name that the file gives
  std::vector<std::pair<std::string, std::string>>
      variables;  ///< --set NAME=value: before the environment, before the file's defaults
  std::function<std::optional<std::string>(const std::string& name)>
      environment;  ///< what ${NAME} finds outside the file; may be empty
};

/// What came of reading a lab file. The lab is whole only if !diagnostics.failed().
struct Reading {
  SourceMap sources;
  Diagnostics diagnostics;
  lab::Lab lab;
  std::vector<lab::Check> checks;  ///< in the order of the file
};

/// From the text of a lab file to a Lab that is expanded, numbered and checked. Reports every mistake, in
/// order of place.
[[nodiscard]] Reading read(const Options& options, const Loader& load);

}  // namespace hopyard::language
