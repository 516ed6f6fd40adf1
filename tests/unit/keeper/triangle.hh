#pragma once

#include <fmt/format.h>

#include "net/desired.hh"

/// Three routers, each with a link to the other two, and a host on a network at r1.
inline hopyard::net::Desired triangle() {
  using namespace hopyard;
  using namespace hopyard::net;
  Desired desired;
  desired.lab = "triangle";
  for (const char* name : {"r1", "r2", "r3", "h"}) {
    Namespace node;
    node.name = name;
    node.kind = "router";
    desired.namespaces.push_back(node);
  }
  Namespace lan;
  lan.role = Namespace::Role::Segment;
  lan.name = "lan";
  lan.kind = "network";
  Device bridge;
  bridge.kind = Device::Kind::Bridge;
  bridge.name = "lan";
  lan.devices.push_back(bridge);
  desired.namespaces.push_back(lan);

  const auto connect = [&desired](std::uint32_t a, std::uint32_t b, const char* name, int subnet) {
    const std::uint32_t ends[2] = {a, b};
    Wire wire;
    wire.name = name;
    for (int end = 0; end < 2; ++end) {
      auto& devices = desired.namespaces[ends[end]].devices;
      wire.namespaces[end] = ends[end];
      wire.devices[end] = static_cast<std::uint32_t>(devices.size());
      Device device;
      device.name = fmt::format("eth{}", devices.size());
      device.addresses.push_back(*InterfaceAddress::parse(fmt::format("10.0.{}.{}/24", subnet, end + 1)));
      devices.push_back(device);
    }
    desired.wires.push_back(wire);
  };
  connect(0, 1, "r1:eth0 -- r2:eth0", 12);
  connect(1, 2, "r2:eth1 -- r3:eth0", 23);
  connect(2, 0, "r3:eth1 -- r1:eth1", 31);
  connect(3, 4, "h:eth0 -- lan", 100);

  Route both;  // r1 to a far prefix over either neighbour, and to another over r2 alone
  both.to = *Prefix::parse("10.9.0.0/24");
  both.next_hops = {{IpAddress::parse("10.0.12.2"), "", 1}, {IpAddress::parse("10.0.31.1"), "", 1}};
  Route one;
  one.to = *Prefix::parse("10.8.0.0/24");
  one.next_hops = {{IpAddress::parse("10.0.12.2"), "eth0", 1}};
  desired.namespaces[0].routes = {both, one};
  return desired;
}
