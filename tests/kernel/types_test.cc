#include <gmock/gmock.h>

#include <functional>

#include "kernel/features.hh"
#include "kernel/types/types.hh"
#include "tests/kernel/support.hh"

namespace hopyard::kernel_tests {
namespace {

using net::LinkType;
using ::testing::HasSubstr;

/// Two nodes and a wire between them, and on each a device of one type; on a kernel without the type, the
/// error that names the option.
class Types : public KernelTest {
 protected:
  Types() : a_(draft_.node("a")), b_(draft_.node("b")) { draft_.wire(a_, "eth0", b_, "eth0"); }

  net::LinkSettings& add(std::uint32_t ns, const std::string& name, LinkType type) {
    auto link = std::make_shared<net::LinkSettings>();
    link->type = type;
    net::Device device;
    device.kind = net::Device::Kind::Other;
    device.name = name;
    device.mac = Mac::derived("test", draft_[ns].name, name);
    device.link = link;
    draft_[ns].devices.push_back(std::move(device));
    return *link;
  }
  net::LinkSettings& add_on(std::uint32_t ns, const std::string& name, LinkType type, std::uint32_t lower) {
    net::LinkSettings& link = add(ns, name, type);
    link.lower_namespace = ns;
    link.lower_device = lower;
    return link;
  }
  [[nodiscard]] std::uint32_t last(std::uint32_t ns) {
    return static_cast<std::uint32_t>(draft_[ns].devices.size() - 1);
  }
  /// Whether ip(8) can make a device of this type: what the kernel has, asked without Hopyard.
  static bool has(const std::vector<std::string>& words) {
    std::vector<std::string> all{"ip", "link", "add", "asked"};
    all.insert(all.end(), words.begin(), words.end());
    const sys::Fd here = std::move(sys::current_netns().value());
    run_in(here.get(), {"ip", "link", "add", "below", "type", "veth", "peer", "name", "other"});
    const bool made = run_in(here.get(), all).status == 0;
    if (made) run_in(here.get(), {"ip", "link", "del", "asked"});
    run_in(here.get(), {"ip", "link", "del", "below"});
    return made;
  }
  /// Builds it where the kernel has @p type, and @return true; else asks for the words that name the option.
  bool built(LinkType type, const std::vector<std::string>& words) {
    if (has(words)) {
      build(draft_);
      return true;
    }
    const kernel::TypeEntry& entry = kernel::type_entry(type);
    const auto said = kernel_->prepare(draft_.desired);
    const std::string text = said ? "" : said.error().text();
    EXPECT_THAT(text, HasSubstr(std::string("this kernel lacks: ") + entry.name));
    EXPECT_THAT(text, HasSubstr(entry.option));
    EXPECT_THAT(text, HasSubstr(std::string("load the module ") + entry.module));
    return false;
  }
  void reaches(const std::string& address) {
    const Ran ran = run_in(netns(a_), {"ping", "-c", "1", "-W", "5", address});
    EXPECT_EQ(ran.status, 0) << ran.output;
  }

  Draft draft_;
  std::uint32_t a_;
  std::uint32_t b_;
};

TEST_F(Types, Dummy) {
  add(a_, "d0", LinkType::Dummy);
  draft_.address(a_, last(a_), "192.0.2.1/32");
  if (!built(LinkType::Dummy, {"type", "dummy"})) return;
  EXPECT_EQ(link(a_, "d0")["linkinfo"]["info_kind"], "dummy");
  reaches("192.0.2.1");
}

TEST_F(Types, Vlan) {
  for (const auto ns : {a_, b_}) {
    add_on(ns, "eth0.10", LinkType::Vlan, 0).id = 10;
    draft_.address(ns, last(ns), "10.0.10." + std::to_string(ns + 1) + "/24");
  }
  if (!built(LinkType::Vlan, {"link", "below", "type", "vlan", "id", "9"})) return;
  EXPECT_EQ(link(a_, "eth0.10")["linkinfo"]["info_data"]["id"], 10);
  EXPECT_EQ(link(a_, "eth0.10")["link"], "eth0");
  reaches("10.0.10.2");
}

TEST_F(Types, Macvlan) {
  for (const auto ns : {a_, b_}) {
    add_on(ns, "m0", LinkType::Macvlan, 0);
    draft_.address(ns, last(ns), "10.0.11." + std::to_string(ns + 1) + "/24");
  }
  if (!built(LinkType::Macvlan, {"link", "below", "type", "macvlan"})) return;
  EXPECT_EQ(link(a_, "m0")["linkinfo"]["info_data"]["mode"], "bridge");
  EXPECT_EQ(link(a_, "m0")["address"], Mac::derived("test", "a", "m0").text());
  reaches("10.0.11.2");
}

/// The device that it stands on is in another namespace, which makes it.
TEST_F(Types, MacvlanOnAnotherNamespace) {
  const auto c = draft_.node("c");
  net::LinkSettings& link = add(c, "m0", LinkType::Macvlan);
  link.lower_namespace = a_;
  link.lower_device = 0;
  draft_.address(c, 0, "10.0.12.3/24");
  draft_.address(b_, 0, "10.0.12.2/24");
  if (!built(LinkType::Macvlan, {"link", "below", "type", "macvlan"})) return;
  const Ran ran = run_in(netns(c), {"ping", "-c", "1", "-W", "5", "10.0.12.2"});
  EXPECT_EQ(ran.status, 0) << ran.output;
}

TEST_F(Types, Vxlan) {
  draft_.address(a_, 0, "10.1.0.1/24");
  draft_.address(b_, 0, "10.1.0.2/24");
  for (const auto ns : {a_, b_}) {
    net::LinkSettings& link = add(ns, "vx0", LinkType::Vxlan);
    link.id = 42;
    link.local = IpAddress::parse("10.1.0." + std::to_string(ns + 1));
    link.remote = IpAddress::parse("10.1.0." + std::to_string(2 - ns));
    link.port = 4789;
    draft_.device(ns, last(ns)).mtu = 1450;
    draft_.address(ns, last(ns), "10.0.13." + std::to_string(ns + 1) + "/24");
  }
  if (!built(LinkType::Vxlan, {"type", "vxlan", "id", "9", "dstport", "9"})) return;
  EXPECT_EQ(link(a_, "vx0")["linkinfo"]["info_data"]["id"], 42);
  EXPECT_EQ(link(a_, "vx0")["mtu"], 1450);
  reaches("10.0.13.2");
}

}  // namespace
}  // namespace hopyard::kernel_tests
