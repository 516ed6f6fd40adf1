#include "lower/daemons/daemons.hh"

#include <algorithm>

namespace hopyard::lower::daemons {

bool has_file(const net::Machine& machine, std::string_view path) {
  return std::any_of(machine.files.begin(), machine.files.end(),
                     [&](const net::File& one) { return one.path == path; });
}

bool add_file(net::Machine& machine, net::File file) {
  if (has_file(machine, file.path)) return false;
  machine.files.push_back(std::move(file));
  return true;
}

std::string area_text(std::uint32_t area) {
  return IpAddress::v4(area).text();
}

namespace {

Timers timers(std::uint32_t often, std::uint32_t silent, std::uint32_t ratio, bool fast,
              std::uint32_t least) {
  if (often == 0 && silent == 0) return fast ? Timers{least, ratio * least} : Timers{};
  constexpr std::uint32_t longest = 65535;  // what the packets hold
  if (silent == 0) return {often, std::min(ratio * often, longest)};
  return {often == 0 ? std::max(silent / ratio, 1U) : often, silent};
}

}  // namespace

Timers bgp_timers(const lab::Dynamic& dynamic) {
  return timers(dynamic.bgp.keepalive, dynamic.bgp.hold, 3, !dynamic.realistic, 3);
}

std::uint32_t connect_retry(const lab::Dynamic& dynamic) {
  if (dynamic.bgp.connect_retry != 0) return dynamic.bgp.connect_retry;
  return dynamic.realistic ? 0 : 1;
}

Timers ospf_timers(const lab::Dynamic& dynamic, const IgpInterface& interface) {
  return timers(dynamic.ospf.hello, dynamic.ospf.dead, 4, interface.fast, 1);
}

std::string words_of(std::string_view name) {
  std::string words(name);
  std::erase_if(words, [](char byte) { return static_cast<unsigned char>(byte) < ' ' || byte == '"'; });
  return words;
}

void add_daemons(const lab::Lab& lab, std::span<const lab::Segment> segments, net::Desired& desired) {
  const auto any = std::any_of(lab.nodes.begin(), lab.nodes.end(),
                               [](const lab::Node& node) { return node.dynamic.runs(); });
  if (!any) return;
  const std::vector<Speaker> all = speakers(lab, segments);
  for (std::size_t i = 0; i < lab.nodes.size(); ++i) {
    const lab::Node& node = lab.nodes[i];
    if (!node.dynamic.runs()) continue;
    net::Namespace& ns = desired.namespaces[i];
    ns.warm = true;
    if (node.dynamic.daemon == lab::Daemon::Bird)
      add_bird(node, all[i], ns.machine);
    else
      add_frr(node, all[i], ns.machine);
  }
}

}  // namespace hopyard::lower::daemons
