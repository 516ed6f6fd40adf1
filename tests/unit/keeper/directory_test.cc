#include "keeper/directory.hh"

#include <gtest/gtest.h>

#include "tests/unit/keeper/triangle.hh"

namespace hopyard::keeper {
namespace {

class DirectoryTest : public testing::Test {
 protected:
  [[nodiscard]] std::string error_of(std::string_view text) const {
    const auto target = directory_.target(text);
    return target ? "no error" : target.error().text();
  }
  net::Desired desired_ = triangle();
  Directory directory_{desired_};
};

TEST_F(DirectoryTest, FindsANode) {
  const auto target = directory_.target("r2");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->kind, Target::Kind::Node);
  EXPECT_EQ(target->ns, 1U);
}

TEST_F(DirectoryTest, FindsAnInterfaceAndItsLink) {
  const auto target = directory_.target("r3:eth1");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->kind, Target::Kind::Interface);
  EXPECT_EQ(target->ns, 2U);
  EXPECT_EQ(target->device, 1U);
  EXPECT_EQ(target->wire, 2U);
}

TEST_F(DirectoryTest, FindsALinkByAnyOfItsNames) {
  for (const char* name : {"r1:eth0 -- r2:eth0", "r1 -- r2", "r1--r2", "  r1 --r2:eth0 ", "r1:eth0--r2"}) {
    const auto target = directory_.target(name);
    ASSERT_TRUE(target) << name;
    EXPECT_EQ(target->kind, Target::Kind::Wire);
    EXPECT_EQ(target->wire, 0U);
    EXPECT_FALSE(target->reversed);
  }
}

TEST_F(DirectoryTest, KnowsWhenALinkIsNamedFromItsOtherEnd) {
  const auto target = directory_.target("r2 -- r1");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->wire, 0U);
  EXPECT_TRUE(target->reversed);
}

TEST_F(DirectoryTest, FindsALinkToANetwork) {
  const auto target = directory_.target("h -- lan");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->wire, 3U);
}

TEST_F(DirectoryTest, SaysWhatIsNotThere) {
  EXPECT_EQ(error_of("r11"), "no node 'r11' in lab triangle\n  did you mean 'r1'?");
  EXPECT_EQ(error_of("r1:eth7"), "node r1 has no interface 'eth7'\n  did you mean 'eth0'?");
  EXPECT_EQ(error_of("r1 -- h"), "no link 'r1 -- h' in lab triangle");
  EXPECT_EQ(error_of("r1 -- zebra"), "no node 'zebra' in lab triangle");
}

TEST_F(DirectoryTest, SaysWhenMoreThanOneLinkIsMeant) {
  net::Device second;
  second.name = "second";
  net::Wire wire;
  wire.name = "r1:second -- r2:second";
  for (const std::uint32_t end : {0U, 1U}) {
    wire.namespaces[end] = end;
    wire.devices[end] = static_cast<std::uint32_t>(desired_.namespaces[end].devices.size());
    desired_.namespaces[end].devices.push_back(second);
  }
  desired_.wires.push_back(wire);
  const Directory directory(desired_);
  const auto target = directory.target("r2 -- r1");
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().text(),
            "2 links are called 'r2 -- r1'\n  name the interfaces too, as in r1:eth0 -- r2:eth0");
  EXPECT_TRUE(directory.target("r1:second -- r2"));
}

TEST_F(DirectoryTest, HasNoLinkForABridge) {
  EXPECT_EQ(directory_.wire_of(4, 0), net::none);
}

}  // namespace
}  // namespace hopyard::keeper
