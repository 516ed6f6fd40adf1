// The floor: a chain of router namespaces by bare system calls, the fastest way known. Nothing of Hopyard is
// in it, and Hopyard is measured against it. The end state is that of a Hopyard chain: node i has eth0 to its
// left and eth1 to its right (the first node has eth0 to its right), 10.0.0.0/8 in subnets of 30 bits in the
// order of the links, MACs given, one queue a device, IPv4 and IPv6 forwarding, and the routes that are asked
// for.
//
//   floor NODES [--threads 1|2] [--routes none|default|FILE] [--hold]
//
// FILE has one route a line: "NODE PREFIX/LENGTH GATEWAY", addresses dotted. Prints the seconds; with --hold,
// waits for the end of its standard input before it lets go of the namespaces.
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace {

[[noreturn]] void die(const char* what) {
  std::perror(what);
  std::exit(1);
}

int checked(int result, const char* what) {
  if (result < 0) die(what);
  return result;
}

struct Route {
  std::uint32_t prefix;
  unsigned length;
  std::uint32_t gateway;
};

/// Requests for one socket, written by hand, sent together, the last one acknowledged.
class Requests {
 public:
  void begin(std::uint16_t type, std::uint16_t flags) {
    last_ = size_;
    nlmsghdr head{};
    head.nlmsg_type = type;
    head.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    head.nlmsg_seq = ++count_;
    append(&head, sizeof head);
  }
  void append(const void* data, std::size_t size) {
    std::memcpy(bytes_ + size_, data, size);
    std::memset(bytes_ + size_ + size, 0, NLMSG_ALIGN(size) - size);
    size_ += NLMSG_ALIGN(size);
  }
  void put(std::uint16_t type, const void* data, std::size_t size) {
    const rtattr head{static_cast<unsigned short>(RTA_LENGTH(size)), type};
    append(&head, sizeof head);
    append(data, size);
  }
  void put32(std::uint16_t type, std::uint32_t value) { put(type, &value, sizeof value); }
  std::size_t open(std::uint16_t type) {
    const std::size_t at = size_;
    put(type, nullptr, 0);
    return at;
  }
  void close(std::size_t at) {
    const auto length = static_cast<unsigned short>(size_ - at);
    std::memcpy(bytes_ + at, &length, sizeof length);
  }
  void end() {
    const auto length = static_cast<std::uint32_t>(size_ - last_);
    std::memcpy(bytes_ + last_, &length, sizeof length);
  }
  void send(int socket) {
    reinterpret_cast<nlmsghdr*>(bytes_ + last_)->nlmsg_flags |= NLM_F_ACK;
    if (::send(socket, bytes_, size_, 0) < 0) die("send");
    char answer[4096];
    const ssize_t got = ::recv(socket, answer, sizeof answer, 0);
    if (got < 0) die("recv");
    const auto* error = static_cast<const nlmsgerr*>(NLMSG_DATA(reinterpret_cast<nlmsghdr*>(answer)));
    if (error->error != 0) {
      errno = -error->error;
      die("netlink");
    }
    size_ = 0;
    count_ = 0;
  }

 private:
  alignas(4) char bytes_[16384];
  std::size_t size_ = 0;
  std::size_t last_ = 0;
  std::uint32_t count_ = 0;
};

struct Node {
  int netns = -1;
  int socket = -1;
};

class Chain {
 public:
  Chain(unsigned nodes, std::vector<std::vector<Route>> routes)
      : nodes_(nodes),
        routes_(std::move(routes)),
        home_(checked(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), "home")) {}

  void build(unsigned threads) {
    if (threads == 1) {
      for (unsigned i = 0; i < nodes_.size(); ++i) create(i), connect(i);
    } else {
      std::thread ahead([this] {
        for (unsigned i = 0; i < nodes_.size(); ++i) {
          create(i);
          created_.store(i + 1, std::memory_order_release);
          created_.notify_one();
        }
      });
      for (unsigned i = 0; i < nodes_.size(); ++i) {
        for (unsigned done = created_.load(std::memory_order_acquire); done <= i;
             done = created_.load(std::memory_order_acquire))
          created_.wait(done);
        connect(i);
      }
      ahead.join();
    }
    settle(static_cast<unsigned>(nodes_.size()) - 1);
  }

 private:
  void create(unsigned i) {
    checked(::unshare(CLONE_NEWNET), "unshare");
    nodes_[i].socket = checked(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket");
    nodes_[i].netns = checked(::ioctl(nodes_[i].socket, SIOCGSKNS), "SIOCGSKNS");
    if (i % 100 == 0) renew_procfs();
    write_setting("sys/net/ipv4/ip_forward");
    write_setting("sys/net/ipv6/conf/all/forwarding");
    checked(::setns(home_, CLONE_NEWNET), "setns");
  }

  void renew_procfs() {
    if (procfs_ >= 0) ::close(procfs_);
    const int context = checked(::fsopen("proc", FSOPEN_CLOEXEC), "fsopen");
    checked(::fsconfig(context, FSCONFIG_CMD_CREATE, nullptr, nullptr, 0), "fsconfig");
    procfs_ = checked(::fsmount(context, FSMOUNT_CLOEXEC, 0), "fsmount");
    ::close(context);
  }

  void write_setting(const char* path) const {
    const int file = checked(::openat(procfs_, path, O_WRONLY | O_CLOEXEC), path);
    if (::write(file, "1", 1) != 1) die(path);
    ::close(file);
  }

  /// What node i allows once it is there: the wire to its left, and all that the node before it still wants.
  void connect(unsigned i) {
    if (i == 0) return;
    make_wire(i - 1);
    settle(i - 1);
  }

  void make_wire(unsigned wire) {
    Requests& requests = requests_;
    requests.begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
    put_end(wire, wire == 0 ? 0 : 1);
    const std::size_t info = requests.open(IFLA_LINKINFO);
    requests.put(IFLA_INFO_KIND, "veth", 5);
    const std::size_t data = requests.open(IFLA_INFO_DATA);
    const std::size_t peer = requests.open(VETH_INFO_PEER);
    put_end(wire + 1, 0);
    requests.close(peer);
    requests.close(data);
    requests.close(info);
    requests.end();
    requests.send(nodes_[wire].socket);
  }

  void put_end(unsigned node, unsigned device) {
    ifinfomsg header{};
    header.ifi_index = index_of(node, device);
    requests_.append(&header, sizeof header);
    requests_.put(IFLA_IFNAME, device == 0 ? "eth0" : "eth1", 5);
    const unsigned char mac[6] = {2,
                                  0,
                                  static_cast<unsigned char>(device),
                                  static_cast<unsigned char>(node >> 16),
                                  static_cast<unsigned char>(node >> 8),
                                  static_cast<unsigned char>(node)};
    requests_.put(IFLA_ADDRESS, mac, sizeof mac);
    requests_.put32(IFLA_NUM_TX_QUEUES, 1);
    requests_.put32(IFLA_NUM_RX_QUEUES, 1);
    requests_.put32(IFLA_NET_NS_FD, static_cast<std::uint32_t>(nodes_[node].netns));
  }

  /// The two ends of a wire never have the same index: the kernel would let such a device wait before it may
  /// send.
  static int index_of(unsigned node, unsigned device) { return node == 0 ? 2 : device == 0 ? 3 : 4; }

  void settle(unsigned node) {
    const bool first = node == 0;
    const bool last = node + 1 == nodes_.size();
    put_up(1);
    if (!first) put_up(index_of(node, 0));
    if (!last) put_up(index_of(node, 1));
    if (!first) put_address(index_of(node, 0), subnet(node - 1) + 2);
    if (!last) put_address(index_of(node, 1), subnet(node) + 1);
    for (const Route& route : routes_[node]) put_route(route);
    requests_.send(nodes_[node].socket);
    ::close(nodes_[node].socket);
  }

  static std::uint32_t subnet(unsigned wire) { return 0x0A000000U + 4 * wire; }

  void put_up(int index) {
    ifinfomsg header{};
    header.ifi_index = index;
    header.ifi_flags = header.ifi_change = IFF_UP;
    requests_.begin(RTM_NEWLINK, 0);
    requests_.append(&header, sizeof header);
    requests_.end();
  }

  void put_address(int index, std::uint32_t address) {
    ifaddrmsg header{};
    header.ifa_family = AF_INET;
    header.ifa_prefixlen = 30;
    header.ifa_index = static_cast<unsigned>(index);
    requests_.begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
    requests_.append(&header, sizeof header);
    requests_.put32(IFA_LOCAL, htonl(address));
    requests_.put32(IFA_ADDRESS, htonl(address));
    requests_.put32(IFA_BROADCAST, htonl(address | 3U));
    requests_.end();
  }

  void put_route(const Route& route) {
    rtmsg header{};
    header.rtm_family = AF_INET;
    header.rtm_dst_len = static_cast<unsigned char>(route.length);
    header.rtm_table = RT_TABLE_MAIN;
    header.rtm_protocol = RTPROT_STATIC;
    header.rtm_type = RTN_UNICAST;
    requests_.begin(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
    requests_.append(&header, sizeof header);
    if (route.length != 0) requests_.put32(RTA_DST, htonl(route.prefix));
    requests_.put32(RTA_GATEWAY, htonl(route.gateway));
    requests_.end();
  }

  std::vector<Node> nodes_;
  std::vector<std::vector<Route>> routes_;
  int home_;
  int procfs_ = -1;
  Requests requests_;
  std::atomic<unsigned> created_ = 0;
};

/// Node i by its left neighbour, the first by its right one.
std::vector<std::vector<Route>> default_routes(unsigned nodes) {
  std::vector<std::vector<Route>> routes(nodes);
  for (unsigned i = 0; i < nodes; ++i)
    routes[i].push_back({0, 0, 0x0A000000U + (i == 0 ? 2U : 4 * (i - 1) + 1)});
  return routes;
}

std::uint32_t address_of(const std::string& text) {
  in_addr address{};
  if (::inet_pton(AF_INET, text.c_str(), &address) != 1) die("route file: address");
  return ntohl(address.s_addr);
}

std::vector<std::vector<Route>> read_routes(unsigned nodes, const char* path) {
  std::vector<std::vector<Route>> routes(nodes);
  std::ifstream file(path);
  if (!file) die(path);
  unsigned node = 0;
  std::string prefix;
  std::string gateway;
  while (file >> node >> prefix >> gateway) {
    const std::size_t slash = prefix.find('/');
    if (node >= nodes || slash == std::string::npos) die("route file: line");
    routes[node].push_back({address_of(prefix.substr(0, slash)),
                            static_cast<unsigned>(std::stoul(prefix.substr(slash + 1))),
                            address_of(gateway)});
  }
  return routes;
}

void raise_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int count, char** words) {
  unsigned nodes = 0;
  unsigned threads = 1;
  bool hold = false;
  std::string routes = "default";
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--hold")
      hold = true;
    else if (word == "--threads" && i + 1 < count)
      threads = static_cast<unsigned>(std::stoul(words[++i]));
    else if (word == "--routes" && i + 1 < count)
      routes = words[++i];
    else
      nodes = static_cast<unsigned>(std::stoul(word));
  }
  if (nodes < 2 || threads < 1 || threads > 2) {
    std::fputs("usage: floor NODES [--threads 1|2] [--routes none|default|FILE] [--hold]\n", stderr);
    return 2;
  }
  raise_limit();
  std::vector<std::vector<Route>> table(nodes);
  if (routes == "default")
    table = default_routes(nodes);
  else if (routes != "none")
    table = read_routes(nodes, routes.c_str());
  Chain chain(nodes, std::move(table));
  const auto begin = std::chrono::steady_clock::now();
  chain.build(threads);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  std::printf("%.4f\n", taken.count());
  std::fflush(stdout);
  char byte = 0;
  while (hold && ::read(STDIN_FILENO, &byte, 1) > 0) {
  }
  std::_Exit(0);
}
