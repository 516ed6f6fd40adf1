#include "keeper/node_tools.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <string_view>
#include <vector>

#include "keeper/known_daemons.hh"
#include "sys/file.hh"

namespace hopyard::keeper {
namespace {

constexpr std::string_view program_folder = "/usr/lib/hopyard";
constexpr std::string_view program_path = "/usr/lib/hopyard/control";
constexpr std::string_view scripts_folder = "/etc/init.d";

// A program of the shell, since it has to run in any root file system that a node may be given.
constexpr std::string_view program_text = R"sh(#!/bin/sh
# systemctl, service and the scripts of /etc/init.d in a node of Hopyard: asks the node's first process.
folder=/dev/hopyard
name=${0##*/}
case $name in
  systemctl|service) set -- "$name" "$@" ;;
  *) set -- service "$name" "$@"; name=/etc/init.d/$name ;;
esac
fail() {
  echo "$name: $1" >&2
  exit 1
}
[ "$(id -u)" = 0 ] || fail "only root of the node can ask for this"
[ -p $folder/control ] || fail "the node's first process does not listen at $folder/control"
line="$*"
case $line in
  *"
"*) fail "a line break in the arguments" ;;
esac
[ ${#line} -lt 1000 ] || fail "too many arguments"
number=0
until mkfifo -m 600 "$folder/$$.$number" 2>/dev/null; do
  number=$((number + 1))
  [ $number -lt 100 ] || fail "cannot make a pipe in $folder"
done
answer=$folder/$$.$number
trap 'rm -f "$answer"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
exec 3<>"$answer"
printf '%s\n' "$$.$number $line" >$folder/control
while IFS= read -r text <&3; do
  case $text in
    o*) printf '%s\n' "${text#o}" ;;
    e*) printf '%s\n' "${text#e}" >&2 ;;
    x*) exit "${text#x}" ;;
  esac
done
exit 1
)sh";

/// The path that an open folder has by now.
Result<std::string> path_of(int descriptor) {
  std::string text(PATH_MAX, '\0');
  const std::string link = fmt::format("/proc/self/fd/{}", descriptor);
  const ssize_t size = ::readlink(link.c_str(), text.data(), text.size());
  if (size < 0) return failure("read link", link, errno);
  text.resize(static_cast<std::size_t>(size));
  return text;
}

/// Where a folder of a root really is, without links; the path as it is if it is not there.
Result<std::string> real_folder(int root, const std::string& path) {
  const auto open = sys::open_in_root(root, path, O_PATH | O_DIRECTORY);
  if (!open && open.error().code != ENOENT && open.error().code != ENOTDIR)
    return std::unexpected(open.error());
  if (!open) return path;
  HOPYARD_TAKE(top, path_of(root));
  HOPYARD_TAKE(whole, path_of(open->get()));
  if (whole.size() <= top.size() || !whole.starts_with(top)) return path;
  return whole.substr(top == "/" ? 0 : top.size());
}

Result<> put_link(int layer, const std::string& folder, std::string_view name) {
  HOPYARD_TAKE(made, sys::make_folders_in_root(layer, folder, 0755));
  const std::string link(name);
  struct stat status {};
  if (::fstatat(made.get(), link.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return {};
  if (errno != ENOENT) return failure("look at", link, errno);
  return sys::make_link(std::string(program_path), made.get(), link);
}

/// The link @p name in what @p folder really is.
Result<> put_tool(int below, int layer, const char* folder, std::string_view name) {
  HOPYARD_TAKE(real, real_folder(below, folder));
  return put_link(layer, real, name);
}

}  // namespace

Result<> write_node_tools(const std::string& root, const std::string& folder) {
  HOPYARD_TRY(sys::make_folder(sys::here(), folder, 0755));
  HOPYARD_TAKE(below, sys::open_at(sys::here(), root, O_PATH | O_DIRECTORY));
  HOPYARD_TAKE(layer, sys::open_at(sys::here(), folder, O_PATH | O_DIRECTORY));
  HOPYARD_TAKE(lib, real_folder(below.get(), "/usr/lib"));
  HOPYARD_TAKE(own, sys::make_folders_in_root(layer.get(), lib + "/hopyard", 0755));
  const std::string file{program_path.substr(program_folder.size() + 1)};
  HOPYARD_TRY(sys::write_file(own.get(), file, program_text, 0755));
  for (const char* place : {"/usr/bin", "/bin"})
    HOPYARD_TRY(put_tool(below.get(), layer.get(), place, "systemctl"));
  for (const char* place : {"/usr/sbin", "/sbin"})
    HOPYARD_TRY(put_tool(below.get(), layer.get(), place, "service"));
  HOPYARD_TAKE(scripts, real_folder(below.get(), std::string(scripts_folder)));
  HOPYARD_TRY(put_link(layer.get(), scripts, frr_unit));
  HOPYARD_TRY(put_link(layer.get(), scripts, networking_unit));
  for (const KnownDaemon& daemon : known_daemons()) {
    HOPYARD_TRY(put_link(layer.get(), scripts, daemon.name));
    if (!daemon.alias.empty()) HOPYARD_TRY(put_link(layer.get(), scripts, daemon.alias));
  }
  return {};
}

Result<> write_init_script(const std::string& service) {
  HOPYARD_TAKE(root, sys::open_at(sys::here(), "/", O_PATH | O_DIRECTORY));
  // The machine's own script would start a second daemon, which nobody supervises.
  HOPYARD_TAKE(made, sys::make_folders_in_root(root.get(), std::string(scripts_folder), 0755));
  static_cast<void>(sys::remove(made.get(), service));
  return put_link(root.get(), std::string(scripts_folder), service);
}

}  // namespace hopyard::keeper
