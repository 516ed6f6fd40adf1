#include <fmt/format.h>

#include <algorithm>

#include "lower/hosting/hosting.hh"

namespace hopyard::lower::hosting {
namespace {

/// A plain name is known in the domain as well, as those of /etc/hosts are.
void put_alias(std::string& out, const lab::DnsRecord& record, std::string_view domain) {
  out += fmt::format("cname={},{}\n", record.name, record.alias_of);
  const bool plain = record.name.find('.') == std::string::npos;
  if (!plain || domain.empty()) return;
  const bool plain_target = record.alias_of.find('.') == std::string::npos;
  out += fmt::format("cname={0}.{1},{2}{3}{4}\n", record.name, domain, record.alias_of,
                     plain_target ? "." : "", plain_target ? domain : std::string_view());
}

}  // namespace

void put_names(std::string& out, const lab::Node& node) {
  if (!dnsmasq_answers(node)) {
    out += "port=0\nno-hosts\n";
    return;
  }
  const std::vector<IpAddress>& forward = node.dns.forward;
  // Nobody else is asked: for plain names where addresses are handed out alone, else for any.
  if (forward.empty()) out += node.dns.runs ? "local=/#/\n" : "local=//\n";
  for (const IpAddress& one : forward) out += fmt::format("server={}\n", one.text());
  if (!forward.empty()) out += "dns-loop-detect\n";
  const std::string_view domain = lab::domain_of(node);
  if (!domain.empty()) out += fmt::format("domain={0}\nlocal=/{0}/\nexpand-hosts\n", domain);
  if (!record_hosts(node.dns).empty()) out += fmt::format("addn-hosts={}\n", record_hosts_path);
  for (const lab::DnsRecord& one : node.dns.records)
    if (!one.alias_of.empty()) put_alias(out, one, domain);
}

std::string record_hosts(const lab::DnsServer& server) {
  std::string out;
  for (const lab::DnsRecord& record : server.records)
    for (const IpAddress& one : record.addresses) out += fmt::format("{} {}\n", one.text(), record.name);
  return out;
}

}  // namespace hopyard::lower::hosting
