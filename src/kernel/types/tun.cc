#include "kernel/types/tun.hh"

namespace hopyard::kernel {

sys::NewTun tun_for(const net::Device& device, std::uint32_t index) {
  sys::NewTun tun;
  tun.name = device.name;
  tun.index = index;
  if (!device.link) {
    tun.offload = true;  // QEMU's virtio cards know the header
    tun.many_queues = device.many_queues;
    return tun;
  }
  tun.frames = device.link->type == net::LinkType::Tap;
  tun.many_queues = device.link->many_queues;
  tun.owner = device.link->owner;
  tun.group = device.link->group;
  return tun;
}

}  // namespace hopyard::kernel
