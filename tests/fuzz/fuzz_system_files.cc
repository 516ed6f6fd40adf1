// Files of the host and of root file systems, as any text at all: tables of /proc, users, name servers, FRR's
// daemons.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "app/name_servers.hh"
#include "keeper/frr_daemons.hh"
#include "keeper/owners.hh"
#include "keeper/pace.hh"
#include "keeper/root.hh"
#include "keeper/service_process.hh"
#include "observe/processes.hh"
#include "sys/locks.hh"
#include "sys/mount.hh"
#include "sys/users.hh"

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
  (void)keeper::pace::runnable_in(text);
  observe::Process process;
  (void)observe::parse_stat(text, process);
  if (observe::parse_pidfd_info(text) < 0) std::abort();
  if (const auto ids = sys::subordinate_ids(text, "frr", 1000); ids && ids->count == 0) std::abort();
  const auto resolver = app::read_name_servers(text);
  if (resolver.only_own && !resolver.servers.empty()) std::abort();
  // Who has no number of somebody else's left has none the second time.
  const std::string alone = keeper::with_root_alone(text);
  if (keeper::with_root_alone(alone) != alone) std::abort();
  return 0;
}
