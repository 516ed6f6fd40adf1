// What other programs print, as any bytes at all. The first byte says which.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "app/daemon_refusals.hh"
#include "keeper/way_out_programs.hh"
#include "kernel/rulesets.hh"

namespace {

using namespace hopyard;

template <std::vector<app::Refusal> (*refusals)(std::string_view)>
void daemon(std::string_view text) {
  for (const app::Refusal& one : refusals(text))
    if (one.line == 0) std::abort();  // the place is looked for in the lab file
  (void)app::last_words(text);
}

/// pasta, slirp4netns
void way_out(std::string_view text) {
  if (keeper::reason_in(text).find('\n') != std::string::npos) std::abort();  // it becomes one line
}

/// nft
void listing(std::string_view text) {
  for (const kernel::RulesetTable& table : kernel::tables_of(text)) {
    if (table.name.find('\n') != std::string::npos) std::abort();
    (void)kernel::replacement(table, table);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr std::array<void (*)(std::string_view), 5> readers{
      daemon<app::refusals_of_bird>, daemon<app::refusals_of_frr>, daemon<app::refusals_of_radvd>, way_out,
      listing};
  if (size == 0) return 0;
  // A copy of the exact size, so that the sanitizer sees the first byte too many.
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  readers[data[0] % readers.size()](text);
  return 0;
}
