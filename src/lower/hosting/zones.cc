#include "lower/hosting/zones.hh"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>

#include "lower/scope.hh"

namespace hopyard::lower::hosting {
namespace {

/// What a name means.
struct Entry {
  std::vector<IpAddress> addresses;
  std::string alias_of;
};

/// The domain comes later, and only where the name still fits with it.
std::string small_letters(std::string_view name) {
  return lab::canonical_name(name, {});
}

bool fits(std::string_view name) {
  constexpr std::size_t longest = 253;
  constexpr std::size_t longest_label = 63;
  if (name.size() > longest) return false;
  for (;;) {
    const std::size_t dot = std::min(name.find('.'), name.size());
    if (dot == 0 || dot > longest_label) return false;
    if (dot == name.size()) return true;
    name.remove_prefix(dot + 1);
  }
}

/// All names that a server knows, in small letters: DNS does not tell them apart.
class Book {
 public:
  Book(const lab::Lab& lab, const lab::DnsServer& server) : domain_(small_letters(server.domain)) {
    add("localhost", *IpAddress::parse("127.0.0.1"));
    add("localhost", *IpAddress::parse("::1"));
    for (const lab::Node& node : lab.nodes) {
      for (const InterfaceAddress& one : node.loopback) add(node, one.address);
      for (const lab::Interface& interface : node.interfaces)
        for (const InterfaceAddress& one : interface.addresses) add(node, one.address);
    }
    for (const lab::DnsRecord& record : server.records) {
      for (const IpAddress& one : record.addresses) add(record.name, one);
      if (!record.alias_of.empty()) add_alias(record);
    }
  }

  [[nodiscard]] const std::map<std::string, Entry>& names() const { return names_; }
  [[nodiscard]] const std::map<IpAddress, std::string>& owners() const { return owners_; }
  [[nodiscard]] const std::string& domain() const { return domain_; }

  /// The addresses behind a name, whatever stands for what.
  [[nodiscard]] std::vector<IpAddress> behind(const Entry& entry) const {
    const Entry* one = &entry;
    for (std::size_t steps = 0; one->addresses.empty() && steps <= names_.size(); ++steps) {
      const auto next = names_.find(one->alias_of);
      if (next == names_.end()) break;
      one = &next->second;
    }
    return one->addresses;
  }

 private:
  void add(const lab::Node& node, const IpAddress& address) {
    if (!means_one_node(address)) return;
    add(node.name, address);
    const std::string& hostname = node.machine.hostname;
    if (!hostname.empty() && hostname != node.name) add(hostname, address);
  }
  void add(std::string_view name, const IpAddress& address) {
    if (!fits(name)) return;
    const std::string known = small_letters(name);
    put(known, address);
    const std::string below = in_domain(known) ? known + "." + domain_ : known;
    if (below != known) put(below, address);
    owners_.try_emplace(address, below);
  }
  void put(const std::string& name, const IpAddress& address) {
    auto& list = names_[name].addresses;
    if (std::ranges::find(list, address) == list.end()) list.push_back(address);
  }
  void add_alias(const lab::DnsRecord& record) {
    const std::string name = small_letters(record.name);
    const std::string target = small_letters(record.alias_of);
    if (!fits(name) || !fits(target)) return;
    names_[name].alias_of = target;
    if (in_domain(name))
      names_[name + "." + domain_].alias_of = in_domain(target) ? target + "." + domain_ : target;
  }
  /// Plain names are known below the domain as well, but for the one that every machine has for itself.
  /// One that would be too long there is known as it is.
  [[nodiscard]] bool in_domain(const std::string& name) const {
    return !domain_.empty() && name != "localhost" && name.find('.') == std::string::npos &&
           fits(name + "." + domain_);
  }

