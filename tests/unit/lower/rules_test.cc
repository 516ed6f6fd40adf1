#include "lower/rules.hh"

#include <gmock/gmock.h>

namespace hopyard::lower {
namespace {

using ::testing::ElementsAre;

std::vector<std::optional<std::uint32_t>> placed(
    const std::vector<std::pair<Family, std::optional<std::uint32_t>>>& rules, net::Namespace ns = {}) {
  for (const auto& [family, priority] : rules) {
    net::Rule& rule = ns.rules.emplace_back();
    rule.family = family, rule.priority = priority;
  }
  net::Desired desired;
  desired.namespaces.push_back(std::move(ns));
  place_rules(desired);
  std::vector<std::optional<std::uint32_t>> places;
  for (const net::Rule& rule : desired.namespaces[0].rules) places.push_back(rule.priority);
  return places;
}

TEST(Rules, ComeBeforeAllButTheFirst) {
  EXPECT_THAT(placed({{Family::V4, {}}, {Family::V4, {}}, {Family::V6, {}}}),
              ElementsAre(32765, 32764, 32765));
  EXPECT_THAT(
      placed({{Family::V4, 500}, {Family::V4, {}}, {Family::V6, {}}, {Family::V4, 40000}, {Family::V4, {}}}),
      ElementsAre(500, 499, 32765, 40000, 498));
}

TEST(Rules, DoNotComeBeforeTheFirst) {
  EXPECT_THAT(placed({{Family::V4, 1}, {Family::V4, {}}, {Family::V4, {}}}), ElementsAre(1, 0, 0));
}

TEST(Rules, ComeBeforeTheOneOfVrfs) {
  net::Namespace ns;
  net::LinkSettings vrf;
  vrf.type = net::LinkType::Vrf;
  ns.devices.emplace_back().kind = net::Device::Kind::Other;
  ns.devices[0].link = std::make_shared<const net::LinkSettings>(vrf);
  EXPECT_THAT(placed({{Family::V4, {}}, {Family::V6, {}}}, ns), ElementsAre(999, 999));
}

TEST(Rules, OfSomebodyElsesNamespaceAreTheKernelsToPlace) {
  net::Namespace ns;
  ns.adopted = "pid:7";
  EXPECT_THAT(placed({{Family::V4, {}}}, ns), ElementsAre(std::nullopt));
}

}  // namespace
}  // namespace hopyard::lower
