#include "observe/route_table.hh"

#include <gtest/gtest.h>
#include <linux/if_addr.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <cstring>
#include <string>

#include "netlink/reply.hh"

namespace hopyard::observe {
namespace {

/// Notifications as the kernel would write them.
class Message {
 public:
  template <class Header>
  Message(std::uint16_t type, std::uint16_t flags, const Header& header) {
    nlmsghdr head{};
    head.nlmsg_type = type;
    head.nlmsg_flags = flags;
    add(&head, sizeof head);
    add(&header, sizeof header);
  }
  Message& add(const void* data, std::size_t size) {
    const auto* begin = static_cast<const char*>(data);
    bytes_.insert(bytes_.end(), begin, begin + size);
    bytes_.resize(NLMSG_ALIGN(bytes_.size()));
    reinterpret_cast<nlmsghdr*>(bytes_.data())->nlmsg_len = static_cast<std::uint32_t>(bytes_.size());
    return *this;
  }
  Message& attribute(std::uint16_t type, const void* data, std::size_t size) {
    const nlattr head{static_cast<std::uint16_t>(NLA_HDRLEN + size), type};
    add(&head, sizeof head);
    return add(data, size);
  }
  Message& number(std::uint16_t type, std::uint32_t value) { return attribute(type, &value, sizeof value); }
  Message& address(std::uint16_t type, const char* text) {
    const auto address = IpAddress::parse(text).value();
    return attribute(type, address.data(), address.size());
  }
  operator const nlmsghdr&() const { return *reinterpret_cast<const nlmsghdr*>(bytes_.data()); }

