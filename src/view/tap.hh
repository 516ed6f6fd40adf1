#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hopyard::view {

/// A check that was made, as test tools hear of it.
struct Tested {
  std::string name;
  std::string where;
  bool held = false;
  std::string why;
  double seconds = 0;
  std::string skipped = {};  ///< why it was not made; empty when it was
};

/// The lines of the Test Anything Protocol, version 14 (testanything.org): the version and the plan; one test
/// point, @p number counting from 1, with what went wrong as YAML; the end of a run that was broken off.
[[nodiscard]] std::string tap_plan(std::size_t count);
[[nodiscard]] std::string tap_point(std::size_t number, const Tested& one);
[[nodiscard]] std::string tap_bail_out(std::string_view reason);

/// The tests as JUnit's XML, which most tools for continuous integration read.
[[nodiscard]] std::string junit(std::string_view suite, std::span<const Tested> tests, double seconds);

}  // namespace hopyard::view
