#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string_view>

#include "app/doctor.hh"

namespace hopyard::app {
namespace {

struct Tool {
  std::string_view program;
  std::string_view package;  ///< Debian's
  std::string_view use;
};

// Hopyard itself starts none of these: they are what a person uses inside a node.
constexpr std::array tools{
    Tool{"ip", "iproute2", "to look around in a node"},
    Tool{"ping", "iputils-ping", "to see whether a node answers"},
    Tool{"traceroute", "traceroute", "to see the way to a node"},
    Tool{"tcpdump", "tcpdump", "to see the packets on a link"},
    Tool{"nft", "nftables", "to read a node's firewall"},
    Tool{"iperf3", "iperf3", "to measure a link"},
    Tool{"dnsmasq", "dnsmasq-base", "to serve addresses and names in a lab"},
    Tool{"named", "bind9", "to serve names by zones"},
    Tool{"radvd", "radvd", "to advertise routers and prefixes"},
    Tool{"zebra", "frr", "to run routing protocols (FRR)"},
    Tool{"bird", "bird2", "to run routing protocols (BIRD)"},
};

/// The path of @p program, searched as a shell does, and in the folders of daemons; empty when there is none.
std::string find_program(std::string_view program) {
  const char* search = std::getenv("PATH");
  std::string folders =
      fmt::format("{}:/usr/sbin:/sbin:/usr/lib/frr", search == nullptr ? "/usr/bin:/bin" : search);
  std::string_view rest = folders;
  while (!rest.empty()) {
    const std::string_view folder = rest.substr(0, rest.find(':'));
    rest.remove_prefix(std::min(rest.size(), folder.size() + 1));
    std::string path = fmt::format("{}/{}", folder, program);
    if (!folder.empty() && ::access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

}  // namespace

void examine_tools(Doctor& doctor) {
  for (const Tool& tool : tools) {
    const std::string path = find_program(tool.program);
    doctor.findings.push_back({"tools", std::string(tool.program), path.empty() ? Health::Note : Health::Good,
                               path.empty() ? "absent" : path, std::string(tool.use),
                               path.empty() ? fmt::format("apt-get install {}", tool.package) : std::string(),
                               false});
  }
}

}  // namespace hopyard::app
