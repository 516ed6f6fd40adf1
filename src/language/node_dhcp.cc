#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "language/kinds.hh"

namespace hopyard::language {
namespace {

using Name = lab::DhcpOption::Name;

constexpr std::string_view example = "dhcp: {serve: lan, range: .100-.199}";

/// An option by its number, 1 to 254 (RFC 2132).
std::optional<std::uint8_t> option_number(std::string_view word) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size() || number < 1 || number > 254)
    return std::nullopt;
  return static_cast<std::uint8_t>(number);
}

bool is_text(const Text& text, Report& report) {
  // It is a line of the server's configuration.
  const bool good = !text.value.empty() && std::ranges::none_of(text.value, [](char byte) {
    return static_cast<unsigned char>(byte) < ' ' || byte == '"' || byte == '\\';
  });
  if (!good) report.error(text.at, "an option has no line ends, quotes and backslashes, and is not empty");
  return good;
}

/// Whether @p text can be a value of the option.
bool is_value(Values& values, Name name, const Text& text) {
  Report& report = values.context.report;
  const auto address = IpAddress::parse(text.value);
  switch (name) {
    case Name::Router:
      if (address && address->family() == Family::V4) return true;
      report.error(text.at, fmt::format("'router' must be an IPv4 address, not '{}'", text.value),
                   "IPv6 hosts learn theirs from its advertisements");
      return false;
    case Name::Dns:
    case Name::Ntp:
      if (address) return true;
      report.error(text.at, fmt::format("'{}' must be an address, not '{}'",
                                        name == Name::Dns ? "dns" : "ntp", text.value));
      return false;
    case Name::Domain:
      if (const auto reason = bad_host_name(text.value)) {
        report.error(text.at, fmt::format("'{}' cannot be a domain", text.value), *reason);
        return false;
      }
      return true;
    default:
      return is_text(text, report);
  }
}

void read_option(Values& values, Name name, std::uint8_t number, std::string_view word, const Yaml& value,
                 std::vector<lab::DhcpOption>& into) {
  lab::DhcpOption option{name, number, {}, value.at};
  const bool none = value.is_null() || (value.is_list() && value.children.empty());
  if (name == Name::Mtu && !none) {
    if (const auto mtu = values.mtu(value)) option.values.push_back(fmt::format("{}", *mtu));
  } else if (!none) {
    for (const Text& one : values.texts(value, fmt::format("'{}'", word)))
      if (is_value(values, name, one)) option.values.emplace_back(one.value);
  }
  std::erase_if(into, [&](const lab::DhcpOption& one) { return one.name == name && one.number == number; });
  into.push_back(std::move(option));
}

void read_options(Values& values, const Yaml& value, std::vector<lab::DhcpOption>& into) {
  if (!values.map(value, dhcp_options_object.name, "options: {dns: 8.8.8.8}")) return;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Yaml& key = value.key(i);
    if (const auto number = option_number(key.text)) {
      read_option(values, Name::Number, *number, key.text, value.value(i), into);
      continue;
    }
    const auto found = values.known_key(key, dhcp_options_object);
    if (found.key == nullptr) continue;
    read_option(values, static_cast<Name>(found.key->id), 0, key.text, value.value(i), into);
  }
}

void read_key(Values& values, DhcpKey key, const Yaml& value, DhcpDraft& into) {
  switch (key) {
    case DhcpKey::Serve:
      into.serve = values.texts(value, "'serve'");
      return;
    case DhcpKey::Range:
      into.ranges = values.texts(value, "'range'");
      return;
    case DhcpKey::Options:
      return read_options(values, value, into.options);
    case DhcpKey::Hosts:
      return read_addresses(values, value, into.hosts, "'hosts' of 'dhcp'", "hosts: {printer: .20}");
  }
}

}  // namespace

void read_dhcp(Values& values, const Yaml& value, DhcpDraft& into) {
  if (value.is_scalar() && (value.text == "true" || value.text == "false")) {
    into = {};
    into.at = value.at;
    if (value.text == "true") into.role = DhcpDraft::Role::Client;
    return;
  }
  if (value.is_map()) {
    if (into.role != DhcpDraft::Role::Server) into = {};
    into.role = DhcpDraft::Role::Server;
    into.at = value.at;
    return values.each_key(value, dhcp_object, [&](const Object::Found& found, const Yaml& one) {
      read_key(values, as<DhcpKey>(found), one, into);
    });
  }
  values.wrong(value, "'dhcp'", "true, or a map of what it hands out", std::string(example));
}

}  // namespace hopyard::language
