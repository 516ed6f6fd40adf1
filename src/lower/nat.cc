#include "lower/nat.hh"

#include <fmt/format.h>

namespace hopyard::lower {

std::string nat_ruleset(const std::vector<std::string>& interfaces) {
  std::string text =
      "table inet hopyard_nat {\n"
      "  chain postrouting {\n"
      "    type nat hook postrouting priority srcnat; policy accept;\n";
  for (const std::string& name : interfaces) text += fmt::format("    oifname \"{}\" masquerade\n", name);
  return text + "  }\n}\n";
}

}  // namespace hopyard::lower
