#include "keeper/cgroup_places.hh"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string_view>

#include "sys/file.hh"
#include "sys/mount.hh"

namespace hopyard::keeper {
namespace {

constexpr const char* doing = "limit the cpus and memory of nodes";

bool has_word(std::string_view list, std::string_view word, char separator) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(separator), list.size());
    if (list.substr(0, end) == word) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

bool offers(const std::string& group, CgroupLimits limits) {
  auto controllers = sys::read_file(sys::here(), group + "/cgroup.controllers");
  if (!controllers) return false;
  std::ranges::replace(*controllers, '\n', ' ');
  return (!limits.cpu || has_word(*controllers, "cpu", ' ')) &&
         (!limits.memory || has_word(*controllers, "memory", ' '));
}

/// The group of version 2 that this process is in, as a path from the top; "" where there is none.
std::string own_group() {
  const auto text = sys::read_file(sys::here(), "/proc/self/cgroup");
  if (!text) return {};
  constexpr std::string_view mark = "0::/";
  const std::size_t line = text->starts_with(mark) ? 0 : text->find("\n0::/") + 1;
  if (line == 0 && !text->starts_with(mark)) return {};
  const std::size_t begin = line + mark.size() - 1;
  return text->substr(begin, text->find('\n', begin) - begin);
}

/// The same below where @p mount is; the mount itself for a process in its topmost group, or outside of it.
std::string own_folder(const sys::Mount& mount) {
  const std::string top = mount.root == "/" ? "" : mount.root;
  const std::string group = own_group();
  if (group == "/" || !(group + '/').starts_with(top + '/')) return mount.point;
  return mount.point + group.substr(top.size());
}

/// The nearest folder from @p folder up to @p top whose groups can have the controllers; the reason of the
/// last that offers them in @p why.
std::optional<std::string> nearest(std::string folder, const std::string& top, CgroupLimits limits,
                                   std::optional<Error>& why) {
  for (;;) {
    if (offers(folder, limits)) {
      auto enabled = enable_controllers(folder, limits);
      if (enabled) return folder;
      // That a group is another's is no news where one nearer by cannot be had for another reason.
      if (!why || enabled.error().code != EACCES) why = std::move(enabled).error();
    }
    if (folder.size() <= top.size()) return std::nullopt;
    folder.resize(folder.rfind('/'));
  }
}

/// Why root has no place for them.
std::unexpected<Error> none(const std::optional<Error>& why) {
  if (!why)
    return refusal(
        doing, "no control group hierarchy offers the controllers that this lab needs",
        "mount cgroup2 with the cpu and memory controllers, or leave cpu and memory out of the lab file");
  const std::string group = why->object.substr(0, why->object.rfind('/'));
  if (why->code == EBUSY)
    return failure(
        doing, why->object, EBUSY, "there are processes in that control group itself",
        fmt::format("put them into one below it: mkdir {0}/own; for pid in $(cat {0}/cgroup.procs); do "
                    "echo $pid >{0}/own/cgroup.procs; done",
                    group));
  if (why->code == EROFS || why->code == EACCES)
    return failure(
        doing, why->object, why->code, "",
        fmt::format("in a container: give it {} to write, or leave cpu and memory out of the lab file",
                    group));
  return failure(doing, why->object, why->code, "", "leave cpu and memory out of the lab file");
}

/// Why others have none.
std::unexpected<Error> none_of_ones_own(const std::optional<Error>& why) {
  if (why && why->code != EBUSY && why->code != EACCES && why->code != EPERM)
    return failure(doing, why->object, why->code, "", "run as root, or leave 'cpu' and 'memory' out");
  const std::string detail = why && why->code == EBUSY
                                 ? "there are processes in the one control group that is yours"
                                 : "no control group of version 2 that has these controllers is yours";
  return refusal(
      doing, detail,
      "run as root, or where systemd gives you one: systemd-run --user --scope --property=Delegate=yes "
      "hopyard up; or leave 'cpu' and 'memory' out");
}

}  // namespace

Result<> enable_controllers(const std::string& group, CgroupLimits limits) {
  const std::string file = group + "/cgroup.subtree_control";
  HOPYARD_TAKE(control, sys::open_at(sys::here(), file, O_WRONLY));
  const std::string words = fmt::format("{}{}", limits.cpu ? "+cpu " : "", limits.memory ? "+memory" : "");
  return sys::write_all(control.get(), words, file);
}

Result<CgroupPlaces> find_cgroup_places(CgroupLimits limits, const std::string& name, bool own_users) {
  HOPYARD_TAKE(text, sys::read_file(sys::here(), "/proc/self/mountinfo"));
  CgroupPlaces places;
  std::optional<Error> why;
  for (const sys::Mount& mount : sys::parse_mountinfo(text)) {
    if (mount.type == "cgroup2") {
      const std::string begin = own_users ? own_folder(mount) : mount.point;
      if (const auto folder = nearest(begin, mount.point, limits, why))
        return CgroupPlaces{*folder + '/' + name, {}, {}};
    }
    if (mount.type != "cgroup" || own_users) continue;
    if (limits.cpu && has_word(mount.options, "cpu", ',')) places.cpu = mount.point + '/' + name;
    if (limits.memory && has_word(mount.options, "memory", ',')) places.memory = mount.point + '/' + name;
  }
  if (own_users) return none_of_ones_own(why);
  if ((limits.cpu && places.cpu.empty()) || (limits.memory && places.memory.empty())) return none(why);
  return places;
}

}  // namespace hopyard::keeper
