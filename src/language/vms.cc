#include <fmt/format.h>

#include <algorithm>

#include "lab/echoes.hh"
#include "language/draft.hh"

namespace hopyard::language {
namespace {

/// What it is to be known by has to be there to be seen.
void check_ready(Draft& draft, std::uint32_t index) {
  const lab::Node& node = draft.lab.nodes[index];
  const lab::Vm::Ready& ready = node.vm.ready;
  const auto asks = [](const lab::Interface& one) { return one.dhcp; };
  if (ready.lease && std::ranges::none_of(node.interfaces, asks))
    draft.context.report.error(ready.at, fmt::format("'{}' does not ask for an address by DHCP", node.name),
                               "dhcp: true says that it does; of one with addresses, ready: {ping: true}");
  if (ready.ping && lab::echoes(draft.lab, lab::segments(draft.lab), index).empty())
    draft.context.report.error(
        ready.at, fmt::format("nobody in the lab knows an address of '{}' in a subnet of its own", node.name),
        "a neighbour pings it, and it answers: both need addresses there from the file; of one that asks for "
        "its own, ready: {lease: true}");
}

/// Routes are the guest's, who can be told of them by cloud-init alone.
void check_routes(Report& report, const lab::Node& node, const NodeDraft& said) {
  if (said.routes.empty()) return;
  if (!node.vm.seed || node.vm.seed->network_config)
    return report.error(said.routes.front().at,
                        fmt::format("'{}' is a vm, which has its routes inside", node.name),
                        node.vm.seed ? "write them into its 'network-config'"
                                     : "vm: {cloud-init: {}} tells a guest of them that has cloud-init");
  for (const RouteDraft& one : said.routes)
    if (one.hops.size() != 1 || one.source || one.route.table != net::Route().table)
      report.error(one.at, "a route of a vm has 'to', 'via' or 'dev', and 'metric'",
                   "no more can be said to every cloud-init");
}

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
    if (node.kind == lab::Kind::Vm) {
      check_one(draft.context.report, node, said);
      check_routes(draft.context.report, node, said);
      check_ready(draft, static_cast<std::uint32_t>(i));
    } else if (said.vm_at.known()) {
      draft.context.report.error(
          said.vm_at, fmt::format("'{}' is a {}: this is for a vm", node.name, lab::kind_name(node.kind)),
          "kind: vm");
    }
  }
}

}  // namespace hopyard::language
