#include "kernel/page_merging.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sstream>
#include <string_view>
#include <utility>

#include "sys/file.hh"

#ifndef PR_SET_MEMORY_MERGE  // linux/prctl.h since 6.4
#define PR_SET_MEMORY_MERGE 67
#define PR_GET_MEMORY_MERGE 68
#endif

namespace hopyard::kernel {
namespace {

/// The switches in the order in which they are thrown. The kernel's own pace (100 pages each 20 ms) would
/// take minutes for a large lab.
constexpr std::array<std::pair<const char*, const char*>, 3> switches_on{{
    {"pages_to_scan", "5000"},
    {"sleep_millisecs", "10"},
    {"run", "1"},
}};

/// Bytes of the note that stand for something (fcntl(2), open file description locks).
constexpr off_t changing = 0;  ///< locked by who looks at the shares or changes the switches
constexpr off_t share = 1;     ///< locked for reading by each share

bool set_lock(int note, off_t byte, short type, int command) {
  struct flock wanted {};
  wanted.l_type = type;
  wanted.l_whence = SEEK_SET;
  wanted.l_start = byte;
  wanted.l_len = 1;
  int done = 0;
  do {
    done = ::fcntl(note, command, &wanted);
  } while (done != 0 && errno == EINTR);
  return done == 0;
}

/// Keeps others from looking at the shares, for as long as it lives.
class Changing {
 public:
  explicit Changing(const sys::Fd& note) : note_(note.get()) {
    set_lock(note_, changing, F_WRLCK, F_OFD_SETLKW);
  }
  Changing(const Changing&) = delete;
  Changing& operator=(const Changing&) = delete;
  ~Changing() { set_lock(note_, changing, F_UNLCK, F_OFD_SETLK); }
  /// Nobody else has a share. None can come to be before this object goes.
  [[nodiscard]] bool alone() const { return set_lock(note_, share, F_WRLCK, F_OFD_SETLK); }
  void give_share_back() const { set_lock(note_, share, F_UNLCK, F_OFD_SETLK); }
  [[nodiscard]] bool take_share() const { return set_lock(note_, share, F_RDLCK, F_OFD_SETLK); }

