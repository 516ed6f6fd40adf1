#include "app/files.hh"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include "sys/fd.hh"
#include "sys/file.hh"

namespace hopyard::app {
namespace {

constexpr std::size_t largest = 64U << 20;

std::string joined(const std::string& folder, const std::string& name) {
  if (folder == ".") return name;
  return folder.ends_with('/') ? folder + name : folder + '/' + name;
}

Result<std::vector<std::string>> names_in(const std::string& folder) {
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::opendir(folder.c_str()), ::closedir);
  if (!stream) return failure("look for a lab file in", folder, errno);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream.get())) names.emplace_back(entry->d_name);
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> ending_in(const std::vector<std::string>& names, std::string_view end) {
  std::vector<std::string> found;
  for (const std::string& name : names)
    if (name.ends_with(end) && !name.starts_with('.')) found.push_back(name);
  return found;
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  const sys::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return failure("read", path, errno);
  std::string text;
  std::size_t size = 0;
  while (true) {
    text.resize(std::max<std::size_t>(size + 16384, size * 2));
    const ssize_t got = ::read(file.get(), text.data() + size, text.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("read", path, errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
    if (size > largest) return refusal("read " + path, "larger than 64 MiB");
  }
  text.resize(size);
  return text;
}

Result<> write_file(const std::string& path, std::string_view text, Present present) {
  const bool kept = present == Present::Kept;
  auto file = sys::open_at(sys::here(), path, O_WRONLY | O_CREAT | (kept ? O_EXCL : O_TRUNC), 0666);
  if (!file && kept && file.error().code == EEXIST)
    return refusal("write " + path, "there is such a file already", "remove it, or name another");
  if (!file) return pass_on(std::move(file));
  auto written = sys::write_all(file->get(), text, path);
  if (!written && kept) static_cast<void>(sys::remove(sys::here(), path));
  return written;
}

Result<std::string> find_lab_file(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) return failure("read lab file", path, errno);
  if (!S_ISDIR(about.st_mode)) return path;
  HOPYARD_TAKE(names, names_in(path));
  for (const char* first : {"lab.hop.yaml", "lab.yaml"})
    if (std::ranges::find(names, first) != names.end()) return joined(path, first);
  for (const char* end : {".hop.yaml", ".yaml"}) {
    const auto found = ending_in(names, end);
    if (found.size() == 1) return joined(path, found.front());
    if (found.size() > 1)
      return refusal(fmt::format("choose a lab file in {}", path),
                     fmt::format("there are {}: {}", found.size(), fmt::join(found, ", ")),
                     "name the one that is meant");
  }
  return refusal(fmt::format("find a lab file in {}", path), "there is no *.hop.yaml and no *.yaml",
                 "name a lab file: hopyard up FILE");
}

}  // namespace hopyard::app
