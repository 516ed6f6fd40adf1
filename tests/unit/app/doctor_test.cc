#include "app/doctor.hh"

#include <gtest/gtest.h>

#include "app/up.hh"

namespace hopyard::app {
namespace {

constexpr Limit sample{"pids", "/proc/pids", [](std::uint64_t nodes) { return 3 * nodes; },
                       "each node has some", "raise to {}"};

TEST(Doctor, ALimitBitesAtANumberOfNodes) {
  EXPECT_EQ(judge(sample, 300, 100).health, Health::Good);
  const Finding tight = judge(sample, 299, 100);
  EXPECT_EQ(tight.health, Health::Tight);
  EXPECT_EQ(tight.value, "299");
  EXPECT_EQ(tight.remedy, "raise to 300");
}

TEST(Doctor, NoNumberOfNodesNoBite) {
  EXPECT_EQ(judge(sample, 0, 0).health, Health::Good);
  EXPECT_EQ(judge(sample, std::nullopt, 100).health, Health::Note);
  EXPECT_EQ(judge(sample, std::nullopt, 100).value, "unknown");
}

TEST(Doctor, ALimitThatIsNotToBeSeen) {
  EXPECT_EQ(judge(sample, std::nullopt, 100).remedy,
            "/proc/pids is not to be seen from here: look in the first namespace");
  Limit own = sample;
  own.path = "the limit of pids";
  EXPECT_EQ(judge(own, std::nullopt, 100).remedy, "the limit of pids is not to be seen from here");
}

TEST(Doctor, OnlyTheEssentialStopsLabs) {
  Doctor doctor;
  doctor.findings.push_back({"kernel", "netem", Health::Missing, "", "", "", false});
  EXPECT_TRUE(doctor.can_make_labs());
  doctor.findings.push_back({"kernel", "veth", Health::Missing, "", "", "", true});
  EXPECT_FALSE(doctor.can_make_labs());
  EXPECT_EQ(doctor.count(Health::Missing), 2U);
}

/// @p count hosts on one network, with IPv4 addresses.
lab::Lab one_network(std::uint32_t count) {
  lab::Lab lab;
  lab.networks.push_back({"lan", {}, 0, {}, {}});
  for (std::uint32_t i = 0; i < count; ++i) {
    lab::Node node;
    node.interfaces.emplace_back();
    node.interfaces[0].addresses = {*InterfaceAddress::parse("10.0.0.1/16")};
    lab.nodes.push_back(node);
    lab::Link link;
    link.ends[0] = {lab::End::To::Node, i, 0};
    link.ends[1] = {lab::End::To::Network, 0, lab::none};
    lab.links.push_back(link);
  }
  return lab;
}

TEST(Neighbours, AreCountedByBroadcastDomain) {
  EXPECT_EQ(warn_of_neighbours(one_network(32), Family::V4, 1024), "");  // 32 * 31 = 992
  EXPECT_EQ(warn_of_neighbours(one_network(33), Family::V4, 1024),
            "up to 1056 IPv4 neighbours may be talking in this lab, and this machine keeps 1024 for all its "
            "namespaces together: "
            "beyond that packets are lost\n  sysctl -w net.ipv4.neigh.default.gc_thresh3=2048");
  EXPECT_EQ(warn_of_neighbours(one_network(33), Family::V6, 1024), "");
}

}  // namespace
}  // namespace hopyard::app
