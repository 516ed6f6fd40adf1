#include <fmt/format.h>

#include <algorithm>

#include "language/kinds.hh"

namespace hopyard::language {
namespace {

constexpr std::string_view example = "dns: {records: {www: 10.0.0.80}}";

void read_addresses_of(Values& values, const Yaml& value, DnsRecordDraft& into) {
  for (const Text& text : values.texts(value, "an address")) {
    const auto address = IpAddress::parse(text.value);
    if (address)
      into.addresses.push_back(*address);
    else
      values.context.report.error(
          text.at, fmt::format("'{}' is not an address", text.value),
          fmt::format("10.0.0.80, fd00::80, or for the name of another: {{cname: {}}}",
                      bad_domain_name(text.value) ? "web" : text.value));
  }
}

void read_record(Values& values, const Text& name, const Yaml& value, std::vector<DnsRecordDraft>& into) {
  if (const auto reason = bad_domain_name(name.value))
    return values.context.report.error(name.at, fmt::format("'{}' cannot be a name in DNS", name.value),
                                       *reason);
  DnsRecordDraft draft{name, {}, std::nullopt};
  const std::size_t before = values.context.report.errors();
  if (value.is_map())
    values.each_key(value, dns_record_object, [&](const Object::Found&, const Yaml& one) {
      draft.alias_of = values.text(one, "'cname'");
    });
  else
    read_addresses_of(values, value, draft);
  if (values.context.report.errors() != before) return;
  if (draft.addresses.empty() && !draft.alias_of)
    return values.context.report.error(
        value.at, fmt::format("the record '{}' has neither an address nor a 'cname'", name.value),
        std::string(example));
  std::erase_if(into, [&](const DnsRecordDraft& one) { return one.name.value == name.value; });
  into.push_back(std::move(draft));
}

void read_key(Values& values, DnsKey key, const Yaml& value, DnsDraft& into) {
  switch (key) {
    case DnsKey::Serve:
      into.serve = values.texts(value, "'serve'");
      return;
    case DnsKey::Records:
      return values.each_entry(
          value, "'records' of 'dns'",
          [&](const Text& name, const Yaml& one) { read_record(values, name, one, into.records); },
          "records: {www: 10.0.0.80}");
    case DnsKey::Forward:
      into.forward = value.is_null() ? std::vector<Text>{} : values.texts(value, "'forward'");
      return;
    case DnsKey::Domain:
      if (const auto text = values.text(value, "'domain'")) {
        if (const auto reason = bad_domain_name(text->value))
          return values.context.report.error(text->at, fmt::format("'{}' cannot be a domain", text->value),
                                             *reason);
        into.domain = text->value;
      }
      return;
    case DnsKey::Daemon:
      if (const auto chosen = values.choice(value, "'daemon'", dns_daemon_words()))
        into.daemon = static_cast<lab::DnsServer::Daemon>(*chosen);
      return;
  }
}

}  // namespace

void read_dns(Values& values, const Yaml& value, DnsDraft& into) {
  if (value.is_scalar() && (value.text == "true" || value.text == "false")) {
    into = {};
    into.at = value.at;
    into.runs = value.text == "true";
    return;
  }
  if (!value.is_map())
    return values.wrong(value, "'dns'", "true, or a map of what it knows", std::string(example));
  into.runs = true;
  into.at = value.at;
  values.each_key(value, dns_object, [&](const Object::Found& found, const Yaml& one) {
    read_key(values, as<DnsKey>(found), one, into);
  });
}

void read_name_servers(Values& values, const Yaml& value, NodeDraft& into) {
  into.name_servers.emplace();
  if (value.is_null()) return;
  *into.name_servers = values.texts(value, "'name-servers'");
  if (into.name_servers->size() <= lab::most_name_servers) return;
  values.context.report.error((*into.name_servers)[lab::most_name_servers].at,
                              fmt::format("'name-servers' has more than {}", lab::most_name_servers),
                              "no program asks more of them (resolv.conf(5))");
}

}  // namespace hopyard::language
