#include "kernel/notes.hh"

#include <gtest/gtest.h>

namespace hopyard::kernel {
namespace {

TEST(Notes, AreOfPlaces) {
  const Notes notes = notes_in(R"({"inode":4026532179,"of":"host","pid":0,"place":0}
{"place":0,"sysctl":"sys/net/ipv4/ip_forward","was":"0"}
{"note":1,"place":0,"request":"4000ff"}
{"place":0,"ruleset":"delete table inet hopyard_x\n"}
)");
  ASSERT_EQ(notes.places.size(), 1U);
  EXPECT_EQ(notes.places.at(0).of, "host");
  EXPECT_EQ(notes.places.at(0).inode, 4026532179U);
  ASSERT_EQ(notes.changes.size(), 3U);
  EXPECT_EQ(text_in(notes.changes[0], "was"), "0");
  EXPECT_EQ(bytes_of(text_in(notes.changes[1], "request")), (std::vector<char>{0x40, 0x00, '\xff'}));
  EXPECT_FALSE(notes.strange);
}

TEST(Notes, OfWhatDidNotComeAboutAreNone) {
  EXPECT_TRUE(notes_in("{\"note\":1,\"place\":0,\"request\":\"40\"}\n{\"revoked\":1}\n").changes.empty());
  EXPECT_TRUE(notes_in(R"({"place":0,"sysctl":"sys/net/ipv4/ip_forward","wa)").changes.empty());
}

TEST(Notes, OfAnotherVersionAreSeen) {
  EXPECT_TRUE(notes_in("{\"place\":0,\"teapot\":1}\n").strange);
}

TEST(Notes, HaveNumbersThatFit) {
  const Notes notes = notes_in("{\"inode\":1e300,\"of\":\"host\",\"pid\":-4.5e18,\"place\":\"0\"}\n");
  ASSERT_EQ(notes.places.size(), 1U);
  EXPECT_EQ(notes.places.at(0).inode, 0U);
  EXPECT_EQ(notes.places.at(0).pid, 0);
}

TEST(Notes, HaveBytesOfTwoDigitsEach) {
  EXPECT_TRUE(bytes_of("").empty());
  EXPECT_TRUE(bytes_of("4").empty());
  EXPECT_EQ(bytes_of("zz1"), std::vector<char>{0});
}

}  // namespace
}  // namespace hopyard::kernel
