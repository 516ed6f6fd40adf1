#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/source.hh"

namespace hopyard::lab {

/// A virtual machine: what it boots, and what it has.
struct Vm {
  /// Who runs the guest's instructions.
  enum class Accelerator : std::uint8_t {
    Probe,  ///< the processor if it can, else QEMU
    Kvm,
    Tcg,  ///< QEMU: ten to twenty times slower, everywhere
  };
  /// A file of the host; empty for none.
  struct File {
    std::string path;  ///< as seen from the working folder
    Span at;
  };
  /// What cloud-init of the guest is told (NoCloud, cloudinit.readthedocs.io); what is not given, Hopyard
  /// writes.
  struct Seed {
    std::optional<std::string> user_data;
    std::optional<std::string> meta_data;
    std::optional<std::string> network_config;
  };
  /// How it shows that it is up: all that is given here; nothing given: as soon as it runs.
  struct Ready {
    std::string console;  ///< a text on its console
    bool ping = false;    ///< it answers neighbours that ping it
    bool lease = false;   ///< a DHCP server has given it an address at each interface that asks for one
    Span at;
  };
  static constexpr std::uint64_t default_memory = 512ULL << 20U;

  File image;   ///< a disk, qcow2 or any other form that QEMU reads
  File kernel;  ///< a bzImage, or a vmlinux with a PVH note
  File initrd;
  std::optional<Seed> seed;           ///< nothing: the guest is told nothing
  std::optional<std::string> append;  ///< the kernel's command line
  std::uint64_t memory = default_memory;
  std::uint32_t cpus = 1;
  Accelerator accelerator = Accelerator::Probe;
  Ready ready;
  std::optional<std::chrono::seconds> grace;
  Span at;
};

}  // namespace hopyard::lab
