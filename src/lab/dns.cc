#include "lab/dns.hh"

#include "lab/lab.hh"

namespace hopyard::lab {

std::string canonical_name(std::string_view name, std::string_view domain) {
  std::string out(name);
  if (!domain.empty() && name.find('.') == std::string_view::npos) {
    out += '.';
    out += domain;
  }
  for (char& byte : out)
    if (byte >= 'A' && byte <= 'Z') byte = static_cast<char>(byte - 'A' + 'a');
  return out;
}

std::string_view domain_of(const Node& node) {
  if (!node.dns.domain.empty() || node.dns.runs_by(DnsServer::Daemon::Named)) return node.dns.domain;
  for (const DhcpOption& option : node.dhcp.options)
    if (option.name == DhcpOption::Name::Domain && !option.values.empty()) return option.values.front();
  return {};
}

}  // namespace hopyard::lab
