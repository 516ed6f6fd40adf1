#include "app/doctor.hh"

#include <algorithm>
#include <array>
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
  examine_limits(doctor);
  examine_tools(doctor);
  examine_rights(
      doctor);  // from there on the process may make labs, and is in a user namespace for it if it has to be
  examine_kernel(doctor);
  const auto place = [](const Finding& one) {
    static constexpr std::array<std::string_view, 4> sections{"kernel", "limits", "rights", "tools"};
    return std::ranges::find(sections, one.section) - sections.begin();
  };
  std::ranges::stable_sort(doctor.findings, {}, place);
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
