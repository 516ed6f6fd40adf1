#include <fmt/format.h>

#include "language/kinds.hh"
#include "language/protocols.hh"

namespace hopyard::language {
namespace {

constexpr std::uint64_t least_memory = 16ULL << 20U;
constexpr std::int64_t most_cpus = 255;      // of QEMU's machine q35
constexpr std::int64_t longest_grace = 600;  // seconds
constexpr std::string_view example = "vm: {image: debian.qcow2, memory: 1GiB}";

void read_file(Values& values, const Yaml& value, std::string_view what, lab::Vm::File& into) {
  if (const auto text = values.text(value, what))
    into = {values.context.beside(text->at, text->value), text->at};
}

void read_console(Values& values, const Yaml& value, std::string& into) {
  const auto text = values.text(value, "'console'", Braces::Free);
  if (!text) return;
  into = text->value;
  if (into.empty() || into.find_first_of(std::string_view("\n\0", 2)) != std::string::npos)
    values.wrong(value, "'console'", "a part of one line");
}

void read_ready(Values& values, const Yaml& value, lab::Vm::Ready& into) {
  into.at = value.at;
  values.each_key(value, vm_ready_object, [&](const Object::Found& found, const Yaml& one) {
    switch (as<VmReadyKey>(found)) {
      case VmReadyKey::Console:
        return read_console(values, one, into.console);
      case VmReadyKey::Ping:
        into.ping = read_truth(values, one, "'ping'").value_or(false);
        return;
      case VmReadyKey::Lease:
        into.lease = read_truth(values, one, "'lease'").value_or(false);
        return;
    }
  });
}

void read_size(Values& values, VmKey key, const Yaml& value, lab::Vm& into) {
  if (key == VmKey::Cpus) {
    if (const auto cpus = values.integer(value, "'cpus'", 1, most_cpus))
      into.cpus = static_cast<std::uint32_t>(*cpus);
    return;
  }
  const auto bytes = values.bytes(value, "'memory'");
  if (bytes && *bytes < least_memory) values.wrong(value, "'memory'", "16MiB or more");
  into.memory = bytes.value_or(into.memory);
}

}  // namespace

void read_vm(Values& values, const Yaml& value, lab::Vm& into) {
  if (!value.is_map()) return values.wrong(value, "'vm'", "a map", std::string(example));
  into.at = value.at;
  values.each_key(value, vm_object, [&](const Object::Found& found, const Yaml& one) {
    const auto key = as<VmKey>(found);
    switch (key) {
      case VmKey::Image:
        return read_file(values, one, "'image'", into.image);
      case VmKey::Kernel:
        return read_file(values, one, "'kernel'", into.kernel);
      case VmKey::Initrd:
        return read_file(values, one, "'initrd'", into.initrd);
      case VmKey::Append:
        if (const auto text = values.text(one, "'append'", Braces::Free)) into.append = text->value;
        return;
      case VmKey::Memory:
      case VmKey::Cpus:
        return read_size(values, key, one, into);
      case VmKey::Accel:
        if (const auto chosen = values.choice(one, "'accel'", accelerator_words()))
          into.accelerator = static_cast<lab::Vm::Accelerator>(*chosen);
        return;
      case VmKey::Ready:
        return read_ready(values, one, into.ready);
      case VmKey::Grace:
        if (const auto seconds = read_seconds(values, one, "'grace'", 0, longest_grace))
          into.grace = std::chrono::seconds(*seconds);
        return;
      case VmKey::CloudInit:
        return read_cloud_init(values, one, into.seed);
    }
  });
}

}  // namespace hopyard::language
