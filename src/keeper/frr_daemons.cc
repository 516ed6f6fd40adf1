#include "keeper/frr_daemons.hh"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace hopyard::keeper {
namespace {

constexpr std::array<std::string_view, 21> names{
    "zebra", "staticd", "bgpd",   "ospfd",  "ospf6d", "ripd", "ripngd",  "isisd", "pimd",  "pim6d", "ldpd",
    "nhrpd", "eigrpd",  "babeld", "sharpd", "pbrd",   "bfdd", "fabricd", "vrrpd", "pathd", "mgmtd"};
constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// NAME=VALUE lines of shell; quotes around a value are taken off.
std::map<std::string, std::string, std::less<>> assignments(std::string_view text) {
  std::map<std::string, std::string, std::less<>> all;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    line = trimmed(line);
    const std::size_t sign = line.find('=');
    if (line.starts_with('#') || sign == std::string_view::npos) continue;
    std::string_view value = trimmed(line.substr(sign + 1));
    if (!value.empty() && (value.front() == '"' || value.front() == '\'')) {
      value = value.substr(1, value.find(value.front(), 1) - 1);
    } else {
      value = trimmed(value.substr(0, value.find('#')));
    }
    all.insert_or_assign(std::string(trimmed(line.substr(0, sign))), std::string(value));
  }
  return all;
}

std::vector<std::string> options_of(std::string_view text) {
  std::vector<std::string> words;
  while (!(text = trimmed(text)).empty()) {
    const std::string_view word = text.substr(0, text.find_first_of(blanks));
    text.remove_prefix(word.size());
    if (word != "-d" && word != "--daemon") words.emplace_back(word);  // it stays in the foreground
  }
  return words;
}

/// Ready when its socket is there and, unless it has read a file of its own, it was told the common one.
std::string ready_command(std::string_view name, bool own_file) {
  std::string text = fmt::format("test -S /run/frr/{}.vty || exit 1", name);
  if (!own_file)
    text += fmt::format(
        "; test ! -r /etc/frr/frr.conf || vtysh -b -d {0} >>/var/log/hopyard/{0}.log 2>&1; exit 0", name);
  return text;
}

}  // namespace

bool is_frr_daemon(std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::vector<net::Service> frr_services(std::string_view text, bool (*has)(const std::string&)) {
  const auto values = assignments(text);
  const auto value = [&](const std::string& name, std::string_view otherwise) {
    const auto found = values.find(name);
    return found == values.end() ? otherwise : std::string_view(found->second);
  };
  std::vector<net::Service> services;
  for (const std::string_view name : names) {
    const bool always = name == "zebra" || name == "staticd";
    if (!always && value(std::string(name), "no") != "yes") continue;
    net::Service service;
    service.name = name;
    service.command = {fmt::format("/usr/lib/frr/{}", name)};
    const bool v6 = name == "ospf6d" || name == "ripngd" || name == "pim6d";
    const std::string_view usual = v6 ? "-A ::1" : "-A 127.0.0.1";
    for (std::string& word : options_of(value(fmt::format("{}_options", name), usual)))
      service.command.push_back(std::move(word));
    const std::string own = fmt::format("/etc/frr/{}.conf", name);
    const bool own_file = has(own);
    if (own_file) service.command.insert(service.command.end(), {"-f", own});
    service.command.insert(service.command.end(), {"--log", "stdout"});
    if (name != "zebra") service.after = {"zebra"};
    service.restart = net::Service::Restart::OnFailure;
    service.ready = {net::Service::Ready::Kind::Command, ready_command(name, own_file)};
    service.ready.left = fmt::format("/run/frr/{}.vty", name);
    service.package = "frr";
    services.push_back(std::move(service));
  }
  return services;
}

}  // namespace hopyard::keeper
