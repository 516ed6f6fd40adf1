#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <filesystem>

#include "kernel/baseline.hh"
#include "kernel/features.hh"
#include "tests/kernel/support.hh"

namespace hopyard::kernel_tests {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Settings : public KernelTest {
 protected:
  void SetUp() override {
    KernelTest::SetUp();
    a = draft.node("a");
    b = draft.node("b");
    draft.wire(a, "eth0", b, "eth0");
    draft.address(a, 0, "10.0.0.1/24");
    draft.address(b, 0, "10.0.0.2/24");
  }
  /// The qdisc at the way out of eth0 of node a.
  [[nodiscard]] nlohmann::json qdisc() const {
    return json_in(netns(a), {"tc", "-j", "qdisc", "show", "dev", "eth0", "root"})[0];
  }
  Draft draft;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
};

TEST_F(Settings, SysctlsOfTheNamespaceAndOfADevice) {
  draft[a].sysctls = {{"net.ipv4.ip_forward", "1"},
                      {"net.ipv4.ip_default_ttl", "255"},
                      {"net.ipv4.conf.eth0.rp_filter", "2"}};
  build(draft);
  EXPECT_EQ(sysctl(a, "net.ipv4.ip_forward"), "1");
  EXPECT_EQ(sysctl(a, "net.ipv4.ip_default_ttl"), "255");
  EXPECT_EQ(sysctl(a, "net.ipv4.conf.eth0.rp_filter"), "2");
  EXPECT_EQ(sysctl(b, "net.ipv4.ip_forward"), "0");
}

TEST_F(Settings, AnUnknownSysctlIsNamed) {
  draft[b].sysctls = {{"net.ipv4.ip_forwarding", "1"}};
  EXPECT_EQ(refused(draft), "set net.ipv4.ip_forwarding = 1 in b: No such file or directory");
}

TEST_F(Settings, AValueThatTheKernelRefusesIsNamed) {
  draft[b].sysctls = {{"net.ipv4.ip_default_ttl", "0"}};
  EXPECT_EQ(refused(draft), "set net.ipv4.ip_default_ttl = 0 in b: Invalid argument");
}

TEST_F(Settings, ASysctlThatIsNotOfTheNamespaceIsRefused) {
  draft[b].sysctls = {{"kernel.hostname", "x"}};
  EXPECT_EQ(refused(draft),
            "set kernel.hostname = x in b: kernel.hostname is not a setting of a network namespace");
}

/// New namespaces take after the first one (or, asked so, after the creator's): in this test's own copy of
/// the host the settings are odd, and the lab must not have them.
TEST_F(Settings, TheBaselineIsTheKernelsOwn) {
  build(draft);
  for (const char* scope : {"all", "default", "lo"}) {
    const std::string conf = std::string("net.ipv4.conf.") + scope + ".";
    EXPECT_EQ(sysctl(a, conf + "forwarding"), "0");
    EXPECT_EQ(sysctl(a, conf + "rp_filter"), "0");
    EXPECT_EQ(sysctl(a, conf + "accept_redirects"), "1");
  }
  EXPECT_EQ(sysctl(a, "net.ipv4.conf.eth0.rp_filter"), "0");
  EXPECT_EQ(sysctl(a, "net.ipv4.conf.all.accept_source_route"), "0");
}

TEST_F(Settings, TheBaselineNoticesWhatDiffers) {
  const sys::Fd here = std::move(sys::current_netns().value());
  for (const char* setting : {"all.rp_filter=2", "default.rp_filter=1", "lo.rp_filter=1"})
    ASSERT_EQ(run_in(here.get(), {"sysctl", "-q", "-w", std::string("net.ipv4.conf.") + setting}).status, 0);
  ASSERT_EQ(run_in(here.get(), {"ip", "link", "add", "name", "extra", "type", "bridge"}).status, 0);
  auto socket = netlink::Socket::open();
  const auto procfs = sys::Procfs::open();
  ASSERT_TRUE(socket && procfs);
  const auto baseline = kernel::read_baseline(*procfs, *socket);
  ASSERT_TRUE(baseline.has_value()) << baseline.error().text();
  std::vector<std::string> corrections;
  for (const net::Sysctl& sysctl : baseline->corrections)
    corrections.push_back(sysctl.name + "=" + sysctl.value);
  EXPECT_THAT(corrections,
              ::testing::IsSupersetOf({"net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0",
                                       "net.ipv4.conf.lo.rp_filter=0"}));
  const auto extra = json_in(here.get(), {"ip", "-j", "link", "show", "dev", "extra"})[0]["ifindex"];
  EXPECT_EQ(baseline->first_index, extra.get<std::uint32_t>() + 1);
}

TEST_F(Settings, ARateAloneIsATokenBucket) {
  draft.device(a, 0).egress.rate = 10'000'000;
  build(draft);
  EXPECT_EQ(qdisc()["kind"], "tbf");
  EXPECT_EQ(qdisc()["options"]["rate"], 1'250'000);
  EXPECT_EQ(run_in(netns(a), {"ping", "-c", "1", "-W", "5", "10.0.0.2"}).status, 0);
}

TEST_F(Settings, ARateBeyondThirtyTwoBits) {
  draft.device(a, 0).egress.rate = 100'000'000'000;
  build(draft);
  EXPECT_EQ(qdisc()["options"]["rate"], 12'500'000'000);
}

TEST_F(Settings, ShapingAnewAndNoMore) {
  draft.device(a, 0).egress.rate = 10'000'000;
  build(draft);
  const plan::Operation shape[] = {{plan::Verb::Shape, a, 0}};
  draft.device(a, 0).egress.rate = 20'000'000;
  ASSERT_TRUE(engine::run(shape, draft.desired, *kernel_, namespaces_).has_value());
  EXPECT_EQ(qdisc()["options"]["rate"], 2'500'000);
  draft.device(a, 0).egress = {};
  for (int again = 0; again < 2; ++again) {
    const auto cleared = engine::run(shape, draft.desired, *kernel_, namespaces_);
    ASSERT_TRUE(cleared.has_value()) << cleared.error().text();
    EXPECT_EQ(qdisc()["kind"], "noqueue");
  }
}

TEST_F(Settings, TheEmulatorWhereThereIsOneAndAClearWordWhereNot) {
  net::Impairment& egress = draft.device(a, 0).egress;
  egress.delay = milliseconds(20);
  egress.jitter = milliseconds(2);
  egress.loss = 0.25;
  egress.corrupt = 0.01;
  egress.duplicate = 0.02;
  egress.reorder = 0.5;
  egress.rate = 8'000'000;
  egress.limit = 77;
  if (!tc_has({"netem", "delay", "1ms"})) {
    const std::string text = refused(draft);
    EXPECT_THAT(
        text,
        StartsWith("build the lab: this kernel lacks: network emulator (netem) (no delay, jitter, loss, "
                   "corruption, duplication or reordering on links); the kernel says: "));
    EXPECT_THAT(text, HasSubstr("load the module sch_netem"));
    EXPECT_THAT(text, HasSubstr("CONFIG_NET_SCH_NETEM"));
    return;
  }
  build(draft);
  EXPECT_EQ(qdisc()["kind"], "netem");
  const auto options = qdisc()["options"];
  EXPECT_EQ(options["limit"], 77);
  EXPECT_NEAR(options["delay"]["delay"].get<double>(), 0.020, 1e-6);
  EXPECT_NEAR(options["delay"]["jitter"].get<double>(), 0.002, 1e-6);
  EXPECT_NEAR(options["loss-random"]["loss"].get<double>(), 0.25, 1e-6);
  EXPECT_NEAR(options["corrupt"]["corrupt"].get<double>(), 0.01, 1e-6);
  EXPECT_NEAR(options["duplicate"]["duplicate"].get<double>(), 0.02, 1e-6);
  EXPECT_NEAR(options["reorder"]["reorder"].get<double>(), 0.5, 1e-6);
  EXPECT_EQ(options["rate"]["rate"], 1'000'000);
}

TEST_F(Settings, FromOneQdiscToTheOther) {
  draft.device(a, 0).egress.rate = 10'000'000;
  build(draft);
  const plan::Operation shape[] = {{plan::Verb::Shape, a, 0}};
  draft.device(a, 0).egress.delay = milliseconds(5);
  const auto changed = engine::run(shape, draft.desired, *kernel_, namespaces_);
  if (tc_has({"netem", "delay", "1ms"})) {
    ASSERT_TRUE(changed.has_value()) << changed.error().text();
    EXPECT_EQ(qdisc()["kind"], "netem");
  } else {
    ASSERT_FALSE(changed.has_value());
    EXPECT_THAT(changed.error().text(), StartsWith("shape a:eth0 with rate 10mbit delay 5ms: "));
    EXPECT_EQ(qdisc()["kind"], "tbf");
  }
}

TEST_F(Settings, RulesetsAreLoaded) {
  draft[a].rulesets = {
      "table inet filter {\n  chain input {\n    type filter hook input priority 0; policy accept;\n"
      "    iifname \"eth0\" ip saddr 10.0.0.2 icmp type echo-request drop\n  }\n}\n",
      "table ip nat {\n  chain post { type nat hook postrouting priority 100; oifname eth0 masquerade; "
      "}\n}\n"};
  build(draft);
  const Ran listed = run_in(netns(a), {"nft", "list", "ruleset"});
  EXPECT_THAT(listed.output, HasSubstr("chain input"));
  EXPECT_THAT(listed.output, HasSubstr("masquerade"));
  EXPECT_EQ(run_in(netns(b), {"nft", "list", "ruleset"}).output, "");
  EXPECT_EQ(run_in(netns(b), {"ping", "-c", "1", "-W", "0.2", "10.0.0.1"}).status, 1);
}

TEST_F(Settings, AMistakeInARulesetIsShownInItsOwnWords) {
  draft[a].rulesets = {
      "table inet filter {\n  chain input {\n    type filter hook inptu priority 0;\n  }\n}\n"};
  const std::string text = refused(draft);
  EXPECT_THAT(text, StartsWith("load ruleset 1 of a: "));
  EXPECT_THAT(text, HasSubstr("Error: unknown chain hook"));
}

/// Runs @p body with the limit of open files at @p files, which not even root may be able to raise again: in
/// a process of its own.
std::string with_open_files(rlim_t files, const std::function<std::string()>& body) {
  return in_child([&] {
    const rlimit limit{files, files};
    return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? body() : "the limit cannot be set";
  });
}

TEST_F(Settings, MoreNodesThanDescriptorsIsSaidBeforeAnythingIsMade) {
  for (int i = 0; i < 200; ++i) draft.node(fmt::format("n{}", i));
  const std::string text = with_open_files(100, [this] { return refused(draft); });
  EXPECT_THAT(text, StartsWith("build the lab: it needs "));
  EXPECT_THAT(text, HasSubstr("one for each of its 202 namespaces"));
  EXPECT_THAT(text, HasSubstr("the limit is 100"));
  EXPECT_THAT(text, HasSubstr("ulimit -n"));
}

TEST_F(Settings, WhereOnlyNamespacesFitSocketsComeAndGo) {
  Draft many;
  for (std::uint32_t i = 0; i < 110; ++i) {
    many.node(fmt::format("n{}", i));
    many[i].sysctls = {{"net.ipv4.ip_forward", "1"}};
    if (i > 0) many.wire(i - 1, i == 1 ? "eth0" : "eth1", i, "eth0");
  }
  const std::string text = with_open_files(200, [&] {
    build(many, 2);
    if (namespaces_.size() != 110) return std::string("not built");
    // What the kernel notices of it later (operstate) is not there at once.
    const std::string carrier = has_flag(link(109, "eth0"), "LOWER_UP") ? "up, " : "down, ";
    return carrier + sysctl(109, "net.ipv4.ip_forward");
  });
  EXPECT_EQ(text, "up, 1");
}

TEST_F(Settings, NothingStaysOpenWhenABuildFails) {
  const auto open = [] {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return std::distance(begin(files), end(files));
  };
  draft.route(b, "192.0.2.0/24", "172.31.0.1");
  ASSERT_THAT(refused(draft), HasSubstr("Nexthop has invalid gateway"));
  const auto before = open();
  ASSERT_THAT(refused(draft), HasSubstr("Nexthop has invalid gateway"));
  EXPECT_EQ(open(), before);
}

TEST_F(Settings, ProbingSaysWhatTcSays) {
  const auto features = kernel::probe_all();
  ASSERT_TRUE(features.has_value()) << features.error().text();
  const auto present = [&](const std::string& word) {
    for (const kernel::Feature& feature : *features)
      if (feature.name.find(word) != std::string::npos) return feature.present;
    ADD_FAILURE() << word;
    return false;
  };
  EXPECT_EQ(present("(netem)"), tc_has({"netem", "delay", "1ms"}));
  EXPECT_EQ(present("(tbf)"), tc_has({"tbf", "rate", "1mbit", "burst", "10k", "latency", "10ms"}));
  EXPECT_TRUE(present("(veth)"));
  EXPECT_TRUE(present("bridge"));
  for (const kernel::Feature& feature : *features)
    EXPECT_EQ(feature.present, feature.words.empty()) << feature.name;
  const sys::Fd here = std::move(sys::current_netns().value());
  EXPECT_EQ(json_in(here.get(), {"ip", "-j", "link"}).size(), 1U) << "probing leaves nothing";
}

}  // namespace
}  // namespace hopyard::kernel_tests
