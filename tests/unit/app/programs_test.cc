#include "app/programs.hh"

#include <gtest/gtest.h>

namespace hopyard::app {
namespace {

net::Service running(std::vector<std::string> command) {
  net::Service service;
  service.name = "x";
  service.command = std::move(command);
  return service;
}

TEST(Programs, OfACommand) {
  EXPECT_EQ(program_of(running({"bird", "-f"})), "bird");
  EXPECT_EQ(program_of(running({"/bin/sh", "-c", "exec bgpd -f $X"})), "bgpd");
  EXPECT_EQ(program_of(running({"/bin/sh", "-c", " nginx -g 'daemon off;' > /x"})), "nginx");
  EXPECT_EQ(program_of(running({"/bin/sh", "-c", "while true; do :; done"})), "");
  EXPECT_EQ(program_of(running({"/bin/sh", "/x"})), "/bin/sh");
}

TEST(Programs, Packages) {
  EXPECT_EQ(package_of("zebra"), "frr");
  EXPECT_EQ(package_of("/usr/lib/frr/bgpd"), "frr");
  EXPECT_EQ(package_of("unheard-of"), "");
}

TEST(Programs, MissingOnesAreSaidOnceWithTheirPackage) {
  net::Desired desired;
  for (const char* name : {"a", "b"}) {
    net::Namespace& node = desired.namespaces.emplace_back();
    node.name = name;
    net::Service service = running({"no-such-program"});
    service.package = "no-such-package";
    service.origin = {0, 1, 2};
    node.machine.services = {service, running({"sh"}), running({"/bin/sh"}),
                             running({"/run/made-by-another"}), running({"/opt/given"})};
    node.machine.files = {{"/opt/given", "", 0755}};
  }
  Diagnostics diagnostics;
  check_programs(desired, diagnostics);
  ASSERT_EQ(diagnostics.all().size(), 1U);
  EXPECT_EQ(diagnostics.all()[0].message, "nodes a, b need 'no-such-program', which is not installed");
  EXPECT_EQ(diagnostics.all()[0].help, "apt-get install no-such-package");
}

}  // namespace
}  // namespace hopyard::app