 private:
  std::vector<char> bytes_;
};

/// A route without where it leads.
Message route(std::uint16_t type, const char* to, std::uint16_t flags = 0) {
  const Prefix prefix = Prefix::parse(to).value();
  rtmsg header{};
  header.rtm_family = prefix.family() == Family::V4 ? AF_INET : AF_INET6;
  header.rtm_dst_len = prefix.length;
  header.rtm_table = RT_TABLE_MAIN;
  header.rtm_protocol = RTPROT_OSPF;
  header.rtm_type = RTN_UNICAST;
  Message message(type, flags, header);
  message.attribute(RTA_DST, prefix.address.data(), prefix.address.size());
  return message;
}

Message route_via(std::uint16_t type, const char* to, const char* via, std::uint16_t flags = 0) {
  return route(type, to, flags).address(RTA_GATEWAY, via).number(RTA_OIF, 2);
}

/// RTA_MULTIPATH of gateways on the devices 2, 3 and so on, with the weights 1, 2 and so on.
Message& add_multipath(Message& message, std::initializer_list<const char*> gateways) {
  std::string bytes;
  int index = 2;
  for (const char* text : gateways) {
    const auto via = IpAddress::parse(text).value();
    const nlattr head{static_cast<std::uint16_t>(NLA_HDRLEN + via.size()), RTA_GATEWAY};
    rtnexthop hop{};
    hop.rtnh_len = static_cast<std::uint16_t>(sizeof hop + head.nla_len);
    hop.rtnh_ifindex = index;
    hop.rtnh_hops = static_cast<std::uint8_t>(index - 2);
    ++index;
    bytes.append(reinterpret_cast<const char*>(&hop), sizeof hop);
    bytes.append(reinterpret_cast<const char*>(&head), sizeof head);
    bytes.append(reinterpret_cast<const char*>(via.data()), via.size());
  }
  return message.attribute(RTA_MULTIPATH, bytes.data(), bytes.size());
}

Message nexthop(std::uint16_t type, std::uint32_t id, const char* via) {
  nhmsg header{};
  header.nh_family = AF_INET;
  Message message(type, 0, header);
  return message.number(NHA_ID, id).address(NHA_GATEWAY, via).number(NHA_OIF, 2);
}

Message nexthop_group(std::uint32_t id, std::initializer_list<std::pair<std::uint32_t, int>> members) {
  std::vector<nexthop_grp> group;
  for (const auto& [member, weight] : members) {
    nexthop_grp one{};
    one.id = member;
    one.weight = static_cast<std::uint8_t>(weight - 1);
    group.push_back(one);
  }
  Message message(RTM_NEWNEXTHOP, 0, nhmsg{});
  return message.number(NHA_ID, id).attribute(NHA_GROUP, group.data(), group.size() * sizeof(nexthop_grp));
}

Message link(int index, bool up, const char* name) {
  ifinfomsg header{};
  header.ifi_index = index;
  header.ifi_flags = up ? IFF_UP : 0;
  Message message(RTM_NEWLINK, 0, header);
  return message.attribute(IFLA_IFNAME, name, std::strlen(name) + 1);
}

/// "+ 10.0.0.0/8 via 10.1.0.1 dev eth0", with "=" for "+" or "-" where another route was or is there.
std::vector<std::string> words(const std::vector<RouteChange>& changes) {
  std::vector<std::string> all;
  for (const auto& [added, replaced, seen] : changes) {
    std::string text = std::string(added ? "+" : "-") + (replaced ? "=" : "") + ' ' + seen.route.to.text();
    for (const net::NextHop& hop : seen.route.next_hops) {
      text += hop.via ? " via " + hop.via->text() : "";
      text += " dev " + (hop.device.empty() ? "?" : hop.device);
      if (hop.weight != 1) text += " weight " + std::to_string(hop.weight);
    }
    all.push_back(std::move(text));
  }
  return all;
}

using Words = std::vector<std::string>;

class RouteTableTest : public testing::Test {
 protected:
  void SetUp() override { table_.reset({{{2, "eth0"}, {3, "eth1"}}, {}, {}}); }
  Words apply(const nlmsghdr& message) { return words(table_.apply(message)); }
  RouteTable table_;
};

TEST_F(RouteTableTest, RoutesComeAreReplacedAndGo) {
  EXPECT_EQ(apply(route_via(RTM_NEWROUTE, "10.9.0.0/16", "10.0.0.1")),
            Words{"+ 10.9.0.0/16 via 10.0.0.1 dev eth0"});
  EXPECT_EQ(apply(route_via(RTM_NEWROUTE, "10.9.0.0/16", "10.0.0.2", NLM_F_REPLACE)),
            (Words{"-= 10.9.0.0/16 via 10.0.0.1 dev eth0", "+= 10.9.0.0/16 via 10.0.0.2 dev eth0"}));
  EXPECT_EQ(apply(route_via(RTM_DELROUTE, "10.9.0.0/16", "10.0.0.2")),
            Words{"- 10.9.0.0/16 via 10.0.0.2 dev eth0"});
  EXPECT_TRUE(table_.routes().empty());
  EXPECT_FALSE(table_.doubtful());
}

TEST_F(RouteTableTest, WhatIsKnownAlreadyIsNoChange) {
  apply(route_via(RTM_NEWROUTE, "10.9.0.0/16", "10.0.0.1"));
  EXPECT_EQ(apply(route_via(RTM_NEWROUTE, "10.9.0.0/16", "10.0.0.1", NLM_F_REPLACE)), Words{});
  EXPECT_EQ(apply(route_via(RTM_DELROUTE, "10.8.0.0/16", "10.0.0.1")), Words{});
}

TEST_F(RouteTableTest, MetricsAndTablesMakeRoutesOfTheirOwn) {
  apply(route_via(RTM_NEWROUTE, "10.9.0.0/16", "10.0.0.1"));
  EXPECT_EQ(apply(route_via(RTM_NEWROUTE, "10.9.0.0/16", "10.0.0.2").number(RTA_PRIORITY, 20)),
            Words{"+ 10.9.0.0/16 via 10.0.0.2 dev eth0"});
  EXPECT_EQ(apply(route_via(RTM_NEWROUTE, "10.9.0.0/16", "10.0.0.2").number(RTA_TABLE, 4711)),
            Words{"+ 10.9.0.0/16 via 10.0.0.2 dev eth0"});
  EXPECT_EQ(table_.routes().size(), 3U);
}

TEST_F(RouteTableTest, Multipath) {
  Message message = route(RTM_NEWROUTE, "10.9.0.0/16");
  EXPECT_EQ(apply(add_multipath(message, {"10.0.0.1", "10.1.0.1"})),
            Words{"+ 10.9.0.0/16 via 10.0.0.1 dev eth0 via 10.1.0.1 dev eth1 weight 2"});
}

TEST_F(RouteTableTest, NextHopsOfIpv6AreAddedToTheRoute) {
  apply(route_via(RTM_NEWROUTE, "fd09::/16", "fe80::1"));
  Message both = route(RTM_NEWROUTE, "fd09::/16", NLM_F_APPEND);
  EXPECT_EQ(apply(add_multipath(both, {"fe80::1", "fe80::2"})),
            (Words{"-= fd09::/16 via fe80::1 dev eth0",
                   "+= fd09::/16 via fe80::1 dev eth0 via fe80::2 dev eth1 weight 2"}));
  // One of them goes: what is left the kernel does not say.
  EXPECT_EQ(apply(route_via(RTM_DELROUTE, "fd09::/16", "fe80::1")), Words{});
  EXPECT_TRUE(table_.doubtful());
}

TEST_F(RouteTableTest, NexthopObjectsAreResolved) {
  apply(nexthop(RTM_NEWNEXTHOP, 7, "10.0.0.1"));
  apply(nexthop(RTM_NEWNEXTHOP, 8, "10.0.0.2"));
  apply(nexthop_group(9, {{7, 2}, {8, 1}}));
  EXPECT_EQ(apply(route(RTM_NEWROUTE, "10.9.0.0/16").number(RTA_NH_ID, 9)),
            Words{"+ 10.9.0.0/16 via 10.0.0.1 dev eth0 weight 2 via 10.0.0.2 dev eth0"});
  EXPECT_EQ(apply(route(RTM_NEWROUTE, "10.8.0.0/16").number(RTA_NH_ID, 7)),
            Words{"+ 10.8.0.0/16 via 10.0.0.1 dev eth0"});
  EXPECT_EQ(apply(route(RTM_NEWROUTE, "10.7.0.0/16").number(RTA_NH_ID, 4711)), Words{"+ 10.7.0.0/16"});
  EXPECT_FALSE(table_.doubtful());
}

TEST_F(RouteTableTest, AnotherObjectForTheSameWayIsNoChange) {
  apply(nexthop(RTM_NEWNEXTHOP, 7, "10.0.0.1"));
  apply(nexthop(RTM_NEWNEXTHOP, 8, "10.0.0.1"));
  apply(route(RTM_NEWROUTE, "10.9.0.0/16").number(RTA_NH_ID, 7));
  EXPECT_EQ(apply(route(RTM_NEWROUTE, "10.9.0.0/16", NLM_F_REPLACE).number(RTA_NH_ID, 8)), Words{});
}

TEST_F(RouteTableTest, AnObjectThatChangesOrGoesUnderARouteMakesItDoubtful) {
  apply(nexthop(RTM_NEWNEXTHOP, 7, "10.0.0.1"));
  apply(nexthop(RTM_NEWNEXTHOP, 8, "10.0.0.2"));
  apply(nexthop_group(9, {{7, 1}}));
  apply(route(RTM_NEWROUTE, "10.9.0.0/16").number(RTA_NH_ID, 9));
  apply(nexthop(RTM_DELNEXTHOP, 8, "10.0.0.2"));
  apply(nexthop(RTM_NEWNEXTHOP, 7, "10.0.0.1"));
  EXPECT_FALSE(table_.doubtful());
  apply(nexthop(RTM_NEWNEXTHOP, 7, "10.0.0.3"));
  EXPECT_TRUE(table_.doubtful());
}

TEST_F(RouteTableTest, ALinkThatGoesDownUnderARouteMakesItDoubtful) {
  apply(route_via(RTM_NEWROUTE, "10.9.0.0/16", "10.0.0.1"));
  apply(link(3, false, "eth1"));
  apply(link(2, true, "eth0"));
  EXPECT_FALSE(table_.doubtful());
  apply(link(2, false, "eth0"));
  EXPECT_TRUE(table_.doubtful());
  EXPECT_EQ(words(table_.reset({{{2, "eth0"}}, {}, {}})), Words{"- 10.9.0.0/16 via 10.0.0.1 dev eth0"});
  EXPECT_FALSE(table_.doubtful());
}

TEST_F(RouteTableTest, AnIpv4AddressThatGoesMakesItDoubtful) {
  ifaddrmsg header{};
  header.ifa_family = AF_INET6;
  apply(Message(RTM_DELADDR, 0, header));
  EXPECT_FALSE(table_.doubtful());
  header.ifa_family = AF_INET;
  apply(Message(RTM_DELADDR, 0, header));
  EXPECT_TRUE(table_.doubtful());
}

TEST_F(RouteTableTest, NewNamesOfDevicesAreTakenOver) {
  apply(link(2, true, "wan"));
  EXPECT_EQ(apply(route_via(RTM_NEWROUTE, "10.9.0.0/16", "10.0.0.1")),
            Words{"+ 10.9.0.0/16 via 10.0.0.1 dev wan"});
}

TEST_F(RouteTableTest, AReadingTellsWhatIsDifferent) {
  apply(route_via(RTM_NEWROUTE, "10.1.0.0/16", "10.0.0.1"));
  apply(route_via(RTM_NEWROUTE, "10.2.0.0/16", "10.0.0.1"));
  apply(route_via(RTM_NEWROUTE, "10.3.0.0/16", "10.0.0.1"));
  RouteReading reading{{{2, "eth0"}}, {}, {}};
  for (const auto& message : {route_via(RTM_NEWROUTE, "10.2.0.0/16", "10.0.0.2"),
                              route_via(RTM_NEWROUTE, "10.3.0.0/16", "10.0.0.1"),
                              route_via(RTM_NEWROUTE, "10.4.0.0/16", "10.0.0.1")})
    reading.routes.push_back(netlink::read_route(message).value());
  EXPECT_EQ(words(table_.reset(std::move(reading))),
            (Words{"- 10.1.0.0/16 via 10.0.0.1 dev eth0", "-= 10.2.0.0/16 via 10.0.0.1 dev eth0",
                   "+= 10.2.0.0/16 via 10.0.0.2 dev eth0", "+ 10.4.0.0/16 via 10.0.0.1 dev eth0"}));
}

TEST_F(RouteTableTest, MessagesThatAreCutShortAreNothing) {
  const Message whole = route_via(RTM_NEWROUTE, "10.9.0.0/16", "10.0.0.1");
  const nlmsghdr& head = whole;
  std::vector<char> bytes(reinterpret_cast<const char*>(&head),
                          reinterpret_cast<const char*>(&head) + head.nlmsg_len);
  for (std::uint32_t size = sizeof(nlmsghdr); size < NLMSG_LENGTH(sizeof(rtmsg)); ++size) {
    reinterpret_cast<nlmsghdr*>(bytes.data())->nlmsg_len = size;
    for (const std::uint16_t type : {RTM_NEWROUTE, RTM_NEWLINK, RTM_DELADDR, RTM_NEWNEXTHOP}) {
      reinterpret_cast<nlmsghdr*>(bytes.data())->nlmsg_type = type;
      EXPECT_EQ(apply(*reinterpret_cast<const nlmsghdr*>(bytes.data())), Words{});
    }
  }
}

}  // namespace
}  // namespace hopyard::observe
