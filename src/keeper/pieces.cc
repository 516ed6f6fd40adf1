#include "keeper/pieces.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "keeper/root.hh"
#include "sys/file.hh"

namespace hopyard::keeper {
namespace {

constexpr off_t longest_of_programs = off_t{64} << 20;

/// How deep folders of the host are made anew: where programs write, and where files are put.
unsigned depth_of(const std::string& point) {
  constexpr unsigned written_by_programs = 5;
  constexpr unsigned others = 2;
  return point == "/var" || point.starts_with("/var/") ? written_by_programs : others;
}

class Cutter {
 public:
  Cutter(const Cut& cut, const Copier& copier) : cut_(cut), copier_(copier) {}

  /// Makes the folder @p point ("" for "/") anew. @return its place in the keeper's root.
  Result<std::string> make(const std::string& point) {
    const std::string place = fmt::format("{}/{}", place::pieces, count_++);
    HOPYARD_TRY(sys::make_folder(sys::here(), cut_.base + place, 0755));
    const std::string from = cut_.base + place::host + point;
    HOPYARD_TAKE(folder, sys::open_folder(sys::here(), from + '/'));
    HOPYARD_TAKE(names, sys::list_folder(folder.get()));
    if (!point.empty()) pieces.trees.push_back({point, place, copier_.owner_of(point)});
    for (const std::string& name : names)
      HOPYARD_TRY(take(folder.get(), point, name, fmt::format("{}{}/{}", cut_.base, place, name)));
    return place;
  }

  Pieces pieces;

 private:
  [[nodiscard]] bool is_closed(const std::string& point) const {
    return std::ranges::find(cut_.closed, point) != cut_.closed.end();
  }

  Result<> take(int folder, const std::string& point, const std::string& name, const std::string& to) {
    // Somebody's mount that the caller may not even look at, or a server that is gone.
    if (is_closed(point + '/' + name)) return sys::make_folder(sys::here(), to, 0755);
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (is_left_out(errno)) return {};
      return failure("look at", point + '/' + name, errno);
    }
    if (!S_ISDIR(status.st_mode))
      return copier_.copy_file(folder, name, point + '/' + name, to, longest_of_programs);
    HOPYARD_TRY(sys::make_folder(sys::here(), to, status.st_mode & 07777));
    return add(folder, point + '/' + name, name, to);
  }

  /// A folder of the host; it stays empty where it cannot be looked into.
  Result<> add(int above, const std::string& point, const std::string& name, const std::string& to) {
    if (cut_.skips(point)) return {};
    if (::faccessat(above, name.c_str(), R_OK | X_OK, AT_EACCESS) != 0) return {};
    const std::string host = cut_.base + place::host + point;
    if (point == "/etc") return copier_.copy(host, point, to);  // programs look whose their settings are
    const std::string below = point + '/';
    if (std::ranges::none_of(cut_.mounts, [&](const std::string& one) { return one.starts_with(below); })) {
      pieces.trees.push_back({point, place::host + point, copier_.owner_of(point)});
      return copy_folders(point, host);
    }
    HOPYARD_TAKE(made, make(point));
    return {};
  }

  /// What nodes may write into is theirs, in the layer above that of the host.
  Result<> copy_folders(const std::string& point, const std::string& host) {
    const std::string copies = cut_.base + place::copies;
    const std::string hiding = cut_.base + place::hiding;
    for (std::size_t slash = 0; slash != std::string::npos; slash = point.find('/', slash + 1))
      for (const std::string& one : {copies, hiding})
        HOPYARD_TRY(sys::make_folder(sys::here(), one + point.substr(0, slash), 0755));
    for (const std::string& one : {copies, hiding})
      HOPYARD_TRY(sys::make_folder(sys::here(), one + point, 0755));
    return copier_.copy_folders(host, point, copies + point, hiding + point, depth_of(point));
  }

  const Cut& cut_;
  const Copier& copier_;
  unsigned count_ = 0;
};

}  // namespace

Result<Pieces> cut_in_pieces(const Cut& cut, const Copier& copier) {
  HOPYARD_TRY(sys::make_folder(sys::here(), cut.base + place::pieces, 0755));
  Cutter cutter(cut, copier);
  HOPYARD_TAKE(root, cutter.make(""));
  cutter.pieces.root = root;
  return std::move(cutter.pieces);
}

}  // namespace hopyard::keeper
