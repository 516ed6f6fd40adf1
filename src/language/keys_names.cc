#include <array>

#include "language/key.hh"

/// What a node says of names and of router advertisements.
namespace hopyard::language {
namespace {

constexpr std::array dns_keys{
    key(DnsKey::Serve, "serve", Type::Names, "interfaces or networks that it answers on; all if not given"),
    key(DnsKey::Records, "records", Type::DnsRecords, "names of your own: addresses, or {cname: NAME}"),
    key(DnsKey::Forward, "forward", Type::OptionTexts,
        "nodes or addresses that get the questions it cannot answer; nobody if not given"),
    key(DnsKey::Domain, "domain", Type::HostName, "a domain below which plain names are known as well"),
    key(DnsKey::Daemon, "daemon", Type::DnsDaemonName, "dnsmasq or named; dnsmasq if not given"),
};

constexpr std::array dns_record_keys{
    key(DnsRecordKey::Cname, "cname", Type::Text, "the name that this one stands for"),
};

constexpr std::array radvd_keys{
    key(RadvdKey::Serve, "serve", Type::Names,
        "interfaces or networks that it advertises to; those with IPv6 addresses if not given"),
    key(RadvdKey::MinInterval, "min-interval", Type::Duration, "the shortest time between advertisements"),
    key(RadvdKey::MaxInterval, "max-interval", Type::Duration, "the longest time between advertisements"),
    key(RadvdKey::Lifetime, "lifetime", Type::Duration,
        "how long hosts take it for their default gateway; 0s: not at all"),
    key(RadvdKey::Managed, "managed", Type::Truth, "true: hosts get addresses by DHCPv6"),
    key(RadvdKey::Other, "other", Type::Truth, "true: hosts get all but addresses by DHCPv6"),
    key(RadvdKey::Mtu, "mtu", Type::Mtu, "largest packet in bytes"),
    key(RadvdKey::Rdnss, "rdnss", Type::OptionTexts,
        "name servers, nodes or IPv6 addresses; [] for none, itself if it is one and this is not given"),
    key(RadvdKey::Dnssl, "dnssl", Type::OptionTexts, "domains in which hosts look for plain names"),
    key(RadvdKey::Config, "config", Type::Config, "the text of /etc/radvd.conf, or {file: PATH}"),
};

constexpr std::array dns_daemons{Choice{"dnsmasq"}, Choice{"named"}};

}  // namespace

constinit const Object dns_object{"'dns'", dns_keys};
constinit const Object dns_record_object{"a record of 'dns'", dns_record_keys};
constinit const Object radvd_object{"'radvd'", radvd_keys};

std::span<const Choice> dns_daemon_words() {
  return dns_daemons;
}

}  // namespace hopyard::language
