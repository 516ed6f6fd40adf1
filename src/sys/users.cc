#include "sys/users.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <sched.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <sstream>
#include <utility>

#include "sys/file.hh"
#include "sys/process.hh"

namespace hopyard::sys {
namespace {

constexpr std::uint32_t every_id = 4294967295;

std::string_view next_field(std::string_view& line) {
  const std::size_t end = line.find(':');
  const std::string_view field = line.substr(0, end);
  line = end == std::string_view::npos ? std::string_view{} : line.substr(end + 1);
  return field;
}

std::optional<std::uint32_t> number_of(std::string_view digits) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return error == std::errc() && end == digits.data() + digits.size() ? std::optional(number) : std::nullopt;
}

std::optional<IdRange> own_range(const char* file) {
  const auto text = read_file(here(), file);
  const passwd* user = ::getpwuid(::geteuid());
  return text ? subordinate_ids(*text, user == nullptr ? "" : user->pw_name, ::geteuid()) : std::nullopt;
}

bool runs(const char* program, const std::string& process, std::uint32_t own, const IdRange& others) {
  std::array<std::string, 8> words{program,
                                   process,
                                   "0",
                                   std::to_string(own),
                                   "1",
                                   "1",
                                   std::to_string(others.first),
                                   std::to_string(others.count)};
  std::array<char*, 9> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  pid_t child = 0;
  return ::posix_spawnp(&child, program, nullptr, nullptr, arguments.data(), environ) == 0 &&
         await_child(child) == 0;
}

/// A child outside of the user namespace that the caller is about to make, for only from there are several
/// ids mapped into it.
class Mapper {
 public:
  static Result<Mapper> start(const IdRange& users, const IdRange& groups) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failure("open a pipe", "", errno);
    Fd reading(ends[0]);
    Fd writing(ends[1]);
    const std::string process = std::to_string(::getpid());
    HOPYARD_TAKE(child, fork());
    if (child.is_child()) {
      writing.reset();
      char go = 0;
      const bool wanted = ::read(reading.get(), &go, 1) == 1;
      // What these programs would complain of is nothing that the caller cannot do without.
      if (const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC); null >= 0) ::dup2(null, STDERR_FILENO);
      const bool done = wanted && runs("newuidmap", process, ::geteuid(), users) &&
                        runs("newgidmap", process, ::getegid(), groups);
      ::_exit(done ? 0 : 1);
    }
    return Mapper(child.pid, std::move(reading), std::move(writing));
  }
  Mapper(Mapper&& other) noexcept
      : child_(std::exchange(other.child_, -1)), read_(std::move(other.read_)), go_(std::move(other.go_)) {}
  Mapper& operator=(Mapper&&) = delete;
  ~Mapper() { end(); }
  /// @return whether all ids are mapped now.
  bool map() {
    static_cast<void>(write_all(go_.get(), "1", "a pipe"));
    return end() == 0;
  }

 private:
  Mapper(pid_t child, Fd read, Fd go) : child_(child), read_(std::move(read)), go_(std::move(go)) {}
  int end() {
    go_.reset();
    return child_ > 0 ? await_child(std::exchange(child_, -1)).value_or(1) : 1;
  }
  pid_t child_;
  Fd read_;  ///< the child's, kept open here as well: to write after its end is no SIGPIPE then
  Fd go_;
};

Result<> map_root_alone(uid_t user, gid_t group) {
  // Who may not map others may not leave groups either.
  HOPYARD_TRY(write_file(here(), "/proc/self/setgroups", "deny"));
  // Users may be mapped already, where groups could not be.
  if (read_file(here(), "/proc/self/uid_map").value_or("").empty())
    HOPYARD_TRY(write_file(here(), "/proc/self/uid_map", fmt::format("0 {} 1", user)));
  return write_file(here(), "/proc/self/gid_map", fmt::format("0 {} 1", group));
}

}  // namespace

std::optional<IdRange> subordinate_ids(std::string_view text, std::string_view name, uid_t number) {
  const std::string digits = std::to_string(number);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    const std::string_view who = next_field(line);
    if (who.empty() || (who != name && who != digits)) continue;
    const auto first = number_of(next_field(line));
    const auto count = number_of(line);
    if (first && count && *count != 0) return IdRange{*first, *count};
  }
  return std::nullopt;
}

bool in_first_user_namespace() {
  const auto map = read_file(here(), "/proc/self/uid_map");
  if (!map) return true;
  std::istringstream numbers(*map);
  std::uint64_t inside = 0;
  std::uint64_t outside = 0;
  std::uint64_t count = 0;
  return numbers >> inside >> outside >> count && inside == 0 && outside == 0 && count == every_id;
}

bool maps_group(gid_t group) {
  const auto map = read_file(here(), "/proc/self/gid_map");
  if (!map) return true;
  std::istringstream lines(*map);
  for (std::uint64_t inside = 0, outside = 0, count = 0; lines >> inside >> outside >> count;)
    if (group >= inside && group - inside < count) return true;
  return false;
}

bool shares_namespace(pid_t pid, std::string_view kind) {
  struct stat own {};
  struct stat theirs {};
  if (::stat(fmt::format("/proc/self/ns/{}", kind).c_str(), &own) != 0 ||
      ::stat(fmt::format("/proc/{}/ns/{}", pid, kind).c_str(), &theirs) != 0)
    return true;
  return own.st_ino == theirs.st_ino && own.st_dev == theirs.st_dev;
}

Result<Mapping> unshare_users() {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  const auto users = own_range("/etc/subuid");
  const auto groups = own_range("/etc/subgid");
  std::optional<Mapper> mapper;
  if (users && groups) {
    HOPYARD_TAKE(started, Mapper::start(*users, *groups));
    mapper.emplace(std::move(started));
  }
  if (::unshare(CLONE_NEWUSER) != 0) return failure("create a user namespace", "", errno);
  if (mapper && mapper->map()) return Mapping{true};
  HOPYARD_TRY(map_root_alone(user, group));
  return Mapping{false};
}

}  // namespace hopyard::sys
