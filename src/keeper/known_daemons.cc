#include "keeper/known_daemons.hh"

#include <algorithm>
#include <csignal>

namespace hopyard::keeper {
namespace {

// Its variables are in a file of shell assignments, which its own wrapper reads; with the wrapper the main
// process would be a shell.
constexpr std::string_view apache2 =
    "APACHE_CONFDIR=/etc/apache2; . /etc/apache2/envvars && mkdir -p \"$APACHE_RUN_DIR\" "
    "\"$APACHE_LOCK_DIR\" "
    "&& chown www-data \"$APACHE_LOCK_DIR\" && exec apache2 -D FOREGROUND";
// Keys that are there are left as they are.
constexpr std::string_view ssh = "ssh-keygen -A >/dev/null; exec /usr/sbin/sshd -D -e";

}  // namespace

const std::vector<KnownDaemon>& known_daemons() {
  static const std::vector<KnownDaemon> all{
      {"apache2",
       "httpd",
       "The Apache HTTP Server",
       "apache2",
       "apache2",
       {"/bin/sh", "-c", apache2},
       {},
       "/run/apache2/apache2.pid",
       SIGUSR1},
      {"bird",
       "bird2",
       "BIRD Internet Routing Daemon",
       "bird",
       "bird2",
       {"bird", "-f", "-c", "/etc/bird/bird.conf", "-s", "/run/bird/bird.ctl"},
       {{"/run/bird"}},
       "/run/bird/bird.ctl"},
      {"dnsmasq",
       "",
       "A lightweight DHCP and caching DNS server",
       "dnsmasq",
       "dnsmasq-base",
       {"dnsmasq", "--keep-in-foreground", "--log-facility=-", "--user=root",
        "--pid-file=/run/dnsmasq/dnsmasq.pid"},
       {{"/run/dnsmasq"}},
       "/run/dnsmasq/dnsmasq.pid"},
      {"named",
       "bind9",
       "BIND Domain Name Server",
       "named",
       "bind9",
       {"named", "-f", "-u", "bind"},
       {{"/run/named", 0775, "root", "bind"}},
       "/run/named/named.pid"},
      {"nginx",
       "",
       "A high performance web server",
       "nginx",
       "nginx-light",
       {"nginx", "-g", "daemon off;"},
       {},
       "/run/nginx.pid"},
      {"radvd",
       "",
       "Router advertisement daemon for IPv6",
       "radvd",
       "radvd",
       {"radvd", "--nodaemon", "--logmethod", "stderr_clean", "--pidfile", "/run/radvd/radvd.pid"},
       {{"/run/radvd"}},
       "/run/radvd/radvd.pid"},
      {"ssh",
       "sshd",
       "OpenBSD Secure Shell server",
       "sshd",
       "openssh-server",
       {"/bin/sh", "-c", ssh},
       {{"/run/sshd"}},
       "/run/sshd.pid"},
  };
  return all;
}

const KnownDaemon* find_known_daemon(std::string_view name) {
  const auto& all = known_daemons();
  const auto found = std::ranges::find_if(all, [&](const KnownDaemon& one) {
    return one.name == name || (!one.alias.empty() && one.alias == name);
  });
  return found == all.end() ? nullptr : &*found;
}

net::Service service_of(const KnownDaemon& daemon) {
  net::Service service;
  service.name = daemon.name;
  for (const std::string_view word : daemon.command) service.command.emplace_back(word);
  service.restart = net::Service::Restart::OnFailure;
  service.ready = {net::Service::Ready::Kind::File, std::string(daemon.ready)};
  service.ready.left = daemon.ready;
  service.package = daemon.package;
  return service;
}

bool is_unit_of_every_node(std::string_view name) {
  return name == frr_unit || name == networking_unit || find_known_daemon(name) != nullptr;
}

}  // namespace hopyard::keeper
