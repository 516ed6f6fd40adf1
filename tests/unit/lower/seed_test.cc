#include "lower/seed.hh"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/unit/lower/labs.hh"

namespace hopyard::lower {
namespace {

using Json = nlohmann::json;
using test::Builder;

/// What the seed says of the first card of a node with those routes.
Json card(Builder& lab, std::uint32_t node) {
  const Json all = Json::parse(network_config(lab[node], lab[node].routes, {}));
  return all["ethernets"][lab[node].interfaces[0].name];
}

TEST(Seed, PutsAGatewayOnTheLinkThatIsInNoSubnet) {
  Builder lab;
  const std::uint32_t guest = lab.host("guest");
  lab.link(guest, "10.0.0.2/24 fd00::2/64", lab.router("r"), "10.0.0.1/24 fd00::1/64");
  lab.route(guest, "0.0.0.0/0 via 192.0.2.1 dev eth0");
  lab.route(guest, "10.9.0.0/16 via 192.0.2.1 dev eth0");
  lab.route(guest, "::/0 via 2001:db8::1 dev eth0");
  const Json one = card(lab, guest);
  EXPECT_EQ(one["gateway4"], "192.0.2.1");
  EXPECT_EQ(one["gateway6"], "2001:db8::1");
  EXPECT_EQ(one["routes"], Json::parse(R"([
    {"to": "192.0.2.1/32", "via": "0.0.0.0", "scope": "link"},
    {"to": "2001:db8::1/128", "via": "::", "scope": "link"},
    {"to": "10.9.0.0/16", "via": "192.0.2.1", "on-link": true}])"));
}

TEST(Seed, PutsNoGatewayOnTheLinkThatIsThere) {
  Builder lab;
  const std::uint32_t guest = lab.host("guest");
  lab.link(guest, "10.0.0.2/24 fd00::2/64", lab.router("r"), "10.0.0.1/24 fd00::1/64");
  lab.route(guest, "0.0.0.0/0 via 10.0.0.1 dev eth0");
  lab.route(guest, "::/0 via fe80::1 dev eth0");
  EXPECT_FALSE(card(lab, guest).contains("routes"));
}

TEST(Seed, TellsTheRoutesOfACardThatAsksForItsAddresses) {
  Builder lab;
  const std::uint32_t guest = lab.host("guest");
  lab.link(guest, "", lab.router("r"), "10.0.0.1/24");
  lab[guest].interfaces[0].dhcp = true;
  lab.route(guest, "10.9.0.0/16 via 10.0.0.7 dev eth0");
  lab.route(guest, "0.0.0.0/0 via 10.0.0.7 dev eth0");
  const Json one = card(lab, guest);
  EXPECT_EQ(one["dhcp4"], true);
  EXPECT_FALSE(one.contains("gateway4"));
  EXPECT_EQ(one["routes"], Json::parse(R"([
    {"to": "10.0.0.7/32", "via": "0.0.0.0", "scope": "link"},
    {"to": "10.9.0.0/16", "via": "10.0.0.7", "on-link": true},
    {"to": "0.0.0.0/0", "via": "10.0.0.7", "on-link": true}])"));
}

}  // namespace
}  // namespace hopyard::lower
