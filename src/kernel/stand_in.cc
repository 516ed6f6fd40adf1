#include "kernel/stand_in.hh"

#include <fmt/format.h>

#include <algorithm>

#include "kernel/observed.hh"

namespace hopyard::kernel {
namespace {

/// As sysctl(8) writes the name of a device.
std::string in_sysctls(std::string device) {
  std::ranges::replace(device, '.', '/');
  return device;
}

/// A namespace with pairs of which one end each has the name of a device of @p own that @p words speak of:
/// every kernel has those that labs run on. The other ends are here too.
net::Namespace stand_in(const net::Namespace& own, std::string_view words) {
  net::Namespace same;
  same.name = own.name;
  for (const net::Device& device : own.devices) {
    if (words.find(device.name) == std::string_view::npos &&
        words.find(in_sysctls(device.name)) == std::string_view::npos)
      continue;
    const auto place = static_cast<std::uint32_t>(same.devices.size());
    for (const bool near : {true, false}) {
      net::Device& end = same.devices.emplace_back();
      // No lab has names that begin so.
      end.name = near ? device.name : fmt::format("~{}", place);
      end.mtu = device.mtu;
      end.makes_pair = near;
      end.peer_namespace = 0;
      end.peer_device = near ? place + 1 : place;
    }
  }
  return same;
}

/// What two namespaces that are to share one must have in common.
std::string key_of(const net::Namespace& same, std::string_view words) {
  std::string key(words);
  for (const net::Device& device : same.devices) key += fmt::format("\n{} {}", device.name, device.mtu);
  return key;
}

Result<> add_devices(Namespace& ns, const net::Namespace& same) {
  for (std::uint32_t device = 0; device < same.devices.size(); device += 2)
    HOPYARD_TRY(ns.create_veth(same, device, ns, same, device + 1));
  return ns.commit();
}

Result<std::vector<RulesetTable>> make_tables(Kernel& kernel, const net::Namespace& own,
                                              const net::Namespace& same) {
  HOPYARD_TAKE(ns, kernel.create_namespace(same));
  ns->leave();
  HOPYARD_TRY(add_devices(*ns, same));
  for (const std::string& text : own.rulesets) HOPYARD_TRY(ns->load_ruleset(text));
  HOPYARD_TAKE(listing, ns->list_rulesets());
  return tables_of(listing);
}

Result<StandIns::Sysctls> write_sysctls(Kernel& kernel, const net::Namespace& own,
                                        const net::Namespace& same) {
  HOPYARD_TAKE(ns, kernel.create_namespace(same));
  HOPYARD_TRY(ns->commit());  // lo is up: it has overwritten what it does then
  std::vector<bool> written;
  written.reserve(own.sysctls.size());
  for (const net::Sysctl& sysctl : own.sysctls) written.push_back(ns->write_sysctl(sysctl).has_value());
  ns->leave();
  HOPYARD_TRY(add_devices(*ns, same));
  // Those of devices.
  for (std::size_t item = 0; item < written.size(); ++item)
    if (!written[item]) written[item] = ns->write_sysctl(own.sysctls[item]).has_value();
  HOPYARD_TAKE(values, read_sysctls(own, *ns));
  for (std::size_t item = 0; item < written.size(); ++item)
    if (!written[item]) values[item].reset();
  return values;
}

}  // namespace

Result<const std::vector<RulesetTable>*> StandIns::tables(Kernel& kernel, const net::Namespace& own) {
  std::string words;
  for (const std::string& text : own.rulesets) words += text + '\n';
  const net::Namespace same = stand_in(own, words);
  const std::string key = key_of(same, words);
  auto known = tables_.find(key);
  if (known == tables_.end()) {
    HOPYARD_TAKE(tables, make_tables(kernel, own, same));
    known = tables_.emplace(key, std::move(tables)).first;
  }
  return &known->second;
}

Result<const StandIns::Sysctls*> StandIns::sysctls(Kernel& kernel, const net::Namespace& own) {
  std::string words;
  for (const net::Sysctl& sysctl : own.sysctls) words += fmt::format("{}={}\n", sysctl.name, sysctl.value);
  const net::Namespace same = stand_in(own, words);
  const std::string key = key_of(same, words);
  auto known = sysctls_.find(key);
  if (known == sysctls_.end()) {
    HOPYARD_TAKE(values, write_sysctls(kernel, own, same));
    known = sysctls_.emplace(key, std::move(values)).first;
  }
  return &known->second;
}

}  // namespace hopyard::kernel
