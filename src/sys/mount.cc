#include "sys/mount.hh"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace hopyard::sys {
namespace {

std::string_view next_word(std::string_view& line) {
  const std::size_t end = line.find(' ');
  const std::string_view word = line.substr(0, end);
  line = end == std::string_view::npos ? std::string_view{} : line.substr(end + 1);
  return word;
}

// Blanks, tabs, line breaks and backslashes stand as three octal digits.
std::string unescaped(std::string_view word) {
  std::string text;
  const auto octal = [](char c) { return c >= '0' && c <= '7'; };
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\\' && i + 3 < word.size() && octal(word[i + 1]) && octal(word[i + 2]) &&
        octal(word[i + 3])) {
      text += static_cast<char>((word[i + 1] - '0') * 64 + (word[i + 2] - '0') * 8 + (word[i + 3] - '0'));
      i += 3;
    } else {
      text += word[i];
    }
  }
  return text;
}

}  // namespace

Result<> mount(const std::string& source, const std::string& target, const std::string& type,
               unsigned long flags, const std::string& data) {
  if (::mount(source.c_str(), target.c_str(), type.c_str(), flags, data.c_str()) != 0) {
    return failure("mount", type + " on " + target, errno);
  }
  return {};
}

Result<> bind(const std::string& source, const std::string& target) {
  if (::mount(source.c_str(), target.c_str(), nullptr, MS_BIND, nullptr) != 0) {
    return failure("mount", source + " on " + target, errno);
  }
  return {};
}

Result<> bind_all(const std::string& source, const std::string& target) {
  if (::mount(source.c_str(), target.c_str(), nullptr, MS_BIND | MS_REC, nullptr) != 0) {
    return failure("mount", source + " and what is below on " + target, errno);
  }
  return {};
}

Result<Fd> clone_mount(int file) {
  Fd mount(::open_tree(file, "", AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
  if (!mount) return failure("make a mount of an open file", "", errno);
  return mount;
}

Result<> attach_mount(const Fd& mount, const std::string& target) {
  if (::move_mount(mount.get(), "", AT_FDCWD, target.c_str(), MOVE_MOUNT_F_EMPTY_PATH) != 0) {
    return failure("mount on", target, errno);
  }
  return {};
}

Result<> unmount(const std::string& target) {
  if (::umount2(target.c_str(), MNT_DETACH) != 0) return failure("unmount", target, errno);
  return {};
}

Result<> make_mounts_private() {
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return failure("make the mounts private", "", errno);
  }
  return {};
}

Result<> change_root(const std::string& folder) {
  if (::chdir(folder.c_str()) != 0) return failure("enter folder", folder, errno);
  // The old root comes to lie on top of the new one, and is the one that "." still names.
  if (::syscall(SYS_pivot_root, ".", ".") != 0) return failure("change the root to", folder, errno);
  if (::umount2(".", MNT_DETACH) != 0) return failure("unmount the old root", "", errno);
  if (::chdir("/") != 0) return failure("enter folder", "/", errno);
  return {};
}

std::vector<Mount> parse_mountinfo(std::string_view text) {
  std::vector<Mount> mounts;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    for (int skipped = 0; skipped < 3; ++skipped) next_word(line);  // id, parent, device
    const std::string_view root = next_word(line);
    const std::string_view point = next_word(line);
    const std::size_t dash = line.find("- ");  // after any number of optional fields
    if (point.empty() || dash == std::string_view::npos) continue;
    line.remove_prefix(dash + 2);
    const std::string_view type = next_word(line);
    next_word(line);  // source
    mounts.push_back({unescaped(point), unescaped(root), std::string(type), std::string(next_word(line))});
  }
  return mounts;
}

}  // namespace hopyard::sys
