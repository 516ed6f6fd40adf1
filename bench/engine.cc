// engine::build alone, on the chain of floor.cc: what Hopyard's own room adds to the kernel's work.
//
//   bench_engine NODES [--threads N]
#include <chrono>
#include <cstdio>
#include <string>

#include "engine/engine.hh"
#include "kernel/real.hh"
#include "plan/plan.hh"

namespace {

using namespace hopyard;

constexpr std::uint32_t pool = 0x0A000000;

net::Device end_of_wire(std::uint32_t node, std::uint32_t device, bool left_end, std::uint32_t wire) {
  net::Device end;
  end.name = device == 0 ? "eth0" : "eth1";
  end.mac = Mac::derived("bench", std::to_string(node), end.name);
  end.makes_pair = left_end;
  end.peer_namespace = left_end ? wire + 1 : wire;
  end.peer_device = left_end || wire == 0 ? 0 : 1;
  end.addresses.push_back({IpAddress::v4(pool + 4 * wire + (left_end ? 1 : 2)), 30});
  return end;
}

net::Desired chain(std::uint32_t nodes) {
  net::Desired desired;
  desired.lab = "bench";
  for (std::uint32_t i = 0; i < nodes; ++i) {
    net::Namespace ns;
    ns.name = "r" + std::to_string(i);
    ns.kind = "router";
    ns.sysctls = {{"net.ipv4.ip_forward", "1"}, {"net.ipv6.conf.all.forwarding", "1"}};
    if (i > 0) ns.devices.push_back(end_of_wire(i, 0, false, i - 1));
    if (i + 1 < nodes) ns.devices.push_back(end_of_wire(i, i == 0 ? 0 : 1, true, i));
    net::Route route;
    route.next_hops.push_back({IpAddress::v4(pool + (i == 0 ? 2 : 4 * (i - 1) + 1)), "", 1});
    ns.routes.push_back(route);
    desired.namespaces.push_back(std::move(ns));
  }
  return desired;
}

}  // namespace

int main(int count, char** words) {
  std::uint32_t nodes = 100;
  engine::Options options;
  for (int i = 1; i < count; ++i) {
    if (std::string(words[i]) == "--threads" && i + 1 < count)
      options.threads = static_cast<unsigned>(std::stoul(words[++i]));
    else
      nodes = static_cast<std::uint32_t>(std::stoul(words[i]));
  }
  const net::Desired desired = chain(nodes);
  const auto begin = std::chrono::steady_clock::now();
  const plan::Plan plan = plan::plan(desired);
  auto kernel = kernel::RealKernel::open();
  if (!kernel) return std::fprintf(stderr, "%s\n", kernel.error().text().c_str()), 1;
  const auto built = engine::build(plan, desired, **kernel, options);
  if (!built) return std::fprintf(stderr, "%s\n", built.error().text().c_str()), 1;
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  std::printf("%.4f\n", taken.count());
  return 0;
}
