#include "sys/spawn.hh"

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "sys/fd.hh"
#include "sys/file.hh"
#include "sys/process.hh"

namespace hopyard::sys {
namespace {

Result<Fd> memory_file(const std::string& object) {
  Fd file(::memfd_create("hopyard", MFD_CLOEXEC));
  if (!file) return failure("make a file in memory for", object, errno);
  return file;
}

/// The descriptors that a child begins with.
class Redirections {
 public:
  Redirections(const Fd& input, const Fd& output) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, input.get(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output.get(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output.get(), STDERR_FILENO);
  }
  Redirections(const Redirections&) = delete;
  Redirections& operator=(const Redirections&) = delete;
  ~Redirections() { ::posix_spawn_file_actions_destroy(&actions_); }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

Result<std::string> whole(const Fd& file, const std::string& object) {
  std::string text;
  char room[4096];
  for (;;) {
    const ssize_t count = ::pread(file.get(), room, sizeof room, static_cast<off_t>(text.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure("read what was said by", object, errno);
    if (count == 0) return text;
    text.append(room, static_cast<std::size_t>(count));
  }
}

}  // namespace

Result<Ran> run(const std::vector<std::string>& words, std::string_view input) {
  const std::string& program = words.front();
  HOPYARD_TAKE(in, memory_file(program));
  HOPYARD_TRY(write_all(in.get(), input, program));
  ::lseek(in.get(), 0, SEEK_SET);
  HOPYARD_TAKE(out, memory_file(program));
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  arguments.reserve(copies.size() + 1);
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const Redirections redirections(in, out);
  pid_t child = 0;
  if (const int error =
          ::posix_spawnp(&child, program.c_str(), redirections.get(), nullptr, arguments.data(), environ);
      error != 0)
    return failure("start", program, error);
  HOPYARD_TAKE(status, await_child(child));
  HOPYARD_TAKE(said, whole(out, program));
  return Ran{exit_status(status), std::move(said)};
}

}  // namespace hopyard::sys
