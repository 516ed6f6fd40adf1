#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/engine.hh"
#include "kernel/real.hh"
#include "net/desired.hh"
#include "sys/fd.hh"
#include "sys/netns.hh"

namespace hopyard::kernel_tests {

/// What a command did: its exit status and all that it printed.
struct Ran {
  int status = -1;
  std::string output;
};
/// Runs a command, found on the PATH, in the network namespace of a descriptor.
Ran run_in(int netns, const std::vector<std::string>& words);
/// The JSON that the command prints; a failure of the test when it does not.
nlohmann::json json_in(int netns, const std::vector<std::string>& words);

/// Whether a device has the flag, by what KernelTest::link() says of it.
bool has_flag(const nlohmann::json& link, const std::string& flag);

/// What @p body returns when it is run in a process of its own.
std::string in_child(const std::function<std::string()>& body);

/// A lab put together by hand.
class Draft {
 public:
  explicit Draft(std::string name = "test") { desired.lab = std::move(name); }
  /// @return its index.
  std::uint32_t node(const std::string& name, net::Namespace::Role role = net::Namespace::Role::Node);
  /// A pair between two nodes. @return the two devices' indices in their namespaces.
  std::pair<std::uint32_t, std::uint32_t> wire(std::uint32_t a, const std::string& name_a, std::uint32_t b,
                                               const std::string& name_b);
  std::uint32_t bridge(std::uint32_t ns, const std::string& name);
  net::Device& device(std::uint32_t ns, std::uint32_t index) { return desired.namespaces[ns].devices[index]; }
  net::Namespace& operator[](std::uint32_t ns) { return desired.namespaces[ns]; }
  void address(std::uint32_t ns, std::uint32_t device, const std::string& text);
  void route(std::uint32_t ns, const std::string& to, const std::string& via, const std::string& device = "");

  net::Desired desired;
};

/// Every test is in a new network namespace of its own, and the next one in another.
class KernelTest : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// Builds, or fails the test with the error's text.
  void build(const Draft& draft, unsigned threads = 1);
  /// The error's text of a build that must not succeed.
  std::string refused(const Draft& draft);
  [[nodiscard]] int netns(std::uint32_t ns) const { return namespaces_[ns]->descriptor(); }
  /// What `ip -j -d link` says of one device.
  [[nodiscard]] nlohmann::json link(std::uint32_t ns, const std::string& name) const;
  [[nodiscard]] std::string sysctl(std::uint32_t ns, const std::string& name) const;

  std::unique_ptr<kernel::RealKernel> kernel_;
  engine::Namespaces namespaces_;

 private:
  sys::Fd outside_;
};

/// Whether tc(8) can put a qdisc of this kind on lo of a new namespace: what the kernel has, asked without
/// Hopyard.
bool tc_has(const std::vector<std::string>& qdisc);

}  // namespace hopyard::kernel_tests
