#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.hh"

namespace hopyard::app {

/// The bytes of a file of at most 64 MiB; larger ones, folders and devices without an end are refused.
[[nodiscard]] Result<std::string> read_file(const std::string& path);

/// What becomes of a file that is there already.
enum class Present : std::uint8_t {
  Replaced,
  Kept,  ///< and it is an error; a file that could not be written whole is removed again
};
/// Writes @p text to a file.
[[nodiscard]] Result<> write_file(const std::string& path, std::string_view text, Present present);

/// The lab file that @p path means: itself, or if it is a folder the lab.hop.yaml, the lab.yaml, or the only
/// *.hop.yaml or else *.yaml in it. The error lists what was found.
[[nodiscard]] Result<std::string> find_lab_file(const std::string& path);

}  // namespace hopyard::app
