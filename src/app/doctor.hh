#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hopyard::app {

enum class Health : std::uint8_t {
  Good,
  Note,     ///< worth knowing, stops nothing
  Tight,    ///< will bite at the number of nodes that was asked about
  Missing,  ///< is not there; a lab that uses it is refused before anything is made
};
[[nodiscard]] std::string_view health_word(Health health);

/// One thing that a lab leans on.
struct Finding {
  std::string section;  ///< "kernel", "limits", "rights", "tools"
  std::string name;
  Health health = Health::Good;
  std::string value;       ///< what was found: "20000", "present"
  std::string means;       ///< what it means for a lab
  std::string remedy;      ///< what to do; empty when nothing is to be done
  bool essential = false;  ///< without it no lab can be made
};

struct Doctor {
  std::uint64_t nodes = 0;  ///< asked about; 0 for none
  std::vector<Finding> findings;
  [[nodiscard]] std::size_t count(Health health) const;
  /// Nothing that every lab needs is missing.
  [[nodiscard]] bool can_make_labs() const;
};

/// Looks at the kernel, the limits, the rights and the tools of this machine; changes nothing.
/// @param nodes how large a lab is meant; 0 for no number in particular.
[[nodiscard]] Doctor doctor(std::uint64_t nodes);

/// A number that the kernel keeps, and how much of it a lab takes.
struct Limit {
  const char* name;
  const char* path;  ///< of the file under /proc, or words for a limit that is not in a file
  std::uint64_t (*need)(std::uint64_t nodes);
  const char* means;
  const char* remedy;  ///< "{}" stands for the number needed
};

/// The finding for @p limit at @p value (nothing: it is not to be seen) when @p nodes are meant.
[[nodiscard]] Finding judge(const Limit& limit, std::optional<std::uint64_t> value, std::uint64_t nodes);

/// The parts that doctor() is made of, one section each.
void examine_kernel(Doctor& doctor);
void examine_limits(Doctor& doctor);
void examine_rights(Doctor& doctor);
void examine_tools(Doctor& doctor);

/// The number in a file of one number, as /proc has them; nothing when there is none.
[[nodiscard]] std::optional<std::uint64_t> number_in(const std::string& path);

}  // namespace hopyard::app
