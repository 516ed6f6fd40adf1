#include <fmt/format.h>

#include <vector>

#include "language/kinds.hh"
#include "net/rights.hh"

namespace hopyard::language {
namespace {

constexpr std::string_view whole_default = "default";
constexpr std::string_view whole_all = "all";

void unknown(Values& values, const Text& text, std::string_view name) {
  std::vector<std::string_view> words(net::capability_names.begin(), net::capability_names.end());
  words.insert(words.end(), {whole_default, whole_all});
  std::string help = suggest(name, words);
  if (help.empty()) help = "names are those of capabilities(7), such as net_admin; or default, or all";
  values.context.report.error(text.at, fmt::format("no capability is called '{}'", name), std::move(help));
}

}  // namespace

net::CapabilitySet read_capabilities(Values& values, const Yaml& value) {
  net::CapabilitySet set = 0;
  bool first = true;
  for (const Text& text : values.texts(value, "'capabilities'")) {
    std::string_view name = text.value;
    const bool taken_away = name.starts_with('-');
    if (taken_away) name.remove_prefix(1);
    if (taken_away && first) set = net::default_capabilities;
    first = false;
    const net::CapabilitySet meant = name == whole_default ? net::default_capabilities
                                     : name == whole_all   ? net::all_capabilities
                                                           : net::capability(name);
    if (meant == 0) unknown(values, text, name);
    set = taken_away ? set & ~meant : set | meant;
  }
  return set;
}

}  // namespace hopyard::language