  std::string domain_;
  std::map<std::string, Entry> names_;
  std::map<IpAddress, std::string> owners_;  ///< of each address the first name
};

std::string absolute(std::string_view name) {
  return escaped(name) + ".";
}

std::string head(std::string_view zone) {
  const std::string top = zone.empty() ? "." : absolute(zone);
  return fmt::format(
      "$TTL 0\n{0} IN SOA localhost. hostmaster.localhost. 1 3600 600 86400 0\n{0} IN NS localhost.\n", top);
}

void put_addresses(std::string& out, std::string_view name, const std::vector<IpAddress>& addresses) {
  for (const IpAddress& one : addresses)
    out +=
        fmt::format("{} IN {} {}\n", absolute(name), one.family() == Family::V4 ? "A" : "AAAA", one.text());
}

bool is_below(std::string_view name, std::string_view zone) {
  if (zone.empty() || name == zone) return true;
  return name.size() > zone.size() && name.ends_with(zone) && name[name.size() - zone.size() - 1] == '.';
}

/// The zone of a name: the domain, or else the root or the name itself.
std::string zone_of(std::string_view name, const Book& book, bool forwards) {
  if (!book.domain().empty() && is_below(name, book.domain())) return book.domain();
  return forwards ? std::string(name) : std::string();
}

std::map<std::string, std::string> forward_zones(const Book& book, bool forwards) {
  std::map<std::string, std::string> zones;
  for (const auto& [name, entry] : book.names()) {
    const std::string zone = zone_of(name, book, forwards);
    std::string& text = zones.try_emplace(zone, head(zone)).first->second;
    // The top of a zone stands for no other name (RFC 1912, 2.4).
    if (entry.addresses.empty() && name != zone)
      text += fmt::format("{} IN CNAME {}\n", absolute(name), absolute(entry.alias_of));
    else
      put_addresses(text, name, book.behind(entry));
  }
  return zones;
}

/// The name under which an address is looked for, the last parts of it first (RFC 1035, 3.5; RFC 3596, 2.5).
std::string reverse_name(const IpAddress& address) {
  std::string name;
  const std::uint8_t* bytes = address.data();
  for (std::size_t i = address.size(); i-- > 0;)
    if (address.family() == Family::V4)
      fmt::format_to(std::back_inserter(name), "{}.", bytes[i]);
    else
      fmt::format_to(std::back_inserter(name), "{:x}.{:x}.", bytes[i] & 0xFU, bytes[i] >> 4U);
  return name + (address.family() == Family::V4 ? "in-addr.arpa" : "ip6.arpa");
}

/// One zone for each 256 addresses of IPv4, and for each /64 of IPv6.
std::string reverse_zone(const IpAddress& address) {
  std::string name = reverse_name(address);
  constexpr std::size_t nibbles_of_a_host = 16;
  return address.family() == Family::V4 ? name.substr(name.find('.') + 1)
                                        : name.substr(2 * nibbles_of_a_host);
}

std::map<std::string, std::string> reverse_zones(const Book& book) {
  std::map<std::string, std::string> zones;
  for (const auto& [address, name] : book.owners()) {
    const std::string zone = reverse_zone(address);
    std::string& text = zones.try_emplace(zone, head(zone)).first->second;
    text += fmt::format("{}. IN PTR {}\n", reverse_name(address), absolute(name));
  }
  return zones;
}

}  // namespace

std::string escaped(std::string_view name) {
  std::string out;
  for (const char byte : name) {
    const auto code = static_cast<unsigned char>(byte);
    if (std::isalnum(code) != 0 || byte == '-' || byte == '_' || byte == '.')
      out += byte;
    else
      fmt::format_to(std::back_inserter(out), "\\{:03}", code);
  }
  return out;
}

std::vector<Zone> zones_of(const lab::Lab& lab, const lab::DnsServer& server) {
  const Book book(lab, server);
  std::vector<Zone> all;
  for (auto& [name, text] : forward_zones(book, !server.forward.empty()))
    all.push_back({name, std::move(text)});
  for (auto& [name, text] : reverse_zones(book)) all.push_back({name, std::move(text)});
  return all;
}

}  // namespace hopyard::lower::hosting
