#include <fmt/format.h>

#include <algorithm>

#include "language/draft.hh"

namespace hopyard::language {
namespace {

void check_one(Report& report, const lab::Node& node, const NodeDraft& said) {
  const lab::Vm& vm = node.vm;
  if (said.not_of_vm.known())
    report.error(said.not_of_vm,
                 fmt::format("'{}' is a vm, which has its routes and services inside", node.name),
                 "what the guest does, its own system says; Hopyard gives it a machine and wires");
  if (said.dhcp.role == DhcpDraft::Role::Server)
    report.error(said.dhcp.at, fmt::format("'{}' is a vm, which Hopyard runs no server in", node.name),
                 "dhcp: true says that it asks for its addresses");
  if (vm.image.path.empty() && vm.kernel.path.empty())
    report.error(vm.at.known() ? vm.at : node.at, fmt::format("the vm '{}' has nothing to boot", node.name),
                 "vm: {image: debian.qcow2}, or {kernel: vmlinuz, initrd: initrd.img}");
  if (vm.kernel.path.empty() && (!vm.initrd.path.empty() || vm.append))
    report.error(vm.initrd.path.empty() ? vm.at : vm.initrd.at,
                 fmt::format("'initrd' and 'append' of '{}' go with a 'kernel'", node.name),
                 "an image boots by itself");
  for (const lab::Interface& one : node.interfaces)
    if (one.settings)
      report.error(one.at,
                   fmt::format("'{}:{}' has a type, and '{}' is a vm", node.name, one.name, node.name),
                   "what the guest stacks on its cards, its own system says");
  for (const lab::Interface& one : node.interfaces)
    if (one.name.size() > 11)
      report.error(one.at, fmt::format("'{}' is too long for the interface of a vm", one.name),
                   "it has at most 11 bytes: its bridge is called br- and so, its tap tap-");
}

}  // namespace

void check_vms(Draft& draft) {
  for (std::size_t i = 0; i < draft.lab.nodes.size(); ++i) {
    const lab::Node& node = draft.lab.nodes[i];
    const NodeDraft& said = draft.nodes[i];
    if (node.kind == lab::Kind::Vm)
      check_one(draft.context.report, node, said);
    else if (said.vm_at.known())
      draft.context.report.error(
          said.vm_at, fmt::format("'{}' is a {}: this is for a vm", node.name, lab::kind_name(node.kind)),
          "kind: vm");
  }
}

}  // namespace hopyard::language
