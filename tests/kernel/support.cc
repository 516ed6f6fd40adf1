#include "tests/kernel/support.hh"

#include <fcntl.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "plan/plan.hh"
#include "sys/netns.hh"

/// Asked by the leak sanitizer, where it is built in: libnftables 1.0.6 itself loses the expressions of a
/// ruleset with a mistake.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libnftables.so";
}

namespace hopyard::kernel_tests {
namespace {

[[noreturn]] void become(int netns, const std::vector<std::string>& words, int output) {
  std::vector<char*> arguments;
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  if (::setns(netns, CLONE_NEWNET) == 0 && ::dup2(output, STDOUT_FILENO) >= 0 &&
      ::dup2(output, STDERR_FILENO) >= 0)
    ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

/// Runs @p body with the writing end of a pipe in a process of its own, and takes what it writes and how it
/// ends.
Ran run(const std::function<void(int)>& body) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return {};
  sys::Fd reader(ends[0]);
  sys::Fd writer(ends[1]);
  const pid_t child = ::fork();
  if (child == 0) {
    body(writer.get());
    ::_exit(0);
  }
  writer.reset();
  Ran ran;
  std::array<char, 4096> piece;
  for (ssize_t count = 0; (count = ::read(reader.get(), piece.data(), piece.size())) > 0;)
    ran.output.append(piece.data(), static_cast<std::size_t>(count));
  int status = 0;
  ::waitpid(child, &status, 0);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ran;
}

}  // namespace

Ran run_in(int netns, const std::vector<std::string>& words) {
  return run([&](int output) { become(netns, words, output); });
}

std::string in_child(const std::function<std::string()>& body) {
  const Ran ran = run([&](int output) {
    const std::string text = body();
    if (::write(output, text.data(), text.size()) < 0) ::_exit(1);
  });
  EXPECT_EQ(ran.status, 0);
  return ran.output;
}

nlohmann::json json_in(int netns, const std::vector<std::string>& words) {
  const Ran ran = run_in(netns, words);
  nlohmann::json read = nlohmann::json::parse(ran.output, nullptr, false);
  EXPECT_EQ(ran.status, 0) << ran.output;
  EXPECT_FALSE(read.is_discarded()) << ran.output;
  return read;
}

std::uint32_t Draft::node(const std::string& name, net::Namespace::Role role) {
  net::Namespace ns;
  ns.name = name;
  ns.role = role;
  ns.kind = role == net::Namespace::Role::Node ? "host" : "network";
  desired.namespaces.push_back(std::move(ns));
  return static_cast<std::uint32_t>(desired.namespaces.size() - 1);
}

std::pair<std::uint32_t, std::uint32_t> Draft::wire(std::uint32_t a, const std::string& name_a,
                                                    std::uint32_t b, const std::string& name_b) {
  net::Device end;
  end.name = name_a;
  end.mac = Mac::derived(desired.lab, desired.namespaces[a].name, name_a);
  end.makes_pair = true;
  net::Device other;
  other.name = name_b;
  other.mac = Mac::derived(desired.lab, desired.namespaces[b].name, name_b);
  auto& here = desired.namespaces[a].devices;
  auto& there = desired.namespaces[b].devices;
  const auto index = static_cast<std::uint32_t>(here.size());
  const auto peer = static_cast<std::uint32_t>(there.size() + (a == b ? 1 : 0));
  end.peer_namespace = b, end.peer_device = peer;
  other.peer_namespace = a, other.peer_device = index;
  here.push_back(std::move(end));
  there.push_back(std::move(other));
  return {index, peer};
}

std::uint32_t Draft::bridge(std::uint32_t ns, const std::string& name) {
  net::Device bridge;
  bridge.kind = net::Device::Kind::Bridge;
  bridge.name = name;
  bridge.mac = Mac::derived(desired.lab, desired.namespaces[ns].name, name);
  desired.namespaces[ns].devices.push_back(std::move(bridge));
  return static_cast<std::uint32_t>(desired.namespaces[ns].devices.size() - 1);
}

void Draft::address(std::uint32_t ns, std::uint32_t device, const std::string& text) {
  auto& to = device == net::none ? desired.namespaces[ns].loopback
                                 : desired.namespaces[ns].devices[device].addresses;
  to.push_back(InterfaceAddress::parse(text).value());
}

void Draft::route(std::uint32_t ns, const std::string& to, const std::string& via,
                  const std::string& device) {
  net::Route route;
  route.to = Prefix::parse(to).value();
  route.next_hops.push_back({via.empty() ? std::nullopt : IpAddress::parse(via), device, 1});
  desired.namespaces[ns].routes.push_back(std::move(route));
}

void KernelTest::SetUp() {
  outside_ = std::move(sys::current_netns().value());
  ASSERT_TRUE(sys::unshare_netns().has_value()) << "the tests of this suite need root";
  kernel_ = std::move(kernel::RealKernel::open().value());
}

void KernelTest::TearDown() {
  namespaces_.clear();
  kernel_.reset();
  if (outside_) {
    ASSERT_TRUE(sys::enter_netns(outside_.get()).has_value());
  }
}

void KernelTest::build(const Draft& draft, unsigned threads) {
  engine::Options options;
  options.threads = threads;
  auto built = engine::build(plan::plan(draft.desired), draft.desired, *kernel_, options);
  ASSERT_TRUE(built.has_value()) << built.error().text();
  namespaces_ = std::move(*built);
}

std::string KernelTest::refused(const Draft& draft) {
  const auto built = engine::build(plan::plan(draft.desired), draft.desired, *kernel_, {});
  EXPECT_FALSE(built.has_value());
  return built ? std::string() : built.error().text();
}

bool has_flag(const nlohmann::json& link, const std::string& flag) {
  const auto& flags = link["flags"];
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

nlohmann::json KernelTest::link(std::uint32_t ns, const std::string& name) const {
  const nlohmann::json links = json_in(netns(ns), {"ip", "-j", "-d", "link", "show", "dev", name});
  return links.is_array() && !links.empty() ? links[0] : nlohmann::json();
}

std::string KernelTest::sysctl(std::uint32_t ns, const std::string& name) const {
  std::string text = run_in(netns(ns), {"sysctl", "-n", name}).output;
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

bool tc_has(const std::vector<std::string>& qdisc) {
  std::vector<std::string> words{"unshare", "--net", "tc", "qdisc", "add", "dev", "lo", "root"};
  words.insert(words.end(), qdisc.begin(), qdisc.end());
  const sys::Fd here = std::move(sys::current_netns().value());
  return run_in(here.get(), words).status == 0;
}

}  // namespace hopyard::kernel_tests
