#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "language/given.hh"
#include "language/lookup.hh"
#include "language/target.hh"

namespace hopyard::language {
namespace {

/// Looks up what one node says of names.
class Naming {
 public:
  Naming(Draft& draft, std::uint32_t node)
      : draft_(draft), report_(draft.context.report), node_(node), said_(draft.nodes[node]) {}

  void serve(InterfaceLookup& lookup) {
    lab::DnsServer& server = here().dns;
    server.runs = said_.dns.runs;
    server.at = said_.dns.at;
    server.daemon = said_.dns.daemon;
    server.domain = said_.dns.domain;
    if (!said_.dns.serve) return;
    server.everywhere = false;
    for (const Text& name : *said_.dns.serve)
      if (const auto index = lookup.find(node_, name); index && !server.serves(*index))
        server.interfaces.push_back(*index);
  }

  void records() {
    gather();
    for (const DnsRecordDraft& one : said_.dns.records) {
      lab::DnsRecord record{std::string(one.name.value), one.addresses, {}, one.name.at};
      if (one.alias_of) {
        if (!known(one)) continue;
        record.alias_of = one.alias_of->value;
      }
      here().dns.records.push_back(std::move(record));
    }
  }

  void forward() {
    for (const Text& one : said_.dns.forward) {
      std::vector<IpAddress> servers = servers_of(one);
      if (std::ranges::any_of(servers, [&](const IpAddress& address) { return is_own(address); })) {
        report_.error(one.at, fmt::format("'{}' is to forward questions to itself", here().name));
        continue;
      }
      for (const IpAddress& address : servers) here().dns.forward.push_back(address);
    }
  }

  void resolver() {
    if (!said_.name_servers) return;
    lab::Resolver& resolver = here().resolver;
    resolver.given = true;
    // The first address of each comes before the second of any: there is room for three.
    std::vector<IpAddress> later;
    for (const Text& one : *said_.name_servers) {
      const std::vector<IpAddress> servers = servers_of(one);
      for (std::size_t i = 0; i < servers.size(); ++i) add(i == 0 ? resolver.servers : later, servers[i]);
      const auto node = draft_.node_index.find(one.value);
      if (node == draft_.node_index.end()) continue;
      if (const std::string& domain = draft_.nodes[node->second].dns.domain; !domain.empty())
        add(resolver.domains, domain);
    }
    for (const IpAddress& one : later)
      if (resolver.servers.size() < lab::most_name_servers) add(resolver.servers, one);
  }

 private:
  lab::Node& here() { return draft_.lab.nodes[node_]; }

  template <class T>
  static void add(std::vector<T>& list, const T& one) {
    if (std::ranges::find(list, one) == list.end()) list.push_back(one);
  }

  [[nodiscard]] bool serves(std::uint32_t node, std::uint32_t interface) const {
    const lab::DnsServer& server = draft_.lab.nodes[node].dns;
    return !server.runs || server.serves(interface);
  }

  [[nodiscard]] bool is_own(const IpAddress& address) {
    const auto same = [&](const InterfaceAddress& one) { return one.address == address; };
    const bool on_itself =
        address.family() == Family::V4 ? address.data()[0] == 127 : address == *IpAddress::parse("::1");
    return on_itself || std::ranges::any_of(here().loopback, same) ||
           std::ranges::any_of(here().interfaces, [&](const lab::Interface& one) {
             return std::ranges::any_of(one.addresses, same);
           });
  }

  /// Whether the node can speak a family: what it gets by asking is only known later.
  [[nodiscard]] bool speaks(Family family) {
    const auto fits = [&](const InterfaceAddress& one) {
      return one.address.family() == family && !link_local(one.address);
    };
    return std::ranges::any_of(here().interfaces, [&](const lab::Interface& one) {
      return one.dhcp || (one.automatic && family == Family::V6) || std::ranges::any_of(one.addresses, fits);
    });
  }

  /// The addresses at which a server is asked, of the families that this node speaks.
  std::vector<IpAddress> servers_of(const Text& name) {
    if (const auto address = IpAddress::parse(name.value)) {
      if (!unfit(*address)) return {*address};
      report_.error(name.at, fmt::format("'{}' cannot be the address of a server", name.value));
      return {};
    }
    const auto node = find_node(draft_, name);
    if (!node) return {};
    if (*node == node_) return {IpAddress::v4(0x7F000001)};
    std::vector<IpAddress> all =
        addresses_from(draft_, node_, *node, [&](std::uint32_t one) { return serves(*node, one); });
    if (all.empty())
      report_.error(name.at, fmt::format("'{}' has no address that it can be asked at", name.value),
                    "one that is written in the file, or given by the lab");
    const auto foreign = [&](const IpAddress& one) { return !speaks(one.family()); };
    if (!std::ranges::all_of(all, foreign)) std::erase_if(all, foreign);
    return all;
  }

