#include "keeper/registry.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "keeper/cgroup.hh"
#include "kernel/page_merging.hh"
#include "sys/file.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

constexpr std::size_t longest_name = 63;

// The directory of all labs, if no lab is in it.
Result<> remove_runtime(int runtime, const std::string& leaf) {
  if (leaf.empty()) return {};
  HOPYARD_TAKE(above, sys::open_folder(runtime, ".."));
  static_cast<void>(sys::remove(above.get(), leaf, AT_REMOVEDIR));  // refused while labs are in it
  return {};
}

Result<> clear(int runtime, int folder, const std::string& name, const std::string& leaf) {
  HOPYARD_TRY(remove_cgroups(folder));
  for (const char* file : {"control", "log", cgroup_list}) HOPYARD_TRY(sys::remove(folder, file));
  // Cleared by another meanwhile, the name may be a new lab's.
  if (!sys::is_same_file(folder, runtime, name)) return {};
  HOPYARD_TRY(sys::remove(runtime, name, AT_REMOVEDIR));
  return remove_runtime(runtime, leaf);
}

// The lab's folder if it is dead, with its lock taken; a closed descriptor if it lives or has just gone.
Result<sys::Fd> take_dead(int runtime, const std::string& name) {
  auto folder = sys::open_folder(runtime, name);
  if (!folder) return folder.error().code == ENOENT ? Result<sys::Fd>(sys::Fd{}) : std::move(folder);
  HOPYARD_TAKE(dead, sys::try_lock(folder->get()));
  return dead ? std::move(folder) : Result<sys::Fd>(sys::Fd{});
}

bool exists(int runtime, const std::string& name) {
  return sys::open_at(runtime, name, O_PATH | O_NOFOLLOW).has_value();
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
  const char* session = std::getenv("XDG_RUNTIME_DIR");
  if (::geteuid() != 0 && session != nullptr && *session != '\0')
    return {std::string(session) + "/hopyard", true};
  return {"/run/hopyard", true};
}

std::string Registry::leaf() const {
  return removable_ ? path_.substr(path_.rfind('/') + 1) : std::string{};
}

Result<sys::Fd> Registry::locked(bool create) const {
  for (;;) {
    if (create) HOPYARD_TRY(sys::make_folder(sys::here(), path_, 0755));
    auto runtime = sys::open_at(sys::here(), path_, O_RDONLY | O_DIRECTORY);
    if (!runtime && create && runtime.error().code == ENOENT) continue;  // removed by another meanwhile
    if (!runtime) return runtime;
    HOPYARD_TRY(sys::lock(runtime->get()));
    // Another may have removed it while this one waited.
    if (const auto again = sys::open_at(sys::here(), path_, O_PATH);
        again && sys::is_same_file(runtime->get(), again->get(), ".")) {
      return runtime;
    }
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
    const auto dead = take_dead(runtime->get(), name);
    if (!dead) continue;
    if (!*dead) {
      if (exists(runtime->get(), name)) live.push_back(name);
    } else {
      static_cast<void>(clear(runtime->get(), dead->get(), name, leaf()));
    }
  }
  // One who was killed before it could make its lab's directory has left this one.
  if (live.empty()) static_cast<void>(remove_runtime(runtime->get(), leaf()));
  std::ranges::sort(live);
  return live;
}

Result<std::string> Registry::only_lab() const {
  // One directory is one lab, most of the time; connecting to it will show whether it lives.
  if (const auto runtime = sys::open_at(sys::here(), path_, O_RDONLY | O_DIRECTORY)) {
    if (auto names = sys::list_folder(runtime->get()); names && names->size() == 1)
      return std::move(names->front());
  }
  HOPYARD_TAKE(live, labs());
  if (live.size() == 1) return std::move(live.front());
  if (live.empty()) return refusal("no lab is running", "", "start one with: hopyard up FILE");
  return refusal(fmt::format("{} labs are running", live.size()), fmt::format("{}", fmt::join(live, ", ")),
                 "say which is meant");
}

Result<Claim> Registry::claim(const std::string& name) const {
  if (!valid_lab_name(name)) return refusal("start lab " + name, "this cannot be a lab's name");
  kernel::PageMerging::recover();
  HOPYARD_TAKE(runtime, locked(true));
  HOPYARD_TAKE(dead, take_dead(runtime.get(), name));
  if (dead) {
    HOPYARD_TRY(clear(runtime.get(), dead.get(), name, {}));
  } else if (exists(runtime.get(), name)) {
    return refusal(fmt::format("lab {} is already running", name), "", "stop it with: hopyard down " + name);
  }
  HOPYARD_TRY(sys::make_folder(runtime.get(), name, 0700));
  HOPYARD_TAKE(folder, sys::open_folder(runtime.get(), name));
  HOPYARD_TAKE(taken, sys::try_lock(folder.get()));
  if (!taken) return refusal(fmt::format("lab {} is already running", name), "");
  // Let go of the directory's lock, and keep a descriptor of it.
  HOPYARD_TAKE(other, sys::open_folder(runtime.get(), "."));
  return Claim(std::move(other), std::move(folder), name, leaf());
}

Result<sys::Fd> Registry::connect(const std::string& name) const {
  if (!valid_lab_name(name)) return refusal(fmt::format("no lab {} is running", name), "");
  if (const auto folder = sys::open_folder(sys::here(), path_ + '/' + name)) {
    auto socket = sys::connect_unix(folder->get(), "control");
    const int code = socket ? 0 : socket.error().code;
    if (socket || (code != ECONNREFUSED && code != ENOENT)) return socket;
  }
  HOPYARD_TAKE(live, labs());
  if (std::ranges::binary_search(live, name)) {
    return refusal(fmt::format("lab {} is still being started", name), "",
                   "wait until hopyard up has answered");
  }
  return refusal(
      fmt::format("no lab {} is running", name), "",
      live.empty() ? "start it with: hopyard up FILE" : fmt::format("running: {}", fmt::join(live, ", ")));
}

}  // namespace hopyard::keeper
