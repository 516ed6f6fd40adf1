#include "keeper/way_out.hh"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <functional>

#include "keeper/way_out_programs.hh"
#include "sys/file.hh"
#include "sys/mount.hh"
#include "sys/netns.hh"
#include "sys/process.hh"
#include "sys/procfs.hh"
#include "sys/signals.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

constexpr std::string_view doing = "make a way out of the lab";
constexpr const char* tun = "/dev/net/tun";
constexpr unsigned pause_before_the_next_try = 1;  // seconds

std::vector<const net::WayOut*> ways_of(const net::Desired& desired) {
  std::vector<const net::WayOut*> ways;
  for (const net::Namespace& ns : desired.namespaces)
    if (ns.way_out) ways.push_back(&*ns.way_out);
  return ways;
}

net::WayOut merged(const std::vector<const net::WayOut*>& ways) {
  net::WayOut all;
  for (const net::WayOut* way : ways) {
    if (!way->interface.empty()) all.interface = way->interface;
    all.ports.insert(all.ports.end(), way->ports.begin(), way->ports.end());
  }
  return all;
}

/// Whether a node asks the name servers of the host's own loopback.
bool asks_host(const net::Desired& desired, WayOutProgram program) {
  const auto servers = forwarded_name_servers(program, true, true);
  const auto asks = [&](const net::File& file) {
    return file.path == "/etc/resolv.conf" && std::ranges::any_of(servers, [&](const IpAddress& one) {
             return file.content.find("nameserver " + one.text() + '\n') != std::string::npos;
           });
  };
  return std::ranges::any_of(desired.namespaces, [&](const net::Namespace& ns) {
    return std::ranges::any_of(ns.machine.files, asks);
  });
}

/// Whether the ports of the host are free, which the programs leave open.
Result<> check_ports(const std::vector<net::WayOut::Port>& ports) {
  for (const net::WayOut::Port& port : ports) {
    const sys::Fd socket(::socket(AF_INET, (port.udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0));
    if (!socket) return failure("look whether ports of the host are free", "", errno);
    const int on = 1;
    if (!port.udp) ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(port.number);
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any) != 0 ||
        (!port.udp && ::listen(socket.get(), 1) != 0))
      return failure(fmt::format("lead port {} of the host into the lab", port.number), "", errno, "",
                     errno == EACCES
                         ? "a port from 1024 on, or as root: sysctl -w net.ipv4.ip_unprivileged_port_start=0"
                         : "another port");
  }
  return {};
}

