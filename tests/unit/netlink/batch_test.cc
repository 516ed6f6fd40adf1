#include "netlink/batch.hh"

#include <gtest/gtest.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "netlink/address.hh"
#include "netlink/attributes.hh"
#include "netlink/link.hh"
#include "netlink/qdisc.hh"
#include "netlink/reply.hh"
#include "netlink/route.hh"

namespace hopyard::netlink {
namespace {

/// A batch that is written but never sent.
class Requests : public ::testing::Test {
 protected:
  Socket socket = std::move(Socket::open().value());
  Batch batch{socket};

  [[nodiscard]] const nlmsghdr& first() const {
    return *reinterpret_cast<const nlmsghdr*>(batch.bytes().data());
  }
  [[nodiscard]] std::string hex(std::size_t from) const {
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const char byte : batch.bytes().subspan(from)) {
      text += digits[static_cast<unsigned char>(byte) >> 4];
      text += digits[static_cast<unsigned char>(byte) & 15];
    }
    return text;
  }
  template <class Header>
  [[nodiscard]] Parts<Header> parts() const {
    return split<Header>(first()).value();
  }
};

TEST_F(Requests, AnAddressByteForByte) {
  ASSERT_TRUE(add_address(batch, 7, *InterfaceAddress::parse("10.0.0.1/30"), Existing::Refuse).has_value());
  EXPECT_EQ(first().nlmsg_len, batch.size());
  EXPECT_EQ(first().nlmsg_type, RTM_NEWADDR);
  EXPECT_EQ(first().nlmsg_flags, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL);
  EXPECT_EQ(hex(NLMSG_HDRLEN),
            "021e0000"
            "07000000"  // AF_INET, 30 bits, device 7
            "08000200"
            "0a000001"  // IFA_LOCAL
            "08000100"
            "0a000001"  // IFA_ADDRESS
            "08000400"
            "0a000003");  // IFA_BROADCAST
}

TEST_F(Requests, AnIpv6AddressIsGoodAtOnce) {
  ASSERT_TRUE(add_address(batch, 2, *InterfaceAddress::parse("fd00::1/64"), Existing::Replace).has_value());
  EXPECT_EQ(first().nlmsg_flags, NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE);
  const auto read = read_address(first());
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->address.text(), "fd00::1/64");
  EXPECT_EQ(read->flags, std::uint32_t{IFA_F_NODAD});
}

TEST_F(Requests, NoBroadcastWhereASubnetHasNone) {
  for (const char* text : {"10.0.0.0/31", "10.0.0.1/32"}) {
    Batch one(socket);
    ASSERT_TRUE(add_address(one, 2, *InterfaceAddress::parse(text), Existing::Refuse).has_value());
    const auto& message = *reinterpret_cast<const nlmsghdr*>(one.bytes().data());
    const AttributeTable<IFA_BROADCAST> table(split<ifaddrmsg>(message)->attributes);
    EXPECT_FALSE(table[IFA_BROADCAST].present()) << text;
  }
}

TEST_F(Requests, BothEndsOfAVethInOneRequest) {
  const Mac mac{{2, 0, 0, 0, 0, 1}};
  const Mac other{{2, 0, 0, 0, 0, 2}};
  ASSERT_TRUE(create_veth(batch, {"eth0", mac, 9000, 2, 11}, {"wan", other, 0, 3, 12}).has_value());
  const auto end = parts<ifinfomsg>();
  EXPECT_EQ(end.header.ifi_index, 2);
  EXPECT_EQ(end.header.ifi_flags & 1U, 0U) << "a pair that is born up is refused and torn down again";
  const AttributeTable<IFLA_NUM_RX_QUEUES> table(end.attributes);
  EXPECT_EQ(table[IFLA_IFNAME].text(), "eth0");
  EXPECT_EQ(table[IFLA_ADDRESS].mac(), mac);
  EXPECT_EQ(table[IFLA_MTU].as<std::uint32_t>(), 9000U);
  EXPECT_EQ(table[IFLA_NUM_TX_QUEUES].as<std::uint32_t>(), 1U);
  EXPECT_EQ(table[IFLA_NUM_RX_QUEUES].as<std::uint32_t>(), 1U);
  EXPECT_EQ(table[IFLA_NET_NS_FD].as<std::uint32_t>(), 11U);
  const AttributeTable<IFLA_INFO_DATA> info(table[IFLA_LINKINFO].payload());
  EXPECT_EQ(info[IFLA_INFO_KIND].text(), "veth");
  const AttributeTable<VETH_INFO_PEER> data(info[IFLA_INFO_DATA].payload());
  const auto peer = data[VETH_INFO_PEER].payload();
  EXPECT_EQ(data[VETH_INFO_PEER].as<ifinfomsg>()->ifi_index, 3);
  const AttributeTable<IFLA_NUM_RX_QUEUES> inner(peer.subspan(sizeof(ifinfomsg)));
  EXPECT_EQ(inner[IFLA_IFNAME].text(), "wan");
  EXPECT_EQ(inner[IFLA_ADDRESS].mac(), other);
  EXPECT_FALSE(inner[IFLA_MTU].present());
  EXPECT_EQ(inner[IFLA_NET_NS_FD].as<std::uint32_t>(), 12U);
}

TEST_F(Requests, ARouteComesBackAsItWas) {
  Route route;
  route.to = *Prefix::parse("192.0.2.0/24");
  route.table = 1000;
  route.metric = 5;
  route.source = IpAddress::parse("10.0.0.1");
  route.hops = {{IpAddress::parse("10.0.0.2"), 3, 1}};
  ASSERT_TRUE(add_route(batch, route, Existing::Refuse).has_value());
  EXPECT_EQ(read_route(first()), route);
}

