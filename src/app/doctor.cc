#include "app/doctor.hh"

#include <algorithm>
#include <charconv>

#include "app/files.hh"

namespace hopyard::app {

std::string_view health_word(Health health) {
  switch (health) {
    case Health::Good:
      return "good";
    case Health::Note:
      return "note";
    case Health::Tight:
      return "tight";
    case Health::Missing:
      return "missing";
  }
  return "good";
}

std::size_t Doctor::count(Health health) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(findings, [health](const Finding& one) { return one.health == health; }));
}

bool Doctor::can_make_labs() const {
  return std::ranges::none_of(
      findings, [](const Finding& one) { return one.essential && one.health == Health::Missing; });
}

Doctor doctor(std::uint64_t nodes) {
  Doctor doctor{nodes, {}};
  examine_kernel(doctor);
  examine_limits(doctor);
  examine_rights(doctor);
  examine_tools(doctor);
  return doctor;
}

std::optional<std::uint64_t> number_in(const std::string& path) {
  const auto text = read_file(path);
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end == text->data()) return std::nullopt;
  return value;
}

}  // namespace hopyard::app
