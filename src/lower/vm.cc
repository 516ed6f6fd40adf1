#include <fmt/format.h>

#include "lower/kinds.hh"
#include "lower/seed.hh"

namespace hopyard::lower {
namespace {

// In the node. The sockets are in a folder of their own, which only the node's root may enter.
constexpr const char* folder = "/run/qemu";
constexpr const char* console = "/run/qemu/console";
constexpr const char* monitor = "/run/qemu/qmp";
constexpr const char* image = "/run/qemu/image";
constexpr const char* kernel = "/run/qemu/kernel";
constexpr const char* initrd = "/run/qemu/initrd";
constexpr const char* service_name = "qemu";
// Written before QEMU starts, so that what an earlier one has said does not count.
constexpr const char* beginning = "-- qemu starts --";
constexpr const char* kvm_device = "/dev/kvm";
constexpr const char* vhost_device = "/dev/vhost-net";

void add_interfaces(const lab::Lab& lab, const lab::Node& node, net::Namespace& ns) {
  const auto count = static_cast<std::uint32_t>(node.interfaces.size());
  std::vector<net::Device> devices(3 * node.interfaces.size());
  for (std::uint32_t i = 0; i < count; ++i) {
    const lab::Interface& interface = node.interfaces[i];
    net::Device& bridge = devices[i];
    net::Device& wire = devices[count + i];
    net::Device& tap = devices[2 * count + i];
    bridge.kind = net::Device::Kind::Bridge;
    bridge.name = "br-" + interface.name;
    bridge.mac = Mac::derived(lab.name, node.name, bridge.name);
    bridge.mtu = interface.mtu;
    // The guest has the interface's own address, and a bridge keeps frames to one of its ports to itself.
    wire.name = interface.name;
    wire.mac = Mac::derived(lab.name, node.name, "wire-" + interface.name);
    wire.master = i;
    tap.kind = net::Device::Kind::Tap;
    tap.name = "tap-" + interface.name;
    tap.mtu = interface.mtu;
    tap.many_queues = node.vm.cpus > 1;
    tap.master = i;
    for (net::Device* one : {&bridge, &wire, &tap}) one->origin = interface.at;
  }
  ns.devices = std::move(devices);
}

/// A text with a comma in it, within an option of QEMU.
std::string doubled_commas(const std::string& text) {
  std::string doubled;
  for (const char letter : text) doubled.append(letter == ',' ? 2 : 1, letter);
  return doubled;
}

void add_network(const lab::Node& node, std::vector<std::string>& words) {
  for (std::size_t i = 0; i < node.interfaces.size(); ++i) {
    const lab::Interface& interface = node.interfaces[i];
    std::string backend =
        fmt::format("tap,id=n{},ifname=tap-{},script=no,downscript=no", i, doubled_commas(interface.name));
    std::string device = fmt::format("virtio-net-pci,romfile=,netdev=n{},mac={}", i, interface.mac.text());
    if (node.vm.cpus > 1) {
      backend += fmt::format(",queues={}", node.vm.cpus);
      device += fmt::format(",mq=on,vectors={}", 2 * node.vm.cpus + 2);
    }
    if (interface.mtu != 0) device += fmt::format(",host_mtu={}", interface.mtu);
    words.insert(words.end(), {"-netdev", std::move(backend), "-device", std::move(device)});
  }
}

void add_boot(const lab::Vm& vm, std::vector<std::string>& words) {
  if (!vm.image.path.empty())
    words.insert(words.end(), {"-drive", fmt::format("file={},if=virtio,snapshot=on", image)});
  if (vm.seed)
    words.insert(words.end(),
                 {"-drive", fmt::format("file={},format=raw,if=virtio,readonly=on", seed_image)});
  if (vm.kernel.path.empty()) return;
  words.insert(words.end(), {"-kernel", kernel, "-append", vm.append.value_or("console=ttyS0")});
  if (!vm.initrd.path.empty()) words.insert(words.end(), {"-initrd", initrd});
}

/// Who runs the guest. "host" is all that the processor has; of what QEMU emulates, the least is the fastest.
std::vector<std::string> accelerator(const lab::Vm& vm) {
  if (vm.accelerator == lab::Vm::Accelerator::Kvm) return {"-accel", "kvm", "-cpu", "host"};
  if (vm.accelerator == lab::Vm::Accelerator::Tcg) return {"-accel", "tcg"};
  return {};
}

// Where the host's /dev/vhost-net opens, frames go between the taps and the guest by the kernel.
constexpr const char* take_vhost =
    "; if [ -c /dev/vhost-net ] && (: <>/dev/vhost-net) 2>/dev/null; then for word; do "
    "case $word in tap,id=n[0-9]*) word=$word,vhost=on;; esac; set -- \"$@\" \"$word\"; shift; done; fi";

/// What sh(1) does before it becomes QEMU: whether there is KVM, and vhost, shows where QEMU runs.
std::string beginning_of(const lab::Vm& vm) {
  std::string script = fmt::format("echo '{}'{}", beginning, take_vhost);
  if (vm.accelerator == lab::Vm::Accelerator::Probe)
    script +=
        "; if [ -w /dev/kvm ]; then set -- \"$@\" -accel kvm -cpu host; else set -- \"$@\" -accel tcg; fi";
  return script + "; exec \"$@\"";
}

std::vector<std::string> command(const lab::Node& node) {
  const lab::Vm& vm = node.vm;
  constexpr std::uint64_t mebibyte = 1ULL << 20U;
  std::vector<std::string> words{
      "/bin/sh", "-c",    beginning_of(vm),         "sh", "qemu-system-x86_64", "-M",
      "q35",     "-name", doubled_commas(node.name)};
  for (std::string& word : accelerator(vm)) words.push_back(std::move(word));
  words.insert(words.end(), {"-smp", fmt::format("{}", vm.cpus), "-m",
                             fmt::format("{}", (vm.memory + mebibyte - 1) / mebibyte)});
  words.insert(
      words.end(),
      {"-nodefaults", "-no-user-config", "-display", "none", "-chardev",
       fmt::format("socket,id=console,path={},server=on,wait=off,logfile=/dev/stdout,logappend=on", console),
       "-serial", "chardev:console", "-qmp", fmt::format("unix:{},server=on,wait=off", monitor), "-device",
       "virtio-rng-pci"});
  add_boot(vm, words);
  add_network(node, words);
  return words;
}

/// For a word of sh(1).
std::string quoted(std::string_view text) {
  std::string word = "'";
  for (const char letter : text) word += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return word + '\'';
}

net::Service qemu(const lab::Node& node) {
  const lab::Vm& vm = node.vm;
  net::Service service;
  service.name = service_name;
  service.command = command(node);
  service.restart = net::Service::Restart::OnFailure;
  service.programs = {"qemu-system-x86_64"};
  service.package = "qemu-system-x86";
  service.origin = vm.at;
  if (!vm.ready.console.empty())
    service.ready = {
        net::Service::Ready::Kind::Command,
        fmt::format("TEXT={} awk '$0 == \"{}\" {{ seen = 0 }} index($0, ENVIRON[\"TEXT\"]) {{ seen = 1 "
                    "}} END {{ exit !seen }}' /var/log/hopyard/{}.log",
                    quoted(vm.ready.console), beginning, service_name)};
  else
    service.ready = {net::Service::Ready::Kind::File, monitor};
  service.ready.left = monitor;
  // A press of the power button (QEMU Machine Protocol, docs/interop/qmp-spec.txt).
  constexpr std::chrono::seconds of_disks{10};
  service.parting.socket = monitor;
  service.parting.words = "{\"execute\": \"qmp_capabilities\"}\n{\"execute\": \"system_powerdown\"}\n";
  service.parting.grace = vm.grace.value_or(vm.image.path.empty() ? std::chrono::seconds(0) : of_disks);
  return service;
}

}  // namespace

net::Namespace vm(const lab::Lab& lab, const lab::Node& node) {
  net::Namespace ns = common(node);
  ns.loopback.clear();
  ns.sysctls = merged(silence(), node.sysctls);
  add_interfaces(lab, node, ns);
  net::Machine& machine = ns.machine;
  machine.folders.push_back({folder, 0700});
  for (const auto& [file, at] : {std::pair(&node.vm.image, image), std::pair(&node.vm.kernel, kernel),
                                 std::pair(&node.vm.initrd, initrd)})
    if (!file->path.empty()) machine.host_files.push_back({file->path, at});
  machine.host_devices = {vhost_device};
  if (node.vm.accelerator != lab::Vm::Accelerator::Tcg) machine.host_devices.emplace_back(kvm_device);
  machine.services.insert(machine.services.begin(), qemu(node));
  ns.warm = true;
  return ns;
}

}  // namespace hopyard::lower
