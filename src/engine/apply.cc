#include "engine/apply.hh"

#include <algorithm>
#include <cerrno>
#include <string>

#include "plan/sysctl.hh"

namespace hopyard::engine {
namespace {

/// What comes before @p sysctl is written: the device that would overwrite it has done so.
Result<> await(const net::Sysctl& sysctl, const net::Namespace& own, kernel::Namespace& ns) {
  const std::string name = plan::overwritten_by(sysctl.name);
  if (name.empty()) return {};
  const auto device = std::ranges::find(own.devices, name, &net::Device::name);
  if (device == own.devices.end()) return {};
  return ns.await_ipv6(own, static_cast<std::uint32_t>(device - own.devices.begin()));
}

}  // namespace

Result<> apply(const plan::Operation& operation, const net::Desired& desired, Namespaces& namespaces,
               kernel::Existing existing) {
  using plan::Verb;
  const net::Namespace& own = desired.namespaces[operation.ns];
  kernel::Namespace& ns = *namespaces[operation.ns];
  const std::uint32_t device = operation.device;
  switch (operation.verb) {
    case Verb::CreateNamespace:
      break;
    case Verb::WriteSysctl:
      HOPYARD_TRY(await(own.sysctls[operation.item], own, ns));
      return ns.write_sysctl(own.sysctls[operation.item]);
    case Verb::CreateVeth: {
      const net::Device& end = own.devices[device];
      return ns.create_veth(own, device, *namespaces[end.peer_namespace],
                            desired.namespaces[end.peer_namespace], end.peer_device);
    }
    case Verb::CreateBridge:
      return ns.create_bridge(own, device);
    case Verb::CreateDevice: {
      const std::uint32_t on = own.devices[device].link->lower_namespace;
      const std::uint32_t lower = on == net::none ? operation.ns : on;
      return ns.create_device(own, device, *namespaces[lower], desired.namespaces[lower]);
    }
    case Verb::CreateTap:
      return ns.create_tap(own, device);
    case Verb::SumFirst:
      return ns.sum_first(own, device);
    case Verb::LoadRuleset:
      return ns.load_ruleset(own.rulesets[operation.item]);
    case Verb::Shape:
      return ns.shape(own, device, own.devices[device].egress);
    case Verb::SetUp:
      return ns.set_up(own, device);
    case Verb::SetDown:
      return ns.set_down(own, device);
    case Verb::MakeRoom:
      return ns.make_room(own, device);
    case Verb::Adjust:
      return ns.adjust(own, device, operation.item);
    case Verb::AddAddress: {
      const auto& addresses = device == net::none ? own.loopback : own.devices[device].addresses;
      return ns.add_address(own, device, addresses[operation.item], existing);
    }
    case Verb::AddNeighbour:
      return ns.add_neighbour(own, device, own.devices[device].neighbours[operation.item]);
    case Verb::AddRoute:
      return ns.add_route(own, own.routes[operation.item], existing);
    case Verb::AddRule:
      return ns.add_rule(own.rules[operation.item]);
  }
  return failure("run an operation", "", EINVAL);
}

Error about(const plan::Operation& operation, const net::Desired& desired, Error error) {
  error.doing = plan::describe(operation, desired);
  error.object.clear();
  return error;
}

}  // namespace hopyard::engine
