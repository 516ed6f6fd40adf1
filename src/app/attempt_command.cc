#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>

#include "app/attempt.hh"
#include "keeper/enter.hh"
#include "lab/expression.hh"
#include "sys/process.hh"
#include "sys/signals.hh"

namespace hopyard::app {
namespace {

constexpr std::size_t most_output = 1U << 16;  // of a command; the rest is read and let go

/// The child's part: the command's standard output is the pipe, its input empty.
[[noreturn]] void run_child(const keeper::Entry& entry, const std::string& command, int pipe) {
  sys::reset_signals();
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null < 0 || ::dup2(null, STDIN_FILENO) < 0 || ::dup2(pipe, STDOUT_FILENO) < 0) ::_exit(126);
  const std::string words[] = {"/bin/sh", "-c", command};
  const auto status = keeper::run_in(entry, words);
  ::_exit(status ? *status : 126);
}

/// Ends and buries the child whatever happens.
class Child {
 public:
  explicit Child(sys::Fork fork) : fork_(std::move(fork)) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { static_cast<void>(end()); }
  [[nodiscard]] int pidfd() const { return fork_.pidfd.get(); }
  /// @return its exit status.
  int end() {
    if (status_ >= 0) return status_;
    static_cast<void>(sys::pidfd_send_signal(fork_.pidfd.get(), SIGKILL));
    int status = 0;
    while (::waitpid(fork_.pid, &status, 0) < 0 && errno == EINTR) continue;
    return status_ = sys::exit_status(status);
  }

 private:
  sys::Fork fork_;
  int status_ = -1;
};

std::optional<std::string> value_at(const std::string& output, const std::string& pointer) {
  try {
    const auto whole = nlohmann::json::parse(output);
    const auto& value = whole.at(nlohmann::json::json_pointer(pointer));
    return value.is_string() ? value.get<std::string>() : value.dump();
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

bool found_in(const std::string& expression, const std::string& output) {
  try {
    return std::regex_search(output, std::regex(expression, lab::expression_flags));
  } catch (const std::regex_error&) {
    return false;
  }
}

/// The first line of what a command wrote, to show.
std::string start_of(const std::string& output) {
  const std::string line = output.substr(0, std::min<std::size_t>(output.find('\n'), 200));
  return line.empty() ? "nothing" : fmt::format("'{}'{}", line, line.size() + 1 < output.size() ? " …" : "");
}

}  // namespace

Seen judge(const lab::Check& check, int status, const std::string& output) {
  if (status != 0) return {false, fmt::format("it ended with status {}", status)};
  if (check.matches && !found_in(*check.matches, output))
    return {false, fmt::format("'{}' is not in what it wrote: {}", *check.matches, start_of(output))};
  if (check.json) {
    const auto value = value_at(output, *check.json);
    if (!value) return {false, fmt::format("it wrote no JSON with {}: {}", *check.json, start_of(output))};
    if (*value != *check.equals) return {false, fmt::format("{} is '{}'", *check.json, *value)};
  }
  return {true, "it is so"};
}

Result<Seen> Attempts::command(const lab::Check& check, Clock::time_point until) {
  HOPYARD_TAKE(entry, client_.enter(lab_.nodes[check.node].name));
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return failure("make a pipe", {}, errno);
  const sys::Fd output(ends[0]);
  sys::Fd input(ends[1]);
  HOPYARD_TAKE(fork, sys::fork());
  if (fork.is_child()) run_child(entry, check.run, input.get());
  Child child(std::move(fork));
  input = sys::Fd();
  std::string text;
  std::array<char, 4096> room{};
  while (wait(output.get(), until)) {
    const ssize_t got = ::read(output.get(), room.data(), room.size());
    if (got == 0 || (got < 0 && errno != EINTR)) break;
    if (got > 0 && text.size() < most_output) text.append(room.data(), static_cast<std::size_t>(got));
  }
  if (!wait(child.pidfd(), until)) return Seen{false, "it did not end in time", false};
  return judge(check, child.end(), text);
}

}  // namespace hopyard::app
