#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "lower/lower.hh"
#include "lower/open_vswitch.hh"
#include "tests/unit/lower/labs.hh"

namespace hopyard::lower {
namespace {

using test::Builder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr Mac mac{{2, 0, 0, 0, 0, 1}};

std::vector<nlohmann::json> transactions(const lab::Node& node) {
  std::vector<nlohmann::json> all;
  std::istringstream lines(ovs_transactions(node, mac));
  for (std::string line; std::getline(lines, line);) all.push_back(nlohmann::json::parse(line));
  return all;
}

/// The rows that transactions insert into a table.
std::vector<nlohmann::json> rows(const std::vector<nlohmann::json>& all, const std::string& table) {
  std::vector<nlohmann::json> found;
  for (const nlohmann::json& one : all)
    for (const nlohmann::json& operation : one)
      if (operation.is_object() && operation["op"] == "insert" && operation["table"] == table)
        found.push_back(operation["row"]);
  return found;
}

std::uint32_t ovs(Builder& lab, const std::string& name) {
  const std::uint32_t index = lab.node(name, lab::Kind::Switch);
  lab[index].forwarding.engine = lab::Switch::Engine::Ovs;
  return index;
}

TEST(OpenVswitch, HasPortsAndServicesAndNoBridgeOfTheKernel) {
  Builder lab("l2");
  const std::uint32_t sw = ovs(lab, "sw");
  const std::uint32_t host = lab.host("pc");
  lab.link(sw, "", host, "10.0.0.1/24");
  Diagnostics diagnostics;
  const net::Desired desired = lower(lab.lab(), diagnostics);
  const net::Namespace& ns = desired.namespaces[sw];
  ASSERT_THAT(ns.devices, SizeIs(1));
  EXPECT_EQ(ns.devices[0].master, net::none);
  EXPECT_TRUE(ns.warm);
  ASSERT_THAT(ns.machine.services, SizeIs(2));
  EXPECT_EQ(ns.machine.services[0].name, "ovsdb-server");
  EXPECT_THAT(ns.machine.services[0].command.back(), HasSubstr("dump-dps"));
  EXPECT_EQ(ns.machine.services[1].name, "ovs-vswitchd");
  EXPECT_EQ(ns.machine.services[1].package, "openvswitch-switch");
  EXPECT_THAT(ns.machine.services[1].after, ElementsAre("ovsdb-server"));
  // Who is wired to it makes checksums; its own ports get frames that have them.
  EXPECT_TRUE(desired.namespaces[host].devices[0].sums_first);
  EXPECT_FALSE(ns.devices[0].sums_first);
}

TEST(OpenVswitch, HasATapForItsOwnAddresses) {
  Builder lab("l2");
  const std::uint32_t sw = ovs(lab, "sw");
  lab.link(sw, "", lab.host("pc"), "10.0.0.1/24");
  lab[sw].forwarding.addresses = {{*IpAddress::parse("10.0.0.9"), 24}, {*IpAddress::parse("fd00::9"), 64}};
  Diagnostics diagnostics;
  const net::Desired desired = lower(lab.lab(), diagnostics);
  const net::Namespace& ns = desired.namespaces[sw];
  ASSERT_THAT(ns.devices, SizeIs(2));
  EXPECT_EQ(ns.devices[1].name, "br0");
  EXPECT_EQ(ns.devices[1].kind, net::Device::Kind::Tap);
  EXPECT_EQ(ns.devices[1].addresses.size(), 2U);
  // The kernel's datapath would make a device of that name itself.
  EXPECT_THAT(ns.machine.services[0].command.back(), Not(HasSubstr("dump-dps")));
  EXPECT_THAT(desired.hosts, HasSubstr("10.0.0.9 sw\nfd00::9 sw\n"));
  const auto has = [&](const char* name, const char* value) {
    return std::ranges::any_of(
        ns.sysctls, [&](const net::Sysctl& one) { return one.name == name && one.value == value; });
  };
  EXPECT_TRUE(has("net.ipv6.conf.br0.disable_ipv6", "0"));
  EXPECT_TRUE(has("net.ipv6.conf.br0.keep_addr_on_down", "1"));
}

TEST(OpenVswitch, LetsWhoIsWiredToAnyPortMakeChecksums) {
  Builder lab("l2");
  const std::uint32_t one = ovs(lab, "one");
  const std::uint32_t other = ovs(lab, "other");
  const std::uint32_t plain = lab.node("plain", lab::Kind::Switch);
  lab.link(one, "", other, "");
  lab.link(one, "", plain, "");
  lab.link(plain, "", lab.host("pc"), "10.0.0.1/24");
  Diagnostics diagnostics;
  const net::Desired desired = lower(lab.lab(), diagnostics);
  const auto sums = [&](std::uint32_t node, std::size_t device) {
    return desired.namespaces[node].devices.at(device).sums_first;
  };
  // Between the two either may have the kernel's datapath, which passes on what is not finished.
  EXPECT_TRUE(sums(one, 0) && sums(other, 0));
  EXPECT_TRUE(sums(plain, 1));
  EXPECT_FALSE(sums(plain, 2) || sums(one, 1));
}

TEST(OpenVswitch, WritesWhatTheLabSays) {
  Builder lab("l2");
  const std::uint32_t sw = ovs(lab, "sw");
  for (int i = 0; i < 4; ++i) lab.link(sw, "", lab.host(fmt::format("pc{}", i)), "");
  lab::Node& node = lab[sw];
  node.interfaces[0].vlans.untagged = 10;
  node.interfaces[1].vlans.tagged = {10, 20};
  node.interfaces[2].vlans = {.untagged = 7, .tagged = {20}};
  node.interfaces[3].name = "a\"b";
  node.forwarding.tree.runs = true;
  node.forwarding.ageing = std::chrono::milliseconds(40'000);
  node.forwarding.controllers = {"tcp:192.0.2.1:6653"};
  node.forwarding.secure = true;
  const auto all = transactions(node);
  const auto bridge = rows(all, "Bridge").at(0);
  EXPECT_EQ(bridge["name"], "br0");
  EXPECT_EQ(bridge["datapath_type"], "netdev");
  EXPECT_EQ(bridge["fail_mode"], "secure");
  EXPECT_EQ(bridge["stp_enable"], true);
  EXPECT_EQ(bridge["other_config"][1].dump(),
            R"([["hwaddr","02:00:00:00:00:01"],["mac-aging-time","40"],["stp-priority","32768"],)"
            R"(["stp-hello-time","1"],["stp-forward-delay","4"],["stp-max-age","6"]])");
  EXPECT_EQ(rows(all, "Controller").at(0)["target"], "tcp:192.0.2.1:6653");
  const auto ports = rows(all, "Port");  // the bridge's own end is the first
  ASSERT_THAT(ports, SizeIs(5));
  EXPECT_EQ(ports[1]["vlan_mode"], "access");
  EXPECT_EQ(ports[1]["tag"], 10);
  EXPECT_EQ(ports[2]["vlan_mode"], "trunk");
  EXPECT_FALSE(ports[2].contains("tag"));
  EXPECT_EQ(ports[3]["vlan_mode"], "native-untagged");
  EXPECT_EQ(ports[4]["tag"], 1);
  EXPECT_EQ(ports[4]["name"], "a\"b");
}

TEST(OpenVswitch, WritesManyPortsInPartsThatACommandLineTakes) {
  Builder lab("l2");
  const std::uint32_t sw = ovs(lab, "sw");
  for (int i = 0; i < 1000; ++i) lab.link(sw, "", lab.host(fmt::format("pc{}", i)), "");
  constexpr std::size_t longest_word = 128UL << 10U;  // MAX_ARG_STRLEN, linux/binfmts.h
  std::istringstream lines(ovs_transactions(lab[sw], mac));
  for (std::string line; std::getline(lines, line);) EXPECT_LT(line.size(), longest_word);
  EXPECT_THAT(rows(transactions(lab[sw]), "Port"), SizeIs(1001));
}

TEST(OpenVswitch, NeedsNoPorts) {
  Builder lab("l2");
  EXPECT_THAT(rows(transactions(lab[ovs(lab, "sw")]), "Bridge"), SizeIs(1));
}

}  // namespace
}  // namespace hopyard::lower
