#include "keeper/address_client.hh"

#include <algorithm>

namespace hopyard::keeper {

std::string client_of(const plan::Operation& step, const net::Desired& desired) {
  const net::Namespace& node = desired.namespaces[step.ns];
  if (step.verb != plan::Verb::SetUp || step.device == net::none) return {};
  std::string name = "dhcp-" + node.devices[step.device].name;
  const auto found = std::ranges::find(node.machine.services, name, &net::Service::name);
  return found == node.machine.services.end() ? std::string() : name;
}

}  // namespace hopyard::keeper
