#include "app/emulation.hh"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "sys/kvm.hh"

namespace hopyard::app {
namespace {

bool leaves_it_open(const lab::Node& node) {
  return node.kind == lab::Kind::Vm && node.vm.accelerator == lab::Vm::Accelerator::Probe;
}

std::string warning(const lab::Node& slow, const Error& error) {
  const std::string why =
      error.code == ENOENT
          ? "this machine has no KVM"
          : fmt::format("this machine's /dev/kvm does not run a virtual machine ({})", error.text());
  return fmt::format(
      "{}: the processor of {} is emulated, ten to twenty times slower\n"
      "  accel: tcg in 'vm' says that this is meant",
      why, slow.name);
}

}  // namespace

std::string choose_acceleration(Prepared& prepared) {
  if (std::ranges::none_of(prepared.reading.lab.nodes, leaves_it_open)) return {};
  return choose_acceleration(prepared, sys::check_kvm());
}

std::string choose_acceleration(Prepared& prepared, const Result<>& kvm) {
  const auto& nodes = prepared.reading.lab.nodes;
  const auto first = std::ranges::find_if(nodes, leaves_it_open);
  if (kvm || first == nodes.end()) return {};
  for (net::Namespace& ns : prepared.desired.namespaces) {
    const auto node = std::ranges::find(nodes, ns.name, &lab::Node::name);
    if (ns.role == net::Namespace::Role::Node && node != nodes.end() && leaves_it_open(*node))
      std::erase(ns.machine.host_devices, "/dev/kvm");
  }
  return warning(*first, kvm.error());
}

}  // namespace hopyard::app
