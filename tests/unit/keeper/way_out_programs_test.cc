#include "keeper/way_out_programs.hh"

#include <fmt/ranges.h>
#include <gmock/gmock.h>

namespace hopyard::keeper {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string line(WayOutProgram program, const net::WayOut& way, bool names = false) {
  return fmt::format("{}", fmt::join(words_for(program, way, "/run/x/net", names), " "));
}

TEST(WayOutPrograms, NoPortLeadsInAndNothingToTheLoopbackUnlessItIsSaid) {
  const std::string pasta = line(WayOutProgram::Pasta, {});
  for (const char* part :
       {"pasta --netns-only ", " --no-map-gw ", " --tcp-ports none ", " --udp-ports none ", " --tcp-ns none ",
        " --udp-ns none ", " --ns-ifname host0 ", " --netns /run/x/net"})
    EXPECT_THAT(pasta, HasSubstr(part));
  EXPECT_THAT(pasta, Not(HasSubstr("--outbound")));
  const std::string slirp = line(WayOutProgram::Slirp4netns, {});
  EXPECT_THAT(slirp, HasSubstr(" --disable-host-loopback "));
  EXPECT_THAT(slirp, testing::EndsWith(" /run/x/net host0"));
}

TEST(WayOutPrograms, PortsAndTheInterface) {
  const net::WayOut way{"eth7", {{false, 8080}, {true, 53}, {false, 9090}}};
  const std::string pasta = line(WayOutProgram::Pasta, way);
  for (const char* part : {" --tcp-ports 8080,9090 ", " --udp-ports 53 ", " --ns-ifname eth7 ",
                           " --interface eth7 ", " --outbound-if4 eth7 ", " --outbound-if6 eth7 "})
    EXPECT_THAT(pasta, HasSubstr(part));
  EXPECT_THAT(line(WayOutProgram::Slirp4netns, {"eth7", {}}), HasSubstr(" --outbound-addr=eth7 "));
}

TEST(WayOutPrograms, NameServersOfTheLoopbackAreReachedOnlyWhereSomebodyAsks) {
  const net::WayOut way;
  EXPECT_THAT(line(WayOutProgram::Pasta, way), Not(HasSubstr("dns")));
  EXPECT_THAT(line(WayOutProgram::Slirp4netns, way), HasSubstr(" --disable-dns "));
  const std::string pasta = line(WayOutProgram::Pasta, way, true);
  for (const IpAddress& one : forwarded_name_servers(WayOutProgram::Pasta, true, true))
    EXPECT_THAT(pasta, HasSubstr(" --dns-forward " + one.text() + " "));
  EXPECT_THAT(line(WayOutProgram::Slirp4netns, way, true), Not(HasSubstr("--disable-dns")));
  const auto slirp = forwarded_name_servers(WayOutProgram::Slirp4netns, true, true);
  EXPECT_EQ(slirp.size(), 1U);
  EXPECT_TRUE(forwarded_name_servers(WayOutProgram::Pasta, false, false).empty());
}

TEST(WayOutPrograms, WhyOneEndedIsWithoutWhatItSaysOfItsLog) {
  EXPECT_EQ(reason_in("Failed to send 54 bytes to syslog\nNo external interface\n\nUsage: pasta\n"),
            "No external interface; Usage: pasta");
  EXPECT_EQ(reason_in(""), "");
}

}  // namespace
}  // namespace hopyard::keeper
