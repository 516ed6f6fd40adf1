#include "lower/hosts_file.hh"

#include <fmt/format.h>

#include <iterator>

#include "lower/scope.hh"

namespace hopyard::lower {
namespace {

class Lines {
 public:
  void add(const IpAddress& address, const lab::Node& node) {
    if (!means_one_node(address)) return;
    fmt::format_to(std::back_inserter(text_), "{} {}", address.text(), node.name);
    const std::string& hostname = node.machine.hostname;
    if (!hostname.empty() && hostname != node.name)
      fmt::format_to(std::back_inserter(text_), " {}", hostname);
    text_ += '\n';
  }
  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  std::string text_ = "127.0.0.1 localhost\n::1 localhost ip6-localhost\n";
};

}  // namespace

std::string hosts_file(const lab::Lab& lab) {
  Lines lines;
  for (const lab::Node& node : lab.nodes) {
    for (const InterfaceAddress& one : node.loopback) lines.add(one.address, node);
    for (const lab::Interface& interface : node.interfaces)
      for (const InterfaceAddress& one : interface.addresses) lines.add(one.address, node);
    for (const InterfaceAddress& one : node.forwarding.addresses) lines.add(one.address, node);
  }
  return std::move(lines).take();
}

}  // namespace hopyard::lower
