#include "engine/engine.hh"

#include <gmock/gmock.h>

#include <algorithm>
#include <thread>

#include "kernel/fake.hh"

namespace hopyard::engine {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAreArray;

/// A chain of routers with an address at every end and a default route in each.
net::Desired chain(std::uint32_t nodes) {
  net::Desired desired;
  desired.lab = "chain";
  for (std::uint32_t i = 0; i < nodes; ++i) {
    net::Namespace ns;
    ns.name = "r" + std::to_string(i);
    ns.kind = "router";
    ns.sysctls = {{"net.ipv4.ip_forward", "1"}};
    const auto end = [&](bool left_end, std::uint32_t wire) {
      net::Device device;
      device.name = "eth" + std::to_string(ns.devices.size());
      device.makes_pair = left_end;
      device.peer_namespace = left_end ? wire + 1 : wire;
      device.peer_device = left_end || wire == 0 ? 0 : 1;
      device.addresses = {{IpAddress::v4(0x0A000000 + 4 * wire + (left_end ? 1 : 2)), 30}};
      ns.devices.push_back(device);
    };
    if (i > 0) end(false, i - 1);
    if (i + 1 < nodes) end(true, i);
    net::Route route;
    route.next_hops = {{IpAddress::v4(0x0A000001), "", 1}};
    ns.routes = {route};
    desired.namespaces.push_back(std::move(ns));
  }
  return desired;
}

Result<Namespaces> build_chain(kernel::FakeKernel& kernel, const net::Desired& desired, unsigned threads,
                               const std::atomic<bool>* cancelled = nullptr) {
  Options options;
  options.threads = threads;
  options.cancelled = cancelled;
  return build(plan::plan(desired), desired, kernel, options);
}

TEST(Build, OneNamespaceAfterTheOtherIsFinished) {
  kernel::FakeKernel kernel;
  const net::Desired desired = chain(3);
  const auto built = build_chain(kernel, desired, 1);
  ASSERT_TRUE(built.has_value());
  EXPECT_THAT(kernel.calls(),
              ElementsAre("r0: create", "r0: sysctl net.ipv4.ip_forward=1",  //
                          "r1: create", "r1: sysctl net.ipv4.ip_forward=1", "r0: veth eth0 -- r1:eth0",
                          "r0: up eth0", "r0: address 10.0.0.1/30 on eth0", "r0: route 0.0.0.0/0",
                          "r2: create", "r2: sysctl net.ipv4.ip_forward=1", "r1: veth eth1 -- r2:eth0",
                          "r2: up eth0", "r2: address 10.0.0.6/30 on eth0", "r2: route 0.0.0.0/0",
                          "r1: up eth0", "r1: up eth1", "r1: address 10.0.0.2/30 on eth0",
                          "r1: address 10.0.0.5/30 on eth1", "r1: route 0.0.0.0/0"));
  EXPECT_EQ(built->size(), 3U);
  EXPECT_EQ(kernel.alive(), 3U);
}

TEST(Build, TwoThreadsDoTheSame) {
  const net::Desired desired = chain(40);
  kernel::FakeKernel alone;
  kernel::FakeKernel together;
  ASSERT_TRUE(build_chain(alone, desired, 1).has_value());
  ASSERT_TRUE(build_chain(together, desired, 2).has_value());
  EXPECT_THAT(together.calls(), UnorderedElementsAreArray(alone.calls()));
}

TEST(Build, ALabOfNothing) {
  kernel::FakeKernel kernel;
  const auto built = build_chain(kernel, chain(0), 0);
  ASSERT_TRUE(built.has_value());
  EXPECT_TRUE(built->empty());
}

/// Which operation each of the fake's calls is.
std::vector<std::string> words_of_calls(const net::Desired& desired) {
  kernel::FakeKernel kernel;
  EXPECT_TRUE(build_chain(kernel, desired, 1).has_value());
  return kernel.calls();
}

std::string expected_words(const std::string& call) {
  const std::size_t colon = call.find(": ");
  const std::string node = call.substr(0, colon);
  const std::string what = call.substr(colon + 2);
  if (what == "create") return "create namespace " + node + " (router)";
  if (what.starts_with("sysctl")) {
    const std::size_t equals = what.find('=');
    return "set " + what.substr(7, equals - 7) + " = " + what.substr(equals + 1) + " in " + node;
  }
  if (what.starts_with("veth")) return "create veth " + node + ":" + what.substr(5);
  if (what.starts_with("up")) return "bring up " + node + ":" + what.substr(3);
  if (what.starts_with("route")) return "add route default via 10.0.0.1 in " + node;
  const std::size_t on = what.find(" on ");
  return "add address " + what.substr(8, on - 8) + " to " + node + ":" + what.substr(on + 4);
}

TEST(Build, AFailureAnywhereIsNamedAndLeavesNothing) {
  net::Desired desired = chain(4);
  desired.namespaces[1].sysctls.push_back({"net.ipv6.conf.eth0.mtu", "1400"});
  const std::vector<std::string> calls = words_of_calls(desired);
  EXPECT_EQ(calls.back(), "r1: sysctl net.ipv6.conf.eth0.mtu=1400") << "all is up by then";
  for (const bool late : {false, true}) {
    for (std::size_t call = 0; call < calls.size(); ++call) {
      kernel::FakeKernel kernel;
      kernel.fail_at(call, late);
      const auto built = build_chain(kernel, desired, 1);
      ASSERT_FALSE(built.has_value()) << calls[call];
      EXPECT_EQ(built.error().text(),
                expected_words(calls[call]) + ": Device or resource busy (told to fail)");
      EXPECT_EQ(kernel.alive(), 0U) << calls[call];
    }
  }
}

TEST(Build, AFailureInEitherThreadEndsBoth) {
  const net::Desired desired = chain(20);
  const std::size_t calls = words_of_calls(desired).size();
  for (std::size_t call = 0; call < calls; ++call) {
    kernel::FakeKernel kernel;
    kernel.fail_at(call);
    const auto built = build_chain(kernel, desired, 2);
    ASSERT_FALSE(built.has_value()) << call;
    EXPECT_EQ(built.error().text(),
              expected_words(kernel.calls()[call]) + ": Device or resource busy (told to fail)");
    EXPECT_EQ(kernel.alive(), 0U) << call;
  }
}

TEST(Build, CancelledBeforeItBegan) {
  for (const unsigned threads : {1U, 2U}) {
    const std::atomic<bool> cancelled = true;
    kernel::FakeKernel kernel;
    const auto built = build_chain(kernel, chain(40), threads, &cancelled);
    ASSERT_FALSE(built.has_value());
    EXPECT_EQ(built.error().text(), "build the lab: cancelled");
    EXPECT_EQ(kernel.alive(), 0U);
  }
}

TEST(Build, CancelledOnTheWay) {
  for (const unsigned threads : {1U, 2U}) {
    const net::Desired desired = chain(200);
    std::atomic<bool> cancelled = false;
    Options options;
    options.threads = threads;
    options.cancelled = &cancelled;
    options.progress = [&](const Progress& progress) { cancelled = progress.nodes_done >= 32; };
    kernel::FakeKernel kernel;
    const auto built = build(plan::plan(desired), desired, kernel, options);
    ASSERT_FALSE(built.has_value());
    EXPECT_EQ(built.error().text(), "build the lab: cancelled");
    EXPECT_EQ(kernel.alive(), 0U);
  }
}

TEST(Build, ProgressComesFromTheCallerAndEndsWithAll) {
  const net::Desired desired = chain(100);
  std::vector<Progress> seen;
  Options options;
  options.threads = 2;
  const auto caller = std::this_thread::get_id();
  bool same = true;
  options.progress = [&](const Progress& progress) {
    same = same && std::this_thread::get_id() == caller;
    seen.push_back(progress);
  };
  kernel::FakeKernel kernel;
  ASSERT_TRUE(build(plan::plan(desired), desired, kernel, options).has_value());
  ASSERT_FALSE(seen.empty());
  EXPECT_TRUE(same);
  EXPECT_EQ(seen.back().nodes_done, 100U);
  EXPECT_EQ(seen.back().links_done, 99U);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end(), [](const Progress& a, const Progress& b) {
    return a.nodes_done < b.nodes_done;
  }));
}

