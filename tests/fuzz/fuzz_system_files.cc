// Files of the host and of root file systems, as any text at all: tables of /proc, users, FRR's daemons.
#include <cstdint>
#include <string>
#include <string_view>

#include "keeper/frr_daemons.hh"
#include "keeper/owners.hh"
#include "keeper/root.hh"
#include "keeper/service_process.hh"
#include "sys/locks.hh"
#include "sys/mount.hh"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hopyard;
  // A copy of the exact size, so that the sanitizer sees the first byte too many.
  const std::string text(reinterpret_cast<const char*>(data), size);
  (void)sys::parse_mountinfo(text);
  (void)keeper::node_file_systems(text);
  (void)sys::lock_holder_in(text, 0, 0x15, 1234);
  (void)keeper::number_of(text, "frr");
  (void)keeper::listening_inodes(text, 179);
  (void)keeper::frr_services(text, [](const std::string& path) { return path.ends_with("bgpd.conf"); });
  return 0;
}