 private:
  int note_;
};

Result<std::string> value_of(const sys::Fd& switches, const char* name) {
  HOPYARD_TAKE(text, sys::read_file(switches.get(), name));
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

Result<> set(const sys::Fd& switches, const std::string& name, std::string_view value) {
  HOPYARD_TAKE(file, sys::open_at(switches.get(), name, O_WRONLY | O_TRUNC));
  return sys::write_all(file.get(), value, name);
}

Result<> put_one_back(const sys::Fd& switches, const std::string& name, std::string_view before,
                      std::string_view ours) {
  HOPYARD_TAKE(now, value_of(switches, name.c_str()));
  if (now != ours) return {};  // what was changed by somebody else since is theirs
  Result<> done = set(switches, name, before);
  // The pace, where an advisor chooses it meanwhile (switch_on()).
  if (!done && done.error().code == EINVAL) return {};
  return done;
}

/// On an error the note stays, and with it what there is to put back.
Result<> put_back(const sys::Fd& switches, const sys::Fd& folder) {
  HOPYARD_TAKE(text, sys::read_file(folder.get(), merging_note));
  std::istringstream lines(text);
  Result<> all;
  for (std::string name, before, ours; lines >> name >> before >> ours;) {
    // A note that somebody has changed must not lead elsewhere.
    if (std::ranges::none_of(switches_on, [&](const auto& one) { return one.first == name; })) continue;
    if (Result<> one = put_one_back(switches, name, before, ours); !one) all = std::move(one);
  }
  HOPYARD_TRY(std::move(all));
  return sys::remove(folder.get(), merging_note);
}

Result<> throw_switch(const sys::Fd& switches, const sys::Fd& note, const char* name, const char* value) {
  HOPYARD_TAKE(before, value_of(switches, name));
  // Noted first: whoever finds the note after a sudden end puts back what there was.
  HOPYARD_TRY(sys::write_all(note.get(), fmt::format("{} {} {}\n", name, before, value), merging_note));
  return set(switches, name, value);
}

Result<> switch_on(const sys::Fd& switches, const sys::Fd& note) {
  for (const auto& [name, value] : switches_on) {
    const Result<> done = throw_switch(switches, note, name, value);
    // With an advisor (advisor_mode) the kernel chooses the pace itself and lets nobody else do it.
    if (!done && std::string_view(name) == "run") return done;
  }
  return {};
}

bool runs(const sys::Fd& switches) {
  return value_of(switches, "run").value_or("") == "1";
}

std::unexpected<Error> not_allowed(const MergingPlaces& places, const Error& why) {
  return failure(
      "switch on the host's page merging", places.switches + "/run", why.code, {},
      fmt::format("as root on the host: echo 1 > {}/run; or leave out memory: merge", places.switches));
}

/// The note, open; made if there is none.
Result<sys::Fd> open_note(const sys::Fd& folder, int flags) {
  return sys::open_at(folder.get(), merging_note, O_RDWR | O_APPEND | O_NOFOLLOW | flags, 0600);
}

bool is_removed(const sys::Fd& file) {
  struct stat status {};
  return ::fstat(file.get(), &status) == 0 && status.st_nlink == 0;
}

bool is_empty(const sys::Fd& file) {
  struct stat status {};
  return ::fstat(file.get(), &status) == 0 && status.st_size == 0;
}

}  // namespace

Result<> check_page_merging(const MergingPlaces& places) {
  constexpr const char* remedy =
      "use a kernel with CONFIG_KSM, Linux 6.7 or later; or leave out memory: merge";
  const auto lacks = [](std::string words) {
    return refusal("merge pages", "this kernel lacks page merging (KSM): " + std::move(words), remedy);
  };
  // Came with the kernel that lets children and the programs they execute have the setting of their parent.
  const std::string file = places.switches + "/smart_scan";
  if (const auto found = sys::open_at(sys::here(), file, O_PATH); !found) {
    if (found.error().code != ENOENT) return failure("look for", file, found.error().code);
    return lacks("there is no " + file);
  }
  if (::prctl(PR_GET_MEMORY_MERGE, 0, 0, 0, 0) >= 0) return {};
  if (errno != EINVAL) return failure("ask how pages are merged", "", errno);
  return lacks("it knows no PR_SET_MEMORY_MERGE");
}

Result<> merge_own_pages() {
  if (::prctl(PR_SET_MEMORY_MERGE, 1, 0, 0, 0) != 0) return failure("merge pages", "", errno);
  const int now = ::personality(0xffffffff);
  if (now < 0 || ::personality(static_cast<unsigned long>(now) | ADDR_NO_RANDOMIZE) < 0)
    return failure("fix the layout of memory", "", errno);
  return {};
}

Result<PageMerging> PageMerging::hold(const MergingPlaces& places) {
  HOPYARD_TAKE(switches, sys::open_folder(sys::here(), places.switches));
  HOPYARD_TAKE(folder, sys::open_folder(sys::here(), places.folder));
  for (;;) {
    auto note = open_note(folder, O_CREAT);
    if (!note) {
      if (runs(switches)) return PageMerging();
      return not_allowed(places, note.error());
    }
    const Changing mine(*note);
    if (is_removed(*note)) continue;  // by one who went meanwhile
    const bool alone = mine.alone();
    if (alone && !is_empty(*note)) {  // of dead ones
      if (Result<> back = put_back(switches, folder); !back) return pass_on(std::move(back));
      continue;
    }
    if (alone) {
      if (runs(switches)) {
        static_cast<void>(sys::remove(folder.get(), merging_note));
        return PageMerging();
      }
      if (const Result<> on = switch_on(switches, *note); !on) {
        static_cast<void>(put_back(switches, folder));
        return not_allowed(places, on.error());
      }
    }
    if (!mine.take_share()) {
      const int code = errno;
      if (alone) static_cast<void>(put_back(switches, folder));
      return failure("hold the host's page merging", places.folder, code);
    }
    return PageMerging(std::move(switches), std::move(folder), std::move(*note));
  }
}

void PageMerging::recover(const MergingPlaces& places) {
  const sys::Fd note(::open((places.folder + '/' + merging_note).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
  if (!note) return;
  const Changing mine(note);
  if (is_removed(note) || !mine.alone()) return;
  const auto switches = sys::open_folder(sys::here(), places.switches);
  const auto folder = sys::open_folder(sys::here(), places.folder);
  if (switches && folder) static_cast<void>(put_back(*switches, *folder));
}

void PageMerging::leave() {
  note_.reset();
  folder_.reset();
  switches_.reset();
}

void PageMerging::release() {
  if (!note_) return;
  {
    const Changing mine(note_);
    // Another process that has this share may have given it back already; what has the note's name now is
    // others'.
    if (!is_removed(note_) && mine.alone()) static_cast<void>(put_back(switches_, folder_));
    mine.give_share_back();  // while nobody counts
  }
  leave();
}

std::vector<int> PageMerging::descriptors() const {
  if (!note_) return {};
  return {switches_.get(), folder_.get(), note_.get()};
}

}  // namespace hopyard::kernel
