#include <gmock/gmock.h>

#include "kernel/baseline.hh"
#include "kernel/limits.hh"
#include "kernel/nftables.hh"
#include "kernel/shape.hh"

namespace hopyard::kernel {
namespace {

TEST(SysctlPath, DotsBecomeSlashesAndSlashesDots) {
  EXPECT_EQ(sysctl_path("net.ipv4.ip_forward"), "sys/net/ipv4/ip_forward");
  EXPECT_EQ(sysctl_path("net.ipv4.conf.eth0/100.rp_filter"), "sys/net/ipv4/conf/eth0.100/rp_filter");
}

TEST(SysctlPath, LeadsNowhereElse) {
  for (const char* name :
       {"kernel.hostname", "net", "", "net.//.//.kernel.hostname", "net..ipv4", "net.ipv4.//", "net.ipv4."})
    EXPECT_EQ(sysctl_path(name), "") << name;
}

TEST(Limits, TwoDescriptorsANamespaceWhereTheyFit) {
  EXPECT_EQ(room_for(1000, 20000, 10), Room::ForSockets);
  EXPECT_EQ(room_for(12000, 20000, 10), Room::ForNamespaces);
}

TEST(Limits, TheErrorNamesTheLimitAndTheNumberNeeded) {
  const auto room = room_for(20000, 20000, 10);
  ASSERT_FALSE(room.has_value());
  EXPECT_EQ(
      room.error().text(),
      "build the lab: it needs 20042 open files, one for each of its 20000 namespaces and 42 more, and the "
      "limit "
      "is 20000\n  raise the limit of open files: ulimit -n 20042, or LimitNOFILE= of the systemd unit");
}

net::Impairment rate(std::uint64_t bits, std::uint32_t limit = 0) {
  net::Impairment impairment;
  impairment.rate = bits;
  impairment.limit = limit;
  return impairment;
}

TEST(Tbf, ABucketOfFiveMillisecondsAndTwoFramesAtLeast) {
  EXPECT_EQ(tbf_for(rate(100'000'000), 1500).rate, 12'500'000U);
  EXPECT_EQ(tbf_for(rate(100'000'000), 1500).burst, 62'500U);
  EXPECT_EQ(tbf_for(rate(64'000), 1500).burst, 2U * 1514);
  EXPECT_EQ(tbf_for(rate(64'000), 0).burst, 2U * 1514);
  EXPECT_EQ(tbf_for(rate(64'000), 9000).burst, 2U * 9014);
}

TEST(Tbf, AQueueOfTheLimitOrOfTwoHundredMilliseconds) {
  EXPECT_EQ(tbf_for(rate(1'000'000, 5), 1500).limit, 5U * 1514);
  EXPECT_EQ(tbf_for(rate(1'000'000), 1500).limit, 25'000U);
  EXPECT_EQ(tbf_for(rate(64'000), 1500).limit, 10U * 1514);
  EXPECT_EQ(tbf_for(rate(10'000'000'000), 1500).limit, 1000U * 1514);
}

TEST(Tbf, TheSlowestRateIsAByteASecond) {
  EXPECT_EQ(tbf_for(rate(1), 1500).rate, 1U);
}

TEST(Netem, TakesBitsAndGivesBytes) {
  net::Impairment impairment = rate(8'000);
  impairment.delay = std::chrono::milliseconds(20);
  impairment.loss = 0.5;
  impairment.seed = 3;
  const netlink::Netem netem = netem_for(impairment);
  EXPECT_EQ(netem.rate, 1000U);
  EXPECT_EQ(netem.latency, 20'000'000);
  EXPECT_EQ(netem.loss, 0.5);
  EXPECT_EQ(netem.seed, 3U);
}

}  // namespace
}  // namespace hopyard::kernel
