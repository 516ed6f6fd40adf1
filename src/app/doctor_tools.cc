#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "app/doctor.hh"
#include "sys/file.hh"
#include "sys/kvm.hh"
#include "sys/program_path.hh"

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
    Tool{"qemu-system-x86_64", "qemu-system-x86", "to run virtual machines"},
};

struct Device {
  const char* path;
  std::string_view use;
  std::string_view remedy;
};

constexpr Device vhost{"/dev/vhost-net", "frames of virtual machines go by the kernel, past QEMU",
                       "modprobe vhost_net"};

Finding kvm() {
  const Result<> works = sys::check_kvm();
  const bool absent = !works && works.error().code == ENOENT;
  const char* help =
      absent
          ? "turn on virtualization in the firmware, or nested virtualization on the host of this machine; "
            "modprobe kvm-intel or kvm-amd"
          : "virtual machines are emulated instead, unless their file says accel: kvm";
  return {
      "tools",
      "/dev/kvm",
      works ? Health::Good : Health::Note,
      works    ? "runs a virtual machine"
      : absent ? "absent"
               : works.error().text(),
      "virtual machines on the processor itself; without it they are emulated, ten to twenty times slower",
      works ? "" : help,
      false};
}

Finding of(const Device& device) {
  const sys::Fd opened = sys::open_at(sys::here(), device.path, O_RDWR).value_or(sys::Fd());
  return {"tools",
          device.path,
          opened ? Health::Good : Health::Note,
          opened ? "opens" : "absent",
          std::string(device.use),
          opened ? std::string() : std::string(device.remedy),
          false};
}

}  // namespace

void examine_tools(Doctor& doctor) {
  for (const Tool& tool : tools) {
    // As a shell does, and in the folders of daemons.
    std::string path = sys::find_program(tool.program, sys::own_search_path());
    if (path.empty()) path = sys::find_program(tool.program, "/usr/sbin:/sbin:/usr/lib/frr");
    doctor.findings.push_back({"tools", std::string(tool.program), path.empty() ? Health::Note : Health::Good,
                               path.empty() ? "absent" : path, std::string(tool.use),
                               path.empty() ? fmt::format("apt-get install {}", tool.package) : std::string(),
                               false});
  }
  doctor.findings.push_back(kvm());
  doctor.findings.push_back(of(vhost));
}

}  // namespace hopyard::app
