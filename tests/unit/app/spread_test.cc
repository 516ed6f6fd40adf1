#include "app/spread.hh"

#include <gtest/gtest.h>

#include "app/hops.hh"

namespace hopyard::app {
namespace {

using Names = std::vector<std::string>;
using Hops = std::vector<std::optional<unsigned>>;

/// r1 -- r2 -- r3, with r3, a and b on a LAN made of a network and a switch, and one node by itself.
keeper::Description lab() {
  keeper::Description lab;
  for (const char* name : {"r1", "r2", "r3", "a", "b", "alone"}) {
    lab.nodes.emplace_back().name = name;
    lab.nodes.back().kind = "router";
  }
  lab.nodes.emplace_back().name = "sw";
  lab.nodes.back().kind = "switch";
  lab.networks.emplace_back().name = "lan";
  for (const auto& [one, other] :
       {std::pair{"r1", "r2"}, {"r2", "r3"}, {"r3", "lan"}, {"lan", "sw"}, {"sw", "a"}, {"lan", "b"}}) {
    keeper::LinkDescription& link = lab.links.emplace_back();
    link.ends[0].node = one;
    link.ends[1].node = other;
  }
  return lab;
}

const Names nodes{"r1", "r2", "r3", "a", "b", "alone"};

TEST(Hops, NetworksAndSwitchesAreNone) {
  EXPECT_EQ(hop_distances(lab(), nodes, {"r1"}), (Hops{0, 1, 2, 3, 3, std::nullopt}));
  EXPECT_EQ(hop_distances(lab(), nodes, {"b"}), (Hops{3, 2, 1, 1, 0, std::nullopt}));
}

TEST(Hops, TheNearestOriginCounts) {
  EXPECT_EQ(hop_distances(lab(), nodes, {"r1", "a"}), (Hops{0, 1, 1, 0, 1, std::nullopt}));
  EXPECT_EQ(hop_distances(lab(), nodes, {}), Hops(6));
}

TEST(ParsePrefix, ItsForms) {
  EXPECT_EQ(parse_prefix("10.9.0.0/24")->text(), "10.9.0.0/24");
  EXPECT_EQ(parse_prefix("10.9.0.1")->text(), "10.9.0.1/32");
  EXPECT_EQ(parse_prefix("fd00::1")->text(), "fd00::1/128");
  EXPECT_EQ(parse_prefix("default")->text(), "0.0.0.0/0");
  EXPECT_EQ(parse_prefix("10.9.0.1/24").error().remedy, "did you mean 10.9.0.0/24?");
  EXPECT_EQ(parse_prefix("nonsense").error().detail, "'nonsense' is no prefix");
}

net::SeenRoute seen(const char* via, std::uint8_t protocol = 188) {
  net::SeenRoute seen;
  seen.protocol = protocol;
  seen.route.to = *Prefix::parse("10.9.0.0/24");
  seen.route.next_hops.push_back({IpAddress::parse(via), "eth0", 1});
  return seen;
}

observe::RouteChange added(net::SeenRoute route, bool replaced = false) {
  return {true, replaced, std::move(route)};
}
observe::RouteChange removed(net::SeenRoute route, bool replaced = false) {
  return {false, replaced, std::move(route)};
}

Spread spread() {
  return Spread(*Prefix::parse("10.9.0.0/24"), nodes, lab());
}

TEST(Spread, FromANodeThatHasItOnAnInterface) {
  Spread of = spread();
  of.begin(0, {seen("", 2)});
  of.begin(1, {});
  EXPECT_EQ(of.origins(), Names{"r1"});
  EXPECT_EQ(of.take(2, 0.5, added(seen("10.0.0.2")))->hops, 2U);
  EXPECT_EQ(of.take(1, 0.75, added(seen("10.0.0.1")))->hops, 1U);
  EXPECT_EQ(of.duration(), 0.25);
  const auto rows = of.rows();
  EXPECT_EQ(rows[0].node, "r1");
  EXPECT_TRUE(rows[0].at_start);
  EXPECT_EQ(rows[1].seconds, 0.75);
  EXPECT_EQ(rows[2].seconds, 0.5);
  EXPECT_EQ(rows[5].hops, std::nullopt);
}

TEST(Spread, FromANodeThatAnnouncesItHoweverLateItIsSeen) {
  Spread of = spread();
  EXPECT_EQ(of.take(1, 1, added(seen("10.0.0.1")))->hops, 0U);  // as far as is known
  net::SeenRoute blackhole = seen("");
  blackhole.route.type = net::Route::Type::Blackhole;
  blackhole.route.next_hops.clear();
  of.take(0, 2, added(blackhole));
  EXPECT_EQ(of.origins(), Names{"r1"});
  EXPECT_EQ(of.hops(), (Hops{0, 1, 2, 3, 3, std::nullopt}));
}

TEST(Spread, FromTheEarliestWhereAllLeadToGateways) {
  Spread of = spread();
  of.take(2, 3, added(seen("10.0.0.1")));
  of.take(1, 4, added(seen("10.0.0.2")));
  EXPECT_EQ(of.origins(), Names{"r3"});
}

TEST(Spread, WhatWasThereBeforeTellsNoOriginButWhoWasGivenIt) {
  Spread of = spread();
  of.begin(0, {seen("192.0.2.1", 4)});
  of.begin(1, {seen("10.0.0.1")});
  EXPECT_EQ(of.origins(), Names{"r1"});
  Spread unknown = spread();
  unknown.begin(0, {seen("10.0.0.2")});
  unknown.begin(1, {seen("10.0.0.1")});
  EXPECT_EQ(unknown.origins(), Names{});
  EXPECT_EQ(unknown.hops(), Hops(6));
}

TEST(Spread, LossesAndReplacements) {
  Spread of = spread();
  of.begin(0, {seen("", 2)});
  of.begin(1, {seen("10.0.0.1")});
  EXPECT_EQ(of.take(1, 1, removed(seen("10.0.0.1"), true)), std::nullopt);
  EXPECT_EQ(of.take(1, 1, added(seen("10.0.0.9"), true))->kind, SpreadStep::Kind::Changed);
  EXPECT_TRUE(of.moves().empty());
  EXPECT_EQ(of.take(1, 2, removed(seen("10.0.0.9")))->kind, SpreadStep::Kind::Lost);
  EXPECT_EQ(of.take(1, 3, added(seen("10.0.0.1")))->kind, SpreadStep::Kind::Got);
  EXPECT_EQ(of.last_step(), 3);
  const SpreadRow row = of.rows()[1];
  EXPECT_EQ(row.lost_seconds, 2);
  EXPECT_EQ(row.again_seconds, 3);
  EXPECT_EQ(row.changes, 3U);
  EXPECT_EQ(of.moves().size(), 2U);
  EXPECT_EQ(of.duration(), std::nullopt);  // nobody got it for the first time
}

TEST(Spread, OtherDestinationsAndTablesAreNotItsConcern) {
  Spread of = spread();
  net::SeenRoute other = seen("10.0.0.1");
  other.route.to = *Prefix::parse("10.8.0.0/24");
  EXPECT_EQ(of.take(1, 1, added(other)), std::nullopt);
  other = seen("10.0.0.1");
  other.route.table = 100;
  EXPECT_EQ(of.take(1, 1, added(other)), std::nullopt);
}

}  // namespace
}  // namespace hopyard::app
