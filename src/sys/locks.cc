#include "sys/locks.hh"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <charconv>
#include <string>
#include <vector>

#include "sys/file.hh"

namespace hopyard::sys {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    words.push_back(line.substr(0, line.find(' ')));
    line.remove_prefix(words.back().size());
  }
  return words;
}

}  // namespace

std::optional<pid_t> lock_holder_in(std::string_view locks, unsigned major, unsigned minor, ino_t inode) {
  const std::string file = fmt::format("{:02x}:{:02x}:{}", major, minor, inode);
  while (!locks.empty()) {
    const std::string_view line = locks.substr(0, locks.find('\n'));
    locks.remove_prefix(std::min(locks.size(), line.size() + 1));
    const auto words = words_of(line);  // number, FLOCK, ADVISORY, WRITE, process, file, range
    if (words.size() < 6 || words[1] != "FLOCK" || words[5] != file) continue;
    pid_t process = 0;
    const auto [end, error] = std::from_chars(words[4].data(), words[4].data() + words[4].size(), process);
    if (error == std::errc{} && process > 0) return process;
  }
  return std::nullopt;
}

std::optional<pid_t> lock_holder(int file) {
  struct stat status {};
  const auto locks = read_file(here(), "/proc/locks");
  if (!locks || ::fstat(file, &status) != 0) return std::nullopt;
  return lock_holder_in(*locks, major(status.st_dev), minor(status.st_dev), status.st_ino);
}

}  // namespace hopyard::sys
