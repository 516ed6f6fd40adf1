#include "app/locate.hh"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/suggest.hh"

namespace hopyard::app {
namespace {

Error not_running(const std::string& name, const std::vector<std::string>& live) {
  const std::vector<std::string_view> candidates(live.begin(), live.end());
  std::string remedy = did_you_mean(name, candidates);
  if (remedy.empty() && live.empty()) remedy = "no lab is; start one with: hopyard up FILE";
  if (remedy.empty()) remedy = fmt::format("running: {}", fmt::join(live, ", "));
  return {fmt::format("no lab {} is running", name), {}, 0, {}, std::move(remedy)};
}

}  // namespace

Result<std::string> locate_lab(const keeper::Registry& registry, const std::string& given) {
  if (given.empty()) return registry.only_lab();
  HOPYARD_TAKE(live, registry.labs());
  if (!std::ranges::binary_search(live, given)) return std::unexpected(not_running(given, live));
  return given;
}

Result<keeper::Client> connect(const keeper::Registry& registry, const std::string& given) {
  std::string lab = given;
  if (lab.empty()) {
    HOPYARD_TAKE(only, registry.only_lab());
    lab = std::move(only);
  }
  // Straight to the keeper: only when it is not there does it pay to look which labs are.
  auto client = keeper::Client::connect(registry, lab);
  if (client || given.empty()) return client;
  const auto located = locate_lab(registry, given);
  return located ? std::move(client) : std::unexpected(located.error());
}

Result<std::string> agreed_lab(const std::string& option, const std::string& prefix) {
  if (!option.empty() && !prefix.empty() && option != prefix)
    return refusal("read the command line", fmt::format("is lab {} meant, or lab {}?", option, prefix));
  return option.empty() ? prefix : option;
}

}  // namespace hopyard::app
