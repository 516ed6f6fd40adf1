#include "app/emulation.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>

namespace hopyard::app {
namespace {

using Accelerator = lab::Vm::Accelerator;
using testing::ElementsAre;

Prepared with(lab::Kind kind, Accelerator accelerator) {
  Prepared prepared;
  lab::Node& node = prepared.reading.lab.nodes.emplace_back();
  node.name = "vm1";
  node.kind = kind;
  node.vm.accelerator = accelerator;
  net::Namespace& ns = prepared.desired.namespaces.emplace_back();
  ns.name = node.name;
  ns.machine.host_devices = {"/dev/vhost-net", "/dev/kvm"};
  return prepared;
}

const std::vector<std::string>& devices(const Prepared& prepared) {
  return prepared.desired.namespaces[0].machine.host_devices;
}

TEST(Emulation, IsWarnedOfWhereNobodyAskedForIt) {
  Prepared probing = with(lab::Kind::Vm, Accelerator::Probe);
  EXPECT_EQ(choose_acceleration(probing, failure("open", "/dev/kvm", ENOENT)),
            "this machine has no KVM: the processor of vm1 is emulated, ten to twenty times slower\n"
            "  accel: tcg in 'vm' says that this is meant");
  EXPECT_THAT(devices(probing), ElementsAre("/dev/vhost-net"));
}

TEST(Emulation, SaysWhyAKvmThatIsThereIsNotTaken) {
  Prepared probing = with(lab::Kind::Vm, Accelerator::Probe);
  EXPECT_EQ(choose_acceleration(probing, failure("create a virtual machine", "", EBUSY)),
            "this machine's /dev/kvm does not run a virtual machine (create a virtual machine: Device or "
            "resource busy): the processor of vm1 is emulated, ten to twenty times slower\n"
            "  accel: tcg in 'vm' says that this is meant");
  EXPECT_THAT(devices(probing), ElementsAre("/dev/vhost-net"));
}

TEST(Emulation, LeavesEverythingElseAsItIs) {
  Prepared probing = with(lab::Kind::Vm, Accelerator::Probe);
  EXPECT_EQ(choose_acceleration(probing, {}), "");
  EXPECT_THAT(devices(probing), ElementsAre("/dev/vhost-net", "/dev/kvm"));
  for (auto& [kind, chosen] :
       {std::pair(lab::Kind::Vm, Accelerator::Tcg), std::pair(lab::Kind::Vm, Accelerator::Kvm),
        std::pair(lab::Kind::Host, Accelerator::Probe)}) {
    Prepared meant = with(kind, chosen);
    EXPECT_EQ(choose_acceleration(meant, failure("open", "/dev/kvm", ENOENT)), "");
    EXPECT_THAT(devices(meant), ElementsAre("/dev/vhost-net", "/dev/kvm"));
  }
}

}  // namespace
}  // namespace hopyard::app
