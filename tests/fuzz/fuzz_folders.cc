// Files that their readers open themselves, as any bytes at all: what a lab has noted for whoever tidies up
// after it, and what procfs and Docker tell of containers. The first byte says whose turn it is.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "fuzz/scratch_folder.hh"
#include "keeper/exposed.hh"
#include "kernel/journal.hh"
#include "kernel/notes.hh"
#include "kernel/page_merging.hh"
#include "observe/containers.hh"

namespace {

using namespace hopyard;

/// What is cut off from the front of @p rest, as far as a byte that no file has to have.
std::string_view take_part(std::string_view& rest) {
  const std::string_view part = rest.substr(0, rest.find('\1'));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return part;
}

class Readers {
 public:
  Readers() {
    folder_.write("proc/21/stat", "21 (init) S 20 1 1 0 -1 0 1 2 3 4 150 50 7 8 20 0 1 0 100 2703360 25 1\n");
    folder_.write("proc/21/status", "NSpid:\t21\t1\nNSsid:\t21\t1\n");
  }

  /// Places are never found, so that nothing is done to the machine; the notes are all read.
  void journal(std::string_view text) {
    const kernel::Notes notes = kernel::notes_in(text);
    for (const kernel::Json& change : notes.changes)
      (void)kernel::bytes_of(kernel::text_in(change, "request"));
    folder_.write(std::string("labs/own/") + kernel::journal_name, text);
    const auto gone = [](const kernel::Place&) -> Result<sys::Fd> { return sys::Fd(); };
    const bool undone = kernel::undo_changes(own_.get(), labs_.get(), gone).has_value();
    if (undone == notes.strange) std::abort();  // what is not understood must stay, and nothing else
  }
  void exposed(std::string_view text) {
    folder_.write(std::string("labs/own/") + keeper::exposed_list, text);
    (void)keeper::read_exposed(own_.get());
  }
  void merging(std::string_view text) {
    for (const char* name : {"run", "pages_to_scan", "sleep_millisecs", "other"})
      folder_.write(std::string("ksm/") + name, "1\n");
    folder_.write(std::string("ksm/") + kernel::merging_note, text);
    kernel::PageMerging::recover({folder_.path() + "/ksm", folder_.path() + "/ksm"});
    if (sys::read_file(ksm_.get(), "other").value_or("") != "1\n") std::abort();
  }
  void containers(std::string_view text) {
    for (const char* name : {"proc/20/stat", "proc/20/status", "proc/20/cmdline", "proc/20/cgroup"})
      folder_.write(name, take_part(text));
    folder_.write("docker/" + id_ + "/config.v2.json", text);
    const observe::ContainerPlaces places{folder_.path() + "/proc", folder_.path() + "/docker"};
    const auto all = observe::list_containers(places);
    if (!all) return;
    for (const observe::Container& one : *all) {
      (void)observe::find_container(observe::spelled(one), places);
      if (one.pid <= 0) std::abort();
    }
  }

 private:
  const std::string id_ = std::string(64, 'a');
  const ScratchFolder folder_{"labs/own", "ksm", "proc/20", "proc/21", "docker/" + id_};
  const sys::Fd labs_ = folder_.open("labs");
  const sys::Fd own_ = folder_.open("labs/own");
  const sys::Fd ksm_ = folder_.open("ksm");
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Readers readers;
  static constexpr std::array turns{&Readers::journal, &Readers::exposed, &Readers::merging,
                                    &Readers::containers};
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  (readers.*turns[data[0] % turns.size()])(text);
  return 0;
}
