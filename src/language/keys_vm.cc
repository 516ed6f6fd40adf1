#include <array>

#include "language/key.hh"

/// What a virtual machine is made of.
namespace hopyard::language {
namespace {

constexpr std::array vm_keys{
    key(VmKey::Image, "image", Type::Path,
        "a disk to boot from, relative to the lab file; it stays as it is"),
    key(VmKey::Kernel, "kernel", Type::Path, "a Linux kernel to boot, relative to the lab file"),
    key(VmKey::Initrd, "initrd", Type::Path, "the kernel's first root file system"),
    key(VmKey::Append, "append", Type::Text, "the kernel's command line; console=ttyS0 if not given"),
    key(VmKey::Memory, "memory", Type::Bytes, "memory that the guest sees; 512MiB if not given"),
    key(VmKey::Cpus, "cpus", Type::Cpus, "processors that the guest sees; 1 if not given"),
    key(VmKey::Accel, "accel", Type::AcceleratorName,
        "kvm: the processor runs the guest; tcg: QEMU does; probe if not given: kvm where it works"),
    key(VmKey::Ready, "ready", Type::VmReady,
        "how it shows that it is up, all that is given; as soon as it runs if not given"),
    key(VmKey::Grace, "grace", Type::Duration,
        "how long it may take to power down; 10s with an image, else 0s, if not given"),
    key(VmKey::CloudInit, "cloud-init", Type::CloudInit,
        "what cloud-init of the guest is told, on a disk of its own; {} for what Hopyard writes by itself"),
};

constexpr std::array cloud_init_keys{
    key(CloudInitKey::UserData, "user-data", Type::CloudInitPart,
        "a file, the text itself, or a map, which is a #cloud-config; an empty one if not given"),
    key(CloudInitKey::MetaData, "meta-data", Type::CloudInitPart,
        "a file, the text itself or a map; the node's own name if not given"),
    key(CloudInitKey::NetworkConfig, "network-config", Type::CloudInitPart,
        "a file, the text itself or a map; the lab's addresses, gateways and name servers if not given"),
};

constexpr std::array vm_ready_keys{
    key(VmReadyKey::Console, "console", Type::Text, "a text that it writes to its serial console"),
    key(VmReadyKey::Ping, "ping", Type::Truth, "true: it answers neighbours in the lab that ping it"),
    key(VmReadyKey::Lease, "lease", Type::Truth,
        "true: a DHCP server has given it an address at each interface that asks for one"),
};

}  // namespace

constinit const Object vm_object{"'vm'", vm_keys};
constinit const Object cloud_init_object{"'cloud-init'", cloud_init_keys};
constinit const Object vm_ready_object{"'ready' of a vm", vm_ready_keys};

}  // namespace hopyard::language