TEST(Build, LinksInAnyOrderOfNamespacesAndToItself) {
  net::Desired desired;
  for (const char* name : {"a", "b", "c"}) desired.namespaces.emplace_back().name = name;
  const auto wire = [&](std::uint32_t from, std::uint32_t to) {
    auto& here = desired.namespaces[from].devices;
    auto& there = desired.namespaces[to].devices;
    const auto index = static_cast<std::uint32_t>(here.size());
    net::Device end;
    end.name = "x" + std::to_string(index);
    end.makes_pair = true, end.peer_namespace = to;
    end.peer_device = static_cast<std::uint32_t>(there.size() + (from == to ? 1 : 0));
    net::Device other;
    other.name = "x" + std::to_string(end.peer_device);
    other.peer_namespace = from, other.peer_device = index;
    here.push_back(end);
    there.push_back(other);
  };
  wire(2, 0), wire(0, 2), wire(1, 1), wire(1, 0);
  kernel::FakeKernel kernel;
  ASSERT_TRUE(build_chain(kernel, desired, 1).has_value());
  const auto calls = kernel.calls();
  const auto count = [&](const std::string& part) {
    return std::count_if(calls.begin(), calls.end(),
                         [&](const std::string& call) { return call.find(part) != std::string::npos; });
  };
  EXPECT_EQ(count(": veth"), 4);
  EXPECT_EQ(count(": up"), 8);
}

TEST(Run, StopsAtTheFirstFailure) {
  const net::Desired desired = chain(2);
  kernel::FakeKernel kernel;
  auto built = build_chain(kernel, desired, 1);
  ASSERT_TRUE(built.has_value());
  const std::size_t before = kernel.calls().size();
  kernel.fail_at(before + 1, true);
  const plan::Operation operations[] = {
      {plan::Verb::SetDown, 0, 0}, {plan::Verb::SetUp, 0, 0}, {plan::Verb::Shape, 1, 0}};
  const auto ran = run(operations, desired, kernel, *built);
  ASSERT_FALSE(ran.has_value());
  EXPECT_EQ(ran.error().text(), "bring up r0:eth0: Device or resource busy (told to fail)");
  EXPECT_EQ(kernel.calls().size(), before + 2);
}

}  // namespace
}  // namespace hopyard::engine