/// A name for the network behind @p netns that other programs can open: on a file system that this process
/// alone sees.
Result<std::string> name_of(const sys::Fd& netns, const std::string& folder) {
  HOPYARD_TRY(sys::unshare(CLONE_NEWNS));
  HOPYARD_TRY(sys::make_mounts_private());
  HOPYARD_TRY(sys::mount("hopyard", folder, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"));
  std::string name = folder + "/net";
  HOPYARD_TRY(sys::write_file(sys::here(), name, ""));
  HOPYARD_TRY(sys::bind(fmt::format("/proc/self/fd/{}", netns.get()), name));
  return name;
}

Result<sys::Fd> receive_netns(int socket) {
  std::array<char, 1> room{};
  std::vector<sys::Fd> come;
  HOPYARD_TAKE(count, sys::receive(socket, room, come));
  if (count == 0 || come.empty()) ::_exit(0);  // nobody wants it any more
  return std::move(come.front());
}

/// Runs the program until it ends. @return what it said.
std::string run(std::vector<std::string> words) {
  const sys::Fd said(::memfd_create("way out", MFD_CLOEXEC));
  const pid_t child = ::fork();
  if (child == 0) {
    sys::reset_signals();
    ::dup2(said.get(), STDERR_FILENO);
    ::dup2(said.get(), STDOUT_FILENO);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    static_cast<void>(sys::write_all(STDERR_FILENO, std::strerror(errno), ""));
    ::_exit(127);
  }
  if (child < 0) return fmt::format("{} cannot be started: {}", words.front(), std::strerror(errno));
  const int status = sys::await_child(child).value_or(0);
  std::string text(4096, '\0');
  const ssize_t size = ::pread(said.get(), text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::string reason = reason_in(text);
  return fmt::format("{} ended with status {}{}{}", words.front(), sys::exit_status(status),
                     reason.empty() ? "" : ": ", reason);
}

/// Of the network that the calling thread is in, for devices that are still to come.
constexpr const char* advertisements = "sys/net/ipv6/conf/default/accept_ra";

/// Lets the tap of a program that starts again listen to advertisements, as join() does for the first one. In
/// a process of its own, for out of the network no way leads back.
/// @return that process, which ends soon after the tap is there; 0 without one.
pid_t advertise_to_next(const sys::Fd& netns, const std::string& device) {
  constexpr int looks = 300;
  constexpr unsigned between = 10'000;  // microseconds
  auto ends = sys::socket_pair();
  const pid_t child = ends ? ::fork() : -1;
  if (child == 0) {
    const auto procfs = sys::Procfs::open();
    const bool is_in = procfs && sys::setns(netns.get(), CLONE_NEWNET);
    const std::string before = is_in ? procfs->read(advertisements).value_or("") : "";
    if (before.empty() || !procfs->write(advertisements, "2")) ::_exit(1);
    static_cast<void>(sys::send_all(ends->second.get(), "r"));
    for (int look = 0; look < looks && ::if_nametoindex(device.c_str()) == 0; ++look) ::usleep(between);
    ::_exit(procfs->write(advertisements, before) ? 0 : 1);
  }
  if (child < 0) return 0;
  ends->second.reset();
  std::array<char, 1> room{};
  std::vector<sys::Fd> none;
  static_cast<void>(sys::receive(ends->first.get(), room, none));
  return child;
}

/// What the process outside runs.
struct Program {
  std::function<std::vector<std::string>(const std::string& netns)> words;
  std::string device;       ///< the tap's name
  bool advertised = false;  ///< IPv6 addresses come by router advertisements
};

/// The process's life. It says to the keeper why the program ended, and once that does not listen any more to
/// its log.
[[noreturn]] void live_outside(const Program& program, const std::string& folder, const sys::Fd& socket) {
  ::prctl(PR_SET_NAME, "hopyard-way-out");
  sys::set_process_title("hopyard: way out of a lab");
  sys::close_all_but({socket.get()});
  const auto netns = receive_netns(socket.get());
  const auto name = netns ? name_of(*netns, folder) : Result<std::string>(std::unexpected(netns.error()));
  for (bool again = false;; again = true) {
    const pid_t helper = again && name && program.advertised ? advertise_to_next(*netns, program.device) : 0;
    const std::string said = name ? run(program.words(*name)) : name.error().text();
    if (!sys::send_all(socket.get(), said + '\n'))
      static_cast<void>(sys::write_all(STDERR_FILENO, "hopyard: " + said + ", and starts again\n", "log"));
    if (helper > 0) ::waitpid(helper, nullptr, 0);
    ::sleep(pause_before_the_next_try);
  }
}

/// For taps that are still to come. What comes for the lab's ports goes to the link-local address of the tap,
/// which nobody else can have: it is not probed for others, and so good at once. Advertisements are listened
/// to by a router alone who is told to (linux/Documentation/networking/ip-sysctl.rst, accept_dad and
/// accept_ra).
/// @return what @ref advertisements said; empty if it says the same still.
Result<std::string> prepare_addresses(const sys::Procfs& procfs, bool advertised) {
  const auto set = [&](const char* name) -> Result<> {
    Result<> done = procfs.write(fmt::format("sys/net/ipv6/conf/{}", name), "0");
    if (!done && done.error().code == ENOENT) return {};  // a kernel without IPv6
    return done;
  };
  for (const char* name : {"all/accept_dad", "default/accept_dad"}) HOPYARD_TRY(set(name));
  const auto before = advertised ? procfs.read(advertisements).value_or("") : std::string();
  if (!before.empty()) HOPYARD_TRY(procfs.write(advertisements, "2"));
  return before;
}

/// Whether packets have a way by that device now (proc(5), /proc/net/route; ipv6_route has no page).
bool leads_out(const std::string& device) {
  const auto four = sys::read_file(sys::here(), "/proc/thread-self/net/route").value_or("");
  if (four.find('\n' + device + "\t00000000\t") != std::string::npos) return true;
  const auto six = sys::read_file(sys::here(), "/proc/thread-self/net/ipv6_route").value_or("");
  return std::ranges::any_of(lines_of(six), [&](std::string_view line) {
    return line.starts_with(std::string(32, '0') + " 00 ") && line.ends_with(' ' + device);
  });
}

}  // namespace

Result<> WayOut::check(const net::Desired& desired) {
  const auto ways = ways_of(desired);
  if (ways.empty()) return {};
  const net::WayOut all = merged(ways);
  for (const net::WayOut* way : ways)
    if (!way->interface.empty() && way->interface != all.interface)
      return refusal(std::string(doing),
                     fmt::format("it is to lead by {} and by {}", way->interface, all.interface),
                     "without being root there is one way: name one interface");
  const auto program = find_way_out_program();
  if (!program)
    return refusal(std::string(doing),
                   "without being root it takes pasta or slirp4netns, and neither is here",
                   "apt-get install passt");
  if (*program == WayOutProgram::Slirp4netns && !all.ports.empty())
    return refusal(std::string(doing), "ports of the host are led into the lab by pasta alone",
                   "apt-get install passt");
  if (::access(tun, R_OK | W_OK) != 0)
    return failure(std::string(doing), tun, errno, "", "as root: modprobe tun; chmod 0666 /dev/net/tun");
  return {};
}

Result<WayOut> WayOut::begin(const net::Desired& desired, const std::string& folder) {
  WayOut begun;
  const auto ways = ways_of(desired);
  const auto program = ways.empty() ? std::nullopt : find_way_out_program();
  if (!program) return begun;
  const net::WayOut all = merged(ways);
  HOPYARD_TRY(check_ports(all.ports));
  HOPYARD_TAKE(ends, sys::socket_pair());
  HOPYARD_TAKE(child, sys::fork());
  const bool names = asks_host(desired, *program);
  begun.device_ = device_for(all);
  begun.advertised_ = *program == WayOutProgram::Slirp4netns;
  const auto words = [&](const std::string& netns) { return words_for(*program, all, netns, names); };
  if (child.is_child()) live_outside({words, begun.device_, begun.advertised_}, folder, ends.second);
  begun.socket_ = std::move(ends.first);
  return begun;
}

Result<> WayOut::await_way() const {
  using Clock = std::chrono::steady_clock;
  for (const auto end = Clock::now() + std::chrono::seconds(10); !leads_out(device_);) {
    pollfd said{socket_.get(), POLLIN, 0};
    if (::poll(&said, 1, 5) > 0) {
      std::array<char, 4096> room{};
      std::vector<sys::Fd> none;
      const std::size_t count = sys::receive(socket_.get(), room, none).value_or(0);
      std::string words(room.data(), count);
      return refusal(
          std::string(doing), words.substr(0, words.find('\n')),
          "the host needs a default route, or name an interface: {kind: external, by: nat, interface: eth0}");
    }
    if (Clock::now() > end) return refusal(std::string(doing), "no route was there after ten seconds");
  }
  return {};
}

Result<> WayOut::join() const {
  if (!socket_) return {};
  HOPYARD_TAKE(procfs, sys::Procfs::open());
  HOPYARD_TAKE(before, prepare_addresses(procfs, advertised_));
  HOPYARD_TAKE(netns, sys::current_netns());
  const std::array descriptors{netns.get()};
  HOPYARD_TRY(sys::send(socket_.get(), "j", descriptors));
  HOPYARD_TRY(await_way());
  // The tap is there and keeps what it began with; what the lab makes here is not to be led by routers.
  return before.empty() ? Result<>{} : procfs.write(advertisements, before);
}

}  // namespace hopyard::keeper
