#include "app/name_servers.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hopyard::app {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> texts(const HostNameServers& found) {
  std::vector<std::string> all;
  for (const IpAddress& one : found.servers) all.push_back(one.text());
  return all;
}

TEST(NameServers, AreThoseThatOthersCanAsk) {
  const HostNameServers found = read_name_servers(
      "# nameserver 192.0.2.1\n;nameserver 192.0.2.2\nsearch example.com\n\tnameserver\t192.0.2.3 # one\n"
      "nameserver 127.0.0.1\nnameserver ::1\nnameserver 2001:db8::1\nnameserver fe80::1%eth0\n"
      "nameserver nonsense\nnameserver\nnameservers 192.0.2.4\nnameserver 0.0.0.0\nnameserver 192.0.2.5");
  EXPECT_THAT(texts(found), ElementsAre("192.0.2.3", "2001:db8::1", "192.0.2.5"));
  EXPECT_FALSE(found.only_own);
}

TEST(NameServers, AreThreeAtMost) {
  const HostNameServers found = read_name_servers(
      "nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n");
  EXPECT_THAT(texts(found), ElementsAre("192.0.2.1", "192.0.2.2", "192.0.2.3"));
}

TEST(NameServers, OfTheHostsOwnAreToldFromNone) {
  EXPECT_TRUE(read_name_servers("nameserver 127.0.0.53\noptions edns0 trust-ad\n").only_own);
  EXPECT_THAT(texts(read_name_servers("nameserver 127.0.0.53\n")), IsEmpty());
  EXPECT_TRUE(read_name_servers("nameserver 127.0.0.53\n").own_four);
  EXPECT_FALSE(read_name_servers("nameserver 127.0.0.53\n").own_six);
  EXPECT_TRUE(read_name_servers("nameserver ::1\n").own_six);
  EXPECT_FALSE(read_name_servers("nameserver 0.0.0.0\nnameserver fe80::1%eth0\n").own_four);
  EXPECT_FALSE(read_name_servers("").only_own);
  EXPECT_FALSE(read_name_servers("options edns0\n").only_own);
}

}  // namespace
}  // namespace hopyard::app
