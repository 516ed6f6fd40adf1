#include "keeper/exposed.hh"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <sstream>

#include "sys/file.hh"
#include "sys/signals.hh"

namespace hopyard::keeper {
namespace {

constexpr const char* names_folder = "/run/netns";

/// What would leave half of the names.
sigset_t interruptions() {
  return sys::signal_set({SIGINT, SIGTERM, SIGHUP});
}

std::string line_of(const ExposedLink& link) {
  return link.target + ' ' + link.path + '\n';
}

Result<bool> is_there(const ExposedLink& link) {
  std::array<char, PATH_MAX> room;
  const ssize_t size = ::readlink(link.path.c_str(), room.data(), room.size());
  if (size >= 0) return std::string_view(room.data(), static_cast<std::size_t>(size)) == link.target;
  if (errno == ENOENT || errno == EINVAL) return false;  // nothing, or no link at all
  return failure("look at", link.path, errno);
}

/// The file with its lock: two commands at once take turns. ENOENT when the lab's directory is gone.
Result<sys::Fd> locked_list(int folder) {
  for (;;) {
    HOPYARD_TAKE(file, sys::open_at(folder, exposed_list, O_RDWR | O_CREAT | O_NOFOLLOW, 0600));
    HOPYARD_TRY(sys::lock(file.get()));
    HOPYARD_TAKE(same, sys::is_same_file(file.get(), folder, exposed_list));
    if (same) return file;  // else it was removed meanwhile
  }
}

Result<> append(int file, const std::vector<ExposedLink>& links) {
  std::string text;
  for (const ExposedLink& link : links) text += line_of(link);
  if (::lseek(file, 0, SEEK_END) < 0) return failure("write", exposed_list, errno);
  return sys::write_all(file, text, exposed_list);
}

/// Written over before it is cut: at no moment does a line of @p links not stand there.
Result<> replace_by(int file, const std::vector<ExposedLink>& links) {
  std::string text;
  for (const ExposedLink& link : links) text += line_of(link);
  if (::lseek(file, 0, SEEK_SET) < 0) return failure("write", exposed_list, errno);
  HOPYARD_TRY(sys::write_all(file, text, exposed_list));
  if (::ftruncate(file, static_cast<off_t>(text.size())) != 0) return failure("write", exposed_list, errno);
  return {};
}

// Of a folder of names that is gone, has others' names in it, is ip's mount or a link, or is not the caller's
// to remove.
constexpr std::array not_ours{ENOENT, ENOTEMPTY, EEXIST, EBUSY, ENOTDIR, EACCES, EPERM, EROFS};

/// Removes the file, whose lock is held. The folder of all names goes with the last name, as long as no mount
/// of ip's is on it; and before the file, which is all that keeps the lab's next names waiting.
Result<> remove_list(int folder) {
  if (::rmdir(names_folder) != 0 && std::ranges::find(not_ours, errno) == not_ours.end())
    return failure("remove folder", names_folder, errno);
  return sys::remove(folder, exposed_list);
}

/// The folder is made with the name: other labs remove it whenever they find it empty.
Result<> make_name(const ExposedLink& link) {
  constexpr int most = 1000;  // others do not always come in between
  for (int tries = 1;; ++tries) {
    HOPYARD_TRY(sys::make_folder(sys::here(), names_folder, 0755));
    auto made = sys::make_link(link.target, sys::here(), link.path);
    if (made || made.error().code != ENOENT || tries == most) return made;
  }
}

Result<> take_away(const ExposedLink& link) {
  HOPYARD_TAKE(there, is_there(link));
  if (!there) return {};
  return sys::remove(sys::here(), link.path);
}

}  // namespace

bool has_exposed(int folder) {
  return sys::is_there(folder, exposed_list).value_or(true);
}

Result<std::vector<ExposedLink>> read_exposed(int folder) {
  std::vector<ExposedLink> links;
  HOPYARD_TAKE(text, sys::read_if_there(folder, exposed_list));
  if (!text) return links;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t space = line.find(' ');
    if (space == std::string::npos) continue;
    ExposedLink link{line.substr(0, space), line.substr(space + 1)};
    // Nothing else is ever written there; a list that somebody has changed must not lead elsewhere.
    const std::string inside = std::string(names_folder) + '/';
    if (!link.target.starts_with("/proc/") || !link.path.starts_with(inside)) continue;
    if (link.path.find('/', inside.size()) == std::string::npos) links.push_back(std::move(link));
  }
  return links;
}

Result<> make_exposed(int folder, const std::vector<ExposedLink>& links) {
  HOPYARD_TAKE(list, locked_list(folder));
  const sys::BlockedSignals whole(interruptions());
  HOPYARD_TAKE(before, read_exposed(folder));
  HOPYARD_TRY(append(list.get(), links));
  std::vector<ExposedLink> made;
  Result<> done;
  for (const ExposedLink& link : links) {
    const auto there = is_there(link);
    if (there && *there) continue;
    done = there ? make_name(link) : std::unexpected(there.error());
    if (!done) break;
    made.push_back(link);
  }
  if (done) return done;
  const auto undo = [&]() -> Result<> {
    for (const ExposedLink& link : made) HOPYARD_TRY(take_away(link));
    HOPYARD_TRY(replace_by(list.get(), before));
    return before.empty() ? remove_list(folder) : Result<>();
  };
  static_cast<void>(undo());  // what cannot be undone now still stands in the list
  return done;
}

Result<std::vector<ExposedLink>> remove_exposed(int folder,
                                                const std::function<bool(const ExposedLink&)>& meant) {
  HOPYARD_TAKE(list, locked_list(folder));
  const sys::BlockedSignals whole(interruptions());
  std::vector<ExposedLink> gone;
  std::vector<ExposedLink> left;
  HOPYARD_TAKE(links, read_exposed(folder));
  for (const ExposedLink& link : links) {
    if (meant(link)) {
      HOPYARD_TRY(take_away(link));
      gone.push_back(link);
    } else {
      left.push_back(link);
    }
  }
  HOPYARD_TRY(replace_by(list.get(), left));
  if (left.empty()) HOPYARD_TRY(remove_list(folder));
  return gone;
}

Result<> remove_exposed(int folder) {
  if (!has_exposed(folder)) return {};
  HOPYARD_TAKE(list, locked_list(folder));  // who makes links now is let finish
  HOPYARD_TAKE(links, read_exposed(folder));
  for (const ExposedLink& link : links) HOPYARD_TRY(take_away(link));
  return remove_list(folder);
}

}  // namespace hopyard::keeper