  [[nodiscard]] std::string canonical(std::string_view name) const {
    return lab::canonical_name(name, domain_);
  }

  /// What the server knows, by the name as it is written and as DNS compares it.
  void gather() {
    const auto stands = [](const DnsRecordDraft& one) { return one.alias_of.has_value(); };
    if (std::ranges::none_of(said_.dns.records, stands)) return;
    domain_ = lab::domain_of(here());
    for (const lab::Node& one : draft_.lab.nodes) {
      written_.insert(one.name);
      addressed_.try_emplace(canonical(one.name), "a node");
      addressed_.try_emplace(canonical(one.machine.hostname), "the host name of a node");
    }
    for (const DnsRecordDraft& one : said_.dns.records) {
      written_.insert(one.name.value);
      if (one.alias_of)
        aliases_.try_emplace(canonical(one.name.value), &one);
      else
        addressed_.try_emplace(canonical(one.name.value), "another record");
    }
  }

  /// A name stands for one that the server itself knows: dnsmasq follows no other, and does not start where
  /// one stands for two (dnsmasq(8), --cname).
  bool known(const DnsRecordDraft& alias) {
    const std::string name = canonical(alias.name.value);
    const std::string_view target = alias.alias_of->value;
    if (const auto other = addressed_.find(name); other != addressed_.end())
      report_.error(alias.name.at,
                    fmt::format("'{}' is {}, and has addresses", alias.name.value, other->second),
                    "another name for what stands for something else");
    else if (const DnsRecordDraft* first = aliases_.find(name)->second; first != &alias)
      report_.error(alias.name.at, fmt::format("the record '{}' is given twice", alias.name.value),
                    fmt::format("'{}' is the same name", first->name.value));
    else if (goes_round(name, target))
      report_.error(alias.alias_of->at, fmt::format("'{}' stands for itself in the end", alias.name.value));
    else if (!is_written(target))
      report_.error(alias.alias_of->at,
                    fmt::format("'{}' is neither a node nor another record of the server", target),
                    suggest(target, others(alias)));
    else
      return true;
    return false;
  }

  [[nodiscard]] std::vector<std::string_view> others(const DnsRecordDraft& alias) const {
    std::vector<std::string_view> names;
    names.reserve(draft_.lab.nodes.size() + said_.dns.records.size());
    for (const lab::Node& one : draft_.lab.nodes) names.push_back(one.name);
    for (const DnsRecordDraft& one : said_.dns.records)
      if (&one != &alias) names.push_back(one.name.value);
    return names;
  }

  /// Plain names are known below the domain as well.
  [[nodiscard]] bool is_written(std::string_view name) const {
    if (written_.contains(name)) return true;
    if (domain_.empty() || !name.ends_with(domain_)) return false;
    name.remove_suffix(domain_.size());
    if (!name.ends_with('.')) return false;
    name.remove_suffix(1);
    return name.find('.') == std::string_view::npos && written_.contains(name);
  }

  [[nodiscard]] bool goes_round(const std::string& name, std::string_view target) const {
    for (std::size_t steps = 0; steps <= aliases_.size(); ++steps) {
      const std::string next = canonical(target);
      if (next == name) return true;
      const auto alias = aliases_.find(next);
      if (alias == aliases_.end()) return false;
      target = alias->second->alias_of->value;
    }
    return true;
  }

  Draft& draft_;
  Report& report_;
  std::uint32_t node_;
  NodeDraft& said_;
  std::string_view domain_;
  std::unordered_set<std::string_view> written_;
  std::unordered_map<std::string, std::string_view> addressed_;  ///< what they are
  std::unordered_map<std::string, const DnsRecordDraft*> aliases_;
};

}  // namespace

void resolve_names(Draft& draft) {
  const auto each = [&](auto act) {
    for (std::uint32_t node = 0; node < draft.lab.nodes.size(); ++node)
      if (!lab::is_layer_two(draft.lab.nodes[node].kind)) act(node);
  };
  InterfaceLookup lookup(draft);
  // Where a server answers has to be known before others look for its addresses.
  each([&](std::uint32_t node) {
    if (draft.nodes[node].dns.runs) Naming(draft, node).serve(lookup);
  });
  each([&](std::uint32_t node) {
    Naming one(draft, node);
    if (draft.nodes[node].dns.runs) {
      one.records();
      one.forward();
    }
    one.resolver();
  });
}

}  // namespace hopyard::language
