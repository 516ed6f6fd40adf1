#include "language/names.hh"

#include <gtest/gtest.h>

namespace hopyard::language {
namespace {

TEST(Names, OfNodes) {
  for (const char* name :
       {"a", "ROUTER_0", "pc-1", "10", "r1.lab", "b\xC3\xBCro", "\xE6\x9D\xB1\xE4\xBA\xAC", "a+b", "x@y"})
    EXPECT_FALSE(bad_node_name(name)) << name;
  for (const char* name : {"",
                           ".",
                           "..",
                           "-x",
                           "a b",
                           "a/b",
                           "a:b",
                           "a[1]",
                           "{i}",
                           "a,b",
                           "a\"b",
                           "a'b",
                           "a\\b",
                           "a`b",
                           "a;b",
                           "a\tb",
                           "\x7F",
                           "a\xC2\xA0"
                           "b",
                           "a\xE2\x80\x8F",
                           "a\xEF\xBB\xBF",
                           "\xC2\x85"})
    EXPECT_TRUE(bad_node_name(name)) << name;
  EXPECT_FALSE(bad_node_name(std::string(63, 'x')));
  EXPECT_TRUE(bad_node_name(std::string(64, 'x')));
}

TEST(Names, OfInterfaces) {
  for (const char* name : {"eth0", "to-r2", "wan", "fifteen-letters", "e.100", "a@b"})
    EXPECT_FALSE(bad_interface_name(name)) << name;
  for (const char* name :
       {"", ".", "..", "all", "default", "lo", "a b", "a/b", "a:b", "e%d", "sixteen-letters-", "e[1]", "{i}"})
    EXPECT_TRUE(bad_interface_name(name)) << name;
}

TEST(Names, OfHostsAndLabs) {
  EXPECT_FALSE(bad_host_name("gw.example.net"));
  EXPECT_TRUE(bad_host_name("my host"));
  EXPECT_TRUE(bad_host_name("-a"));
  EXPECT_TRUE(bad_host_name(std::string(65, 'a')));
  EXPECT_FALSE(bad_lab_name("my_lab-2.0"));
  EXPECT_TRUE(bad_lab_name("../x"));
  EXPECT_TRUE(bad_lab_name(""));
  EXPECT_TRUE(bad_lab_name(std::string(41, 'a')));
}

TEST(Names, PartsKnowTheirPlace) {
  const Text plain{"abc -- def", {0, 10, 20}};
  EXPECT_EQ(part(plain, 7, 3).at, (Span{0, 17, 20}));
  const Text quoted{"abc -- def", {0, 10, 22}};
  EXPECT_EQ(part(quoted, 7, 3).at, (Span{0, 18, 21}));
  const Text replaced{"abc -- def", {0, 10, 40}};
  EXPECT_EQ(part(replaced, 7, 3).at, (Span{0, 10, 40}));
  EXPECT_EQ(trimmed(part(plain, 3, 1)).value, "");
}

}  // namespace
}  // namespace hopyard::language
