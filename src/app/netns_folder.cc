#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "app/netns.hh"
#include "app/netns_folder.hh"
#include "base/suggest.hh"
#include "sys/file.hh"
#include "sys/nsfs.hh"

namespace hopyard::app {
namespace {

constexpr std::size_t longest_name = 255;  // NAME_MAX, of the file system

bool make_shared() {
  return ::mount("", netns_folder, "none", MS_SHARED | MS_REC, nullptr) == 0;
}

std::string other_name(const std::string& name) {
  const auto names = netns_names();
  if (!names || names->empty()) return "make it with: hopyard netns add " + name;
  const std::vector<std::string_view> candidates(names->begin(), names->end());
  std::string meant = did_you_mean(name, candidates);
  return meant.empty() ? "'hopyard netns list' shows which there are" : meant;
}

}  // namespace

std::string netns_path(const std::string& name) {
  return fmt::format("{}/{}", netns_folder, name);
}

std::string rights_remedy(int code) {
  return code == EPERM || code == EACCES ? "run as root, or inside of: unshare -Urnm" : "";
}

Result<> check_netns_name(const std::string& name) {
  const std::string doing = fmt::format("name a network namespace '{}'", name);
  if (name.empty()) return refusal(doing, "the name is empty");
  if (name == "." || name == "..") return refusal(doing, "this name means a folder");
  if (std::ranges::find(name, '/') != name.end()) return refusal(doing, "a name has no '/'");
  if (name.size() > longest_name)
    return refusal(doing, fmt::format("it has {} bytes, and {} are the most", name.size(), longest_name));
  return {};
}

// As ip-netns(8) prepares it: a mount of its own whose changes all mount namespaces get to know, so that a
// name which is taken away in one does not pin its namespace in another.
Result<> prepare_netns_folder() {
  if (::mkdir(netns_folder, 0755) != 0 && errno != EEXIST) {
    const int code = errno;
    return failure("create folder", netns_folder, code, {}, rights_remedy(code));
  }
  HOPYARD_TAKE(folder, sys::open_at(sys::here(), netns_folder, O_RDONLY | O_DIRECTORY));
  HOPYARD_TRY(sys::lock(folder.get()));
  if (make_shared()) return {};
  if (errno == EINVAL) {  // it is no mount yet
    if (::mount(netns_folder, netns_folder, "none", MS_BIND | MS_REC, nullptr) == 0 && make_shared())
      return {};
  }
  const int code = errno;
  return failure("make a shared mount of", netns_folder, code, {}, rights_remedy(code));
}

Result<std::vector<std::string>> netns_names() {
  auto folder = sys::open_at(sys::here(), netns_folder, O_RDONLY | O_DIRECTORY);
  if (!folder && folder.error().code == ENOENT) return std::vector<std::string>{};
  if (!folder) return pass_on(std::move(folder));
  HOPYARD_TAKE(names, sys::list_folder(folder->get()));
  std::ranges::sort(names);
  return names;
}

Result<sys::Fd> open_netns(const std::string& name) {
  HOPYARD_TRY(check_netns_name(name));
  const std::string path = netns_path(name);
  constexpr const char* doing = "open network namespace";
  sys::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) {
    const int code = errno;
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0)
      return failure(doing, name, code, {}, code == ENOENT ? other_name(name) : rights_remedy(code));
    if (S_ISLNK(status.st_mode) && code == ENOENT)
      return failure(doing, name, code, "the process that its link leads to has ended",
                     "take the link away with: hopyard netns delete " + name);
    // A file that was never mounted on has no rights at all.
    if (code != EACCES || ::geteuid() == 0) return failure(doing, name, code, {}, rights_remedy(code));
  }
  errno = 0;
  if (file && sys::netns_id(file.get())) return file;
  // What is no namespace at all does not know the question (ioctl_ns(2)).
  if (file && errno != 0 && errno != ENOTTY) return failure(doing, name, errno);
  return failure(doing, name, EINVAL, fmt::format("{} is a file and no namespace", path),
                 "take it away with: hopyard netns delete " + name);
}

}  // namespace hopyard::app