TEST_F(Requests, AMultipathRouteComesBackAsItWas) {
  Route route;
  route.to = *Prefix::parse("192.0.2.0/24");
  route.hops = {
      {IpAddress::parse("10.0.0.2"), 3, 1}, {IpAddress::parse("fd00::2"), 4, 256}, {std::nullopt, 5, 7}};
  ASSERT_TRUE(add_route(batch, route, Existing::Refuse).has_value());
  EXPECT_EQ(read_route(first()), route);
}

TEST_F(Requests, TwoHundredAndFiftySixNextHopsFit) {
  Route route;
  route.to = *Prefix::parse("2001:db8::/32");
  for (std::uint32_t i = 0; i < 256; ++i)
    route.hops.push_back({IpAddress::parse("fd00::2")->plus(i), i + 2, 1});
  ASSERT_TRUE(add_route(batch, route, Existing::Refuse).has_value());
  EXPECT_EQ(read_route(first()), route);
}

TEST_F(Requests, AScopeThatFitsTheRoute) {
  const auto scope_of = [this](const Route& route) {
    Batch one(socket);
    EXPECT_TRUE(add_route(one, route, Existing::Refuse).has_value());
    return split<rtmsg>(*reinterpret_cast<const nlmsghdr*>(one.bytes().data()))->header.rtm_scope;
  };
  Route route;
  route.to = *Prefix::parse("192.0.2.0/24");
  route.hops = {{std::nullopt, 3, 1}};
  EXPECT_EQ(scope_of(route), RT_SCOPE_LINK);
  route.hops[0].via = IpAddress::parse("10.0.0.2");
  EXPECT_EQ(scope_of(route), RT_SCOPE_UNIVERSE);
  route.hops.clear();
  route.type = RTN_BLACKHOLE;
  EXPECT_EQ(scope_of(route), RT_SCOPE_UNIVERSE);
  route.type = RTN_LOCAL;
  EXPECT_EQ(scope_of(route), RT_SCOPE_HOST);
}

TEST_F(Requests, TheEmulatorInItsOwnUnits) {
  Netem netem;
  netem.latency = 20'000'000;
  netem.jitter = 1'000'000;
  netem.loss = 1;
  netem.duplicate = 0.5;
  netem.reorder = 0.25;
  netem.rate = 8'000'000'000;
  netem.seed = 42;
  ASSERT_TRUE(set_netem(batch, 3, netem).has_value());
  const auto request = parts<tcmsg>();
  EXPECT_EQ(request.header.tcm_parent, TC_H_ROOT);
  const AttributeTable<TCA_OPTIONS> table(request.attributes);
  EXPECT_EQ(table[TCA_KIND].text(), "netem");
  const auto plain = *table[TCA_OPTIONS].as<tc_netem_qopt>();
  EXPECT_EQ(plain.limit, 1000U) << "a limit of nothing would drop everything";
  EXPECT_EQ(plain.loss, UINT32_MAX);
  EXPECT_EQ(plain.duplicate, 0x80000000U);
  EXPECT_EQ(plain.gap, 1U);
  const AttributeTable<13> options(table[TCA_OPTIONS].payload().subspan(sizeof plain));
  EXPECT_EQ(options[TCA_NETEM_LATENCY64].as<std::uint64_t>(), 20'000'000U);
  EXPECT_EQ(options[TCA_NETEM_JITTER64].as<std::uint64_t>(), 1'000'000U);
  EXPECT_EQ(options[TCA_NETEM_REORDER].as<tc_netem_reorder>()->probability, 0x40000000U);
  EXPECT_EQ(options[TCA_NETEM_RATE].as<tc_netem_rate>()->rate, UINT32_MAX);
  EXPECT_EQ(options[TCA_NETEM_RATE64].as<std::uint64_t>(), 8'000'000'000U);
  EXPECT_EQ(options[13].as<std::uint64_t>(), 42U);
}

TEST_F(Requests, ATokenBucketInBytes) {
  ASSERT_TRUE(set_tbf(batch, 3, {125'000, 3'028, 25'000}).has_value());
  const AttributeTable<TCA_OPTIONS> table(parts<tcmsg>().attributes);
  const AttributeTable<TCA_TBF_BURST> options(table[TCA_OPTIONS].payload());
  const auto plain = *options[TCA_TBF_PARMS].as<tc_tbf_qopt>();
  EXPECT_EQ(plain.rate.rate, 125'000U);
  EXPECT_EQ(plain.limit, 25'000U);
  EXPECT_EQ(plain.rate.linklayer, TC_LINKLAYER_ETHERNET);
  EXPECT_EQ(options[TCA_TBF_BURST].as<std::uint32_t>(), 3'028U);
  EXPECT_FALSE(options[TCA_TBF_RATE64].present());
}

TEST_F(Requests, OneBufferHoldsSeveral) {
  ASSERT_TRUE(set_link_state(batch, 2, true).has_value());
  ASSERT_TRUE(set_master(batch, 2, 9).has_value());
  std::vector<std::uint16_t> types;
  std::vector<std::uint32_t> sequences;
  for_each_message(batch.bytes(), [&](const nlmsghdr& message) {
    types.push_back(message.nlmsg_type);
    sequences.push_back(message.nlmsg_seq);
  });
  EXPECT_EQ(types, (std::vector<std::uint16_t>{RTM_NEWLINK, RTM_NEWLINK}));
  ASSERT_EQ(sequences.size(), 2U);
  EXPECT_EQ(sequences[1], sequences[0] + 1);
}

}  // namespace
}  // namespace hopyard::netlink
