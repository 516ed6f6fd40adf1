#include "kernel/rulesets.hh"

#include <fmt/format.h>

#include <algorithm>

namespace hopyard::kernel {
namespace {

constexpr std::string_view beginning = "table ";

/// The same namespace with ends of pairs alone, which every kernel has that labs run on: rulesets may name
/// devices, which have to be there then. @param near false: for the namespace of the other ends.
net::Namespace stand_in(const net::Namespace& own, bool near) {
  net::Namespace same;
  same.name = own.name;
  for (const net::Device& device : own.devices) {
    net::Device& copy = same.devices.emplace_back();
    copy.name = device.name;
    copy.makes_pair = device.makes_pair == near;
  }
  return same;
}

}  // namespace

std::vector<RulesetTable> tables_of(std::string_view listing) {
  std::vector<RulesetTable> tables;
  while (!listing.empty()) {
    const std::size_t end = std::min(listing.find('\n'), listing.size() - 1) + 1;
    const std::string_view line = listing.substr(0, end);
    listing.remove_prefix(end);
    if (line.starts_with(beginning)) {
      const std::string_view rest = line.substr(beginning.size());
      tables.push_back({std::string(rest.substr(0, std::min(rest.find(" {"), rest.find('\n')))), {}});
    }
    // Between tables there are remarks about who manages them.
    if (!tables.empty() && !line.starts_with('#')) tables.back().text += line;
  }
  return tables;
}

Result<std::vector<RulesetTable>> wanted_tables(Kernel& kernel, const net::Namespace& own) {
  const net::Namespace same = stand_in(own, true);
  const net::Namespace others = stand_in(own, false);
  HOPYARD_TAKE(ns, kernel.create_namespace(same));
  ns->leave();
  HOPYARD_TAKE(far, kernel.create_namespace(others));
  far->leave();
  for (std::uint32_t device = 0; device < same.devices.size(); ++device)
    HOPYARD_TRY(ns->create_veth(same, device, *far, others, device));
  for (const std::string& text : own.rulesets) HOPYARD_TRY(ns->load_ruleset(text));
  HOPYARD_TAKE(listing, ns->list_rulesets());
  return tables_of(listing);
}

std::string replacement(const RulesetTable& table) {
  return fmt::format("table {}\ndelete table {}\n{}", table.name, table.name, table.text);
}

}  // namespace hopyard::kernel
