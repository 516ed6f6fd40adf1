#include "keeper/service_process.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "keeper/environment.hh"
#include "sys/file.hh"
#include "sys/program_path.hh"

namespace hopyard::keeper {
namespace {

/// The attributes and file actions of a spawn.
class Spawning {
 public:
  explicit Spawning(int output) {
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_init(&actions_);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;
  ~Spawning() {
    ::posix_spawnattr_destroy(&attributes_);
    ::posix_spawn_file_actions_destroy(&actions_);
  }

  /// @return what posix_spawn(3) returns.
  int run(pid_t& pid, const std::string& path, std::span<const std::string> command,
          std::span<const std::string> environment) const {
    return ::posix_spawn(&pid, path.c_str(), &actions_, &attributes_, pointers(command).data(),
                         pointers(environment).data());
  }

 private:
  posix_spawnattr_t attributes_{};
  posix_spawn_file_actions_t actions_{};
};

bool has_open(const std::string& process, std::span<const std::string> sockets) {
  const std::string folder = fmt::format("/proc/{}/fd", process);
  const auto open = sys::open_folder(sys::here(), folder);
  if (!open) return false;
  const auto numbers = sys::list_folder(open->get());
  if (!numbers) return false;
  for (const std::string& number : *numbers) {
    std::string target(64, '\0');
    const ssize_t size = ::readlinkat(open->get(), number.c_str(), target.data(), target.size());
    if (size < 0) continue;
    target.resize(static_cast<std::size_t>(size));
    for (const std::string& socket : sockets)
      if (target == fmt::format("socket:[{}]", socket)) return true;
  }
  return false;
}

}  // namespace

std::string log_path(std::string_view service) {
  return fmt::format("{}/{}.log", log_folder, service);
}

Result<pid_t> spawn(std::span<const std::string> command, std::span<const std::string> environment,
                    int output) {
  const std::string path = sys::find_program(command.front(), path_of(environment));
  if (path.empty()) return failure("start", command.front(), ENOENT);
  pid_t pid = 0;
  const Spawning spawning(output);
  int code = spawning.run(pid, path, command, environment);
  if (code == ENOEXEC) {  // a script without a first line that names its program, as execvp(3) has it
    std::vector<std::string> script{"/bin/sh", path};
    script.insert(script.end(), command.begin() + 1, command.end());
    code = spawning.run(pid, script.front(), script, environment);
  }
  if (code != 0) return failure("start", command.front(), code);
  return pid;
}

bool file_is_there(const net::Service::Ready& ready) {
  struct stat status {};
  if (::stat(ready.text.c_str(), &status) != 0) return false;
  const bool own = ready.left == ready.text;
  return !own || !S_ISREG(status.st_mode) || status.st_size > 0;
}

std::vector<std::string> listening_inodes(std::string_view table, std::uint16_t port) {
  constexpr std::string_view listening = "0A";  // TCP_LISTEN, include/net/tcp_states.h
  const std::string wanted = fmt::format(":{:04X}", port);
  std::vector<std::string> inodes;
  while (!table.empty()) {
    std::string_view line = table.substr(0, table.find('\n'));
    table.remove_prefix(std::min(table.size(), line.size() + 1));
    // sl local remote state queues timer retransmits uid timeout inode
    std::vector<std::string_view> fields;
    for (;;) {
      line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
      if (line.empty() || fields.size() == 10) break;
      fields.push_back(line.substr(0, line.find(' ')));
      line.remove_prefix(fields.back().size());
    }
    if (fields.size() == 10 && fields[3] == listening && fields[1].ends_with(wanted))
      inodes.emplace_back(fields[9]);
  }
  return inodes;
}

std::vector<pid_t> sessions_listening_at(std::uint16_t port) {
  std::vector<std::string> sockets;
  for (const char* file : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    const auto table = sys::read_file(sys::here(), file);
    if (!table) continue;
    for (std::string& inode : listening_inodes(*table, port)) sockets.push_back(std::move(inode));
  }
  std::vector<pid_t> sessions;
  if (sockets.empty()) return sessions;
  const auto proc = sys::open_folder(sys::here(), "/proc");
  if (!proc) return sessions;
  for (const std::string& name : sys::list_folder(proc->get()).value_or(std::vector<std::string>{})) {
    if (name.front() < '1' || name.front() > '9' || !has_open(name, sockets)) continue;
    if (const pid_t session = ::getsid(std::stoi(name)); session > 0) sessions.push_back(session);
  }
  return sessions;
}

}  // namespace hopyard::keeper
