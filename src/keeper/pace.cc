#include "keeper/pace.hh"

#include <charconv>

namespace hopyard::keeper::pace {

std::size_t room(std::size_t starting, std::size_t runnable, std::size_t processors) {
  const std::size_t always = 8 * processors;
  const std::size_t busy = 4 * processors;
  if (starting < always) return always - starting;
  return runnable < busy ? busy - runnable : 0;
}

std::size_t runnable_in(std::string_view loadavg) {
  // "0.20 0.18 0.12 1/80 11206": averages, then runnable and existing scheduling entities
  const std::size_t slash = loadavg.find('/');
  if (slash == std::string_view::npos) return 0;
  const std::string_view before = loadavg.substr(0, slash);
  const std::string_view number = before.substr(before.rfind(' ') + 1);
  std::size_t value = 0;
  std::from_chars(number.data(), number.data() + number.size(), value);
  return value;
}

}  // namespace hopyard::keeper::pace
