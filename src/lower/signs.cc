#include "lower/signs.hh"

#include "lab/echoes.hh"

namespace hopyard::lower {
namespace {

net::Sign sign_of(net::Sign::Kind kind, const lab::Interface& interface) {
  net::Sign sign;
  sign.kind = kind;
  sign.device = "tap-" + interface.name;
  sign.interface = interface.name;
  sign.mac = interface.mac;
  return sign;
}

void add_answers(const lab::Lab& lab, std::span<const lab::Segment> segments, std::uint32_t node,
                 std::vector<net::Sign>& signs) {
  for (const lab::Echo& echo : lab::echoes(lab, segments, node)) {
    net::Sign& sign =
        signs.emplace_back(sign_of(net::Sign::Kind::Answers, lab.nodes[node].interfaces[echo.interface]));
    sign.address = echo.address;
    sign.neighbour = echo.from_address;
    sign.neighbour_mac = lab.nodes[echo.from.node].interfaces[echo.from.interface].mac;
  }
}

}  // namespace

void add_signs(const lab::Lab& lab, std::span<const lab::Segment> segments, net::Desired& desired) {
  for (std::uint32_t i = 0; i < lab.nodes.size(); ++i) {
    const lab::Node& node = lab.nodes[i];
    if (node.kind != lab::Kind::Vm || desired.namespaces[i].machine.services.empty()) continue;
    std::vector<net::Sign>& signs = desired.namespaces[i].machine.services.front().ready.signs;
    if (node.vm.ready.ping) add_answers(lab, segments, i, signs);
    for (const lab::Interface& one : node.interfaces)
      if (node.vm.ready.lease && one.dhcp) signs.push_back(sign_of(net::Sign::Kind::Leased, one));
  }
}

}  // namespace hopyard::lower
