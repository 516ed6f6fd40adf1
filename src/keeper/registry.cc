#include "keeper/registry.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>

#include "keeper/cgroup.hh"
#include "keeper/exposed.hh"
#include "kernel/journal.hh"
#include "kernel/page_merging.hh"
#include "sys/file.hh"
#include "sys/locks.hh"
#include "sys/socket.hh"
#include "sys/users.hh"

namespace hopyard::keeper {
namespace {

constexpr std::size_t longest_name = 63;

// The directory of all labs, whose lock is held, if no lab is in it.
Result<> remove_runtime(int runtime, const std::string& leaf) {
  if (leaf.empty()) return {};
  HOPYARD_TAKE(above, sys::open_folder(runtime, ".."));
  HOPYARD_TAKE(same, sys::is_same_file(runtime, above.get(), leaf));
  if (!same) return {};  // the name is another's now, who has its lock
  static_cast<void>(sys::remove(above.get(), leaf, AT_REMOVEDIR));  // refused while labs are in it
  return {};
}

// What lies in a lab's directory stands for something that has to be put back; what is not known cannot be.
Result<> check_known(int folder, const std::string& name) {
  static constexpr std::array known{"control", "log", cgroup_list, exposed_list, kernel::journal_name};
  HOPYARD_TAKE(files, sys::list_folder(folder));
  for (const std::string& file : files)
    if (std::ranges::find(known, file) == known.end())
      return refusal(
          fmt::format("clear what a dead lab {} has left", name),
          fmt::format("its directory holds '{}', which this version of Hopyard does not know", file),
          "let the version that started it do it, or remove the directory once nothing of the lab is left");
  return {};
}

Result<> clear(int runtime, int folder, const std::string& name, const std::string& leaf) {
  HOPYARD_TRY(check_known(folder, name));
  HOPYARD_TRY(remove_exposed(folder));  // first: a name keeps a namespace, and what has moved into it
  HOPYARD_TRY(kernel::undo_changes(folder, runtime, kernel::find_by_proc));
  HOPYARD_TRY(remove_cgroups(folder));
  for (const char* file : {"control", "log", cgroup_list}) HOPYARD_TRY(sys::remove(folder, file));
  // Cleared by another meanwhile, the name may be a new lab's; that one may have come no further.
  HOPYARD_TAKE(same, sys::is_same_file(folder, runtime, name));
  if (same) HOPYARD_TRY(sys::remove(runtime, name, AT_REMOVEDIR));
  return remove_runtime(runtime, leaf);
}

// The lab's folder if it is dead, with its lock taken; a closed descriptor if it lives or has just gone.
Result<sys::Fd> take_dead(int runtime, const std::string& name) {
  auto folder = sys::open_folder(runtime, name);
  if (!folder) return folder.error().code == ENOENT ? Result<sys::Fd>(sys::Fd{}) : std::move(folder);
  HOPYARD_TAKE(dead, sys::try_lock(folder->get()));
  return dead ? std::move(folder) : Result<sys::Fd>(sys::Fd{});
}

// A folder of labs that cannot be written has a remedy of its own.
template <class T>
Result<T> or_elsewhere(Result<T>&& result, const std::string& where) {
  if (result) return std::move(result);
  Error error = std::move(result).error();
  const bool full = error.code == ENOSPC || error.code == EDQUOT;
  const bool closed = error.code == EROFS || error.code == EACCES || error.code == ENOTDIR ||
                      error.code == ENOENT || error.code == ENAMETOOLONG || error.code == ELOOP;
  if (full || closed) {
    if (!error.object.starts_with('/')) error.object = where;
    error.remedy = std::string(full ? "free some room there, or name" : "name") +
                   " a folder that can be written in HOPYARD_RUNTIME_DIR";
  }
  return std::unexpected(std::move(error));
}

// Why a lab cannot be started whose directory another process holds.
std::unexpected<Error> already_there(int runtime, const std::string& name) {
  const auto folder = sys::open_folder(runtime, name);
  if (folder && !sys::connect_unix(folder->get(), "control"))
    if (const auto starter = sys::lock_holder(folder->get()))
      return refusal(fmt::format("lab {} is already being started, by process {}", name, *starter), "",
                     fmt::format("wait for it, or end it with: kill {}", *starter));
  return refusal(fmt::format("lab {} is already running", name), "", "stop it with: hopyard down " + name);
}

// Who may write a folder of labs could put another folder in a lab's place, and with it another keeper. One
// in /tmp may have been put there by anybody.
Result<> check_own(int runtime, const std::string& path) {
  struct stat status {};
  if (::fstat(runtime, &status) != 0) return failure("look at", path, errno);
  const char* remedy = "name a folder of your own in HOPYARD_RUNTIME_DIR, or make this one so";
  if (status.st_uid != 0 && status.st_uid != ::geteuid())
    return refusal("keep labs in " + path, "it belongs to another user", remedy);
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return refusal("keep labs in " + path, "others may write in it", remedy);
  return {};
}

// What has the name is no lab's folder, or not of somebody's that may be looked at; else it cannot be told.
bool says_what_it_is(int code) {
  return code == ENOTDIR || code == ELOOP || code == EACCES;
}

}  // namespace

bool valid_lab_name(std::string_view name) {
  const auto alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && name.size() <= longest_name && alphanumeric(name.front()) &&
         std::ranges::all_of(name,
                             [&](char c) { return alphanumeric(c) || c == '.' || c == '_' || c == '-'; });
}

Claim::~Claim() {
  if (folder_) static_cast<void>(remove());
}

Result<> Claim::remove() {
  // A description of its own: the lock of one that came by fork would be shared with the other process.
  HOPYARD_TAKE(alone, sys::open_folder(runtime_.get(), "."));
  HOPYARD_TRY(sys::lock(alone.get()));
  HOPYARD_TRY(clear(alone.get(), folder_.get(), name_, leaf_));
  folder_.reset();
  return {};
}

Registry Registry::standard() {
  if (const char* given = std::getenv("HOPYARD_RUNTIME_DIR"); given != nullptr && *given != '\0') {
    return {given, false};
  }
  if (::geteuid() == 0 && sys::in_first_user_namespace()) return {"/run/hopyard", true};
  const char* session = std::getenv("XDG_RUNTIME_DIR");
  if (session != nullptr && *session != '\0') return {std::string(session) + "/hopyard", true};
  // Who has not logged in by PAM has no folder of the session's.
  return ::geteuid() == 0 ? Registry{"/run/hopyard", true}
                          : Registry{fmt::format("/tmp/hopyard-{}", ::geteuid()), true};
}

std::string Registry::leaf() const {
  return removable_ ? path_.substr(path_.rfind('/') + 1) : std::string{};
}

Result<sys::Fd> Registry::open() const {
  HOPYARD_TAKE(runtime,
               sys::open_at(sys::here(), path_, O_RDONLY | O_DIRECTORY | (removable_ ? O_NOFOLLOW : 0)));
  HOPYARD_TRY(check_own(runtime.get(), path_));
  return runtime;
}

Result<sys::Fd> Registry::open_if_there() const {
  auto runtime = open();
  return !runtime && runtime.error().code == ENOENT ? Result<sys::Fd>(sys::Fd()) : std::move(runtime);
}

Result<sys::Fd> Registry::locked(bool create) const {
  for (;;) {
    if (create) HOPYARD_TRY(sys::make_folder(sys::here(), path_, 0755));
    auto runtime = open();
    if (!runtime && create && runtime.error().code == ENOENT) continue;  // removed by another meanwhile
    if (!runtime) return runtime;
    HOPYARD_TRY(sys::lock(runtime->get()));
    // Another may have removed it while this one waited.
    HOPYARD_TAKE(same, sys::is_same_file(runtime->get(), sys::here(), path_ + "/."));
    if (same) return runtime;
    if (!create) return failure("open", path_, ENOENT);
  }
}

Result<std::vector<std::string>> Registry::labs() const {
  kernel::PageMerging::recover();  // a keeper that was killed could not
  std::vector<std::string> live;
  auto runtime = locked(false);
  if (!runtime)
    return runtime.error().code == ENOENT ? Result<std::vector<std::string>>(live)
                                          : pass_on(std::move(runtime));
  HOPYARD_TAKE(names, sys::list_folder(runtime->get()));
  for (const std::string& name : names) {
    if (!valid_lab_name(name)) continue;
    auto dead = take_dead(runtime->get(), name);
    if (!dead && says_what_it_is(dead.error().code)) continue;
    if (!dead) return pass_on(std::move(dead));
    if (*dead) {
      static_cast<void>(clear(runtime->get(), dead->get(), name, leaf()));
      continue;
    }
    HOPYARD_TAKE(lives, sys::is_there(runtime->get(), name));
    if (lives) live.push_back(name);
  }
  // One who was killed before it could make its lab's directory has left this one.
  if (live.empty()) static_cast<void>(remove_runtime(runtime->get(), leaf()));
  std::ranges::sort(live);
  return live;
}

Result<std::string> Registry::only_lab() const {
  // One directory is one lab, most of the time; connecting to it will show whether it lives.
  HOPYARD_TAKE(runtime, open_if_there());
  if (runtime) {
    if (auto names = sys::list_folder(runtime.get()); names && names->size() == 1)
      return std::move(names->front());
  }
  HOPYARD_TAKE(live, labs());
  if (live.size() == 1) return std::move(live.front());
  if (live.empty()) return refusal("no lab is running", "", "start one with: hopyard up FILE");
  return refusal(fmt::format("{} labs are running", live.size()), fmt::format("{}", fmt::join(live, ", ")),
                 "say which is meant");
}

Result<> Registry::bury(const std::string& name) const {
  kernel::PageMerging::recover();
  const auto runtime = locked(false);
  if (!runtime) return runtime.error().code == ENOENT ? Result<>() : std::unexpected(runtime.error());
  HOPYARD_TAKE(dead, take_dead(runtime->get(), name));
  if (!dead) return {};
  return clear(runtime->get(), dead.get(), name, leaf());
}

Result<bool> Registry::has_changes(const std::string& name) const {
  return sys::is_there(sys::here(), path_ + '/' + name + '/' + kernel::journal_name);
}

Result<Claim> Registry::claim(const std::string& name) const {
  if (!valid_lab_name(name)) return refusal("start lab " + name, "this cannot be a lab's name");
  kernel::PageMerging::recover();
  const auto take = [&]() -> Result<Claim> {
    HOPYARD_TAKE(runtime, or_elsewhere(locked(true), path_));
    HOPYARD_TAKE(dead, take_dead(runtime.get(), name));
    if (dead) HOPYARD_TRY(clear(runtime.get(), dead.get(), name, {}));
    HOPYARD_TAKE(lives, sys::is_there(runtime.get(), name));
    if (lives) return already_there(runtime.get(), name);
    HOPYARD_TRY(or_elsewhere(sys::make_folder(runtime.get(), name, 0700), path_ + '/' + name));
    HOPYARD_TAKE(folder, sys::open_folder(runtime.get(), name));
    HOPYARD_TAKE(taken, sys::try_lock(folder.get()));
    if (!taken) return refusal(fmt::format("lab {} is already running", name), "");
    // Let go of the directory's lock, and keep a descriptor of it.
    HOPYARD_TAKE(other, sys::open_folder(runtime.get(), "."));
    return Claim(std::move(other), std::move(folder), name, leaf());
  };
  auto claimed = take();
  if (!claimed) static_cast<void>(labs());  // clears the folders that were made before it failed
  return claimed;
}

Result<sys::Fd> Registry::connect(const std::string& name) const {
  if (!valid_lab_name(name)) return refusal(fmt::format("no lab {} is running", name), "");
  const auto folder = sys::open_folder(sys::here(), path_ + '/' + name);
  if (!folder && folder.error().code != ENOENT && !says_what_it_is(folder.error().code))
    return std::unexpected(folder.error());
  if (folder) {
    auto socket = sys::connect_unix(folder->get(), "control");
    const int code = socket ? 0 : socket.error().code;
    if (socket || (code != ECONNREFUSED && code != ENOENT)) return socket;
  }
  HOPYARD_TAKE(live, labs());
  if (std::ranges::binary_search(live, name)) {
    return refusal(fmt::format("lab {} is still being started, or is ending", name), "",
                   "wait until hopyard up has answered");
  }
  return refusal(
      fmt::format("no lab {} is running", name), "",
      live.empty() ? "start it with: hopyard up FILE" : fmt::format("running: {}", fmt::join(live, ", ")));
}

}  // namespace hopyard::keeper
