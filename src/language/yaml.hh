#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "language/report.hh"
#include "language/tree.hh"

namespace hopyard::language {

/// What a lab's files may grow to, all together, so that no file takes the machine's memory: a value counts
/// each time an alias repeats it.
struct Budget {
  static constexpr std::size_t most_values = 2'000'000;
  static constexpr std::size_t deepest = 64;              ///< maps and lists in each other, aliases followed
  static constexpr std::size_t largest_file = 64U << 20;  ///< bytes
  std::size_t values = 0;                                 ///< read so far
};

/// Reads the one document of a YAML 1.1 file with libyaml. Aliases and merge keys (`<<`) are followed.
/// @param text of the file, by the number @p file in the sources; outlives nothing, what is needed is kept in
/// @p arena.
/// @return the root; nullptr when the file cannot be used, which has been reported then.
[[nodiscard]] Yaml* parse_yaml(std::uint32_t file, std::string_view text, Budget& budget, Arena& arena,
                               Report& report);

}  // namespace hopyard::language
