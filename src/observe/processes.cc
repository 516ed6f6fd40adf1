#include "observe/processes.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "sys/file.hh"

namespace hopyard::observe {
namespace {

std::string_view next_word(std::string_view& text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  text.remove_prefix(begin);
  const std::size_t end = std::min(text.find_first_of(" \t\n"), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

template <class T>
T to_number(std::string_view word) {
  T value{};
  std::from_chars(word.data(), word.data() + word.size(), value);
  return value;
}

// The rest of the line that begins with @p key.
std::string_view line_of(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    if (at != 0 && text[at - 1] != '\n') continue;
    text.remove_prefix(at + key.size());
    return text.substr(0, text.find('\n'));
  }
  return {};
}

// The last of the numbers that a process has in the namespaces that it is in, from the outside inwards.
std::optional<pid_t> innermost(std::string_view numbers) {
  std::optional<pid_t> last;
  for (std::string_view word = next_word(numbers); !word.empty(); word = next_word(numbers)) {
    last = to_number<pid_t>(word);
  }
  return last;
}

std::uint64_t namespace_of(int proc, pid_t pid) {
  struct stat status {};
  return ::fstatat(proc, fmt::format("{}/ns/pid", pid).c_str(), &status, 0) == 0 ? status.st_ino : 0;
}

}  // namespace

bool parse_stat(std::string_view text, Process& process) {
  const std::size_t open = text.find('(');
  const std::size_t close = text.rfind(')');  // the name between them may hold anything
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return false;
  process.name = text.substr(open + 1, close - open - 1);
  process.command = fmt::format("[{}]", process.name);
  text.remove_prefix(close + 1);
  constexpr std::size_t first = 3;  // the field after the name: see proc(5)
  constexpr std::size_t last = 24;
  std::array<std::string_view, last + 1> field{};
  for (std::size_t i = first; i <= last; ++i) {
    field[i] = next_word(text);
    if (field[i].empty()) return false;
  }
  process.state = field[3].front();
  process.parent = to_number<pid_t>(field[4]);
  const auto time = [&field](std::size_t user, std::size_t system) {
    const auto ticks = to_number<std::uint64_t>(field[user]) + to_number<std::uint64_t>(field[system]);
    return std::chrono::milliseconds(ticks * 1000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK)));
  };
  process.cpu = time(14, 15);
  process.ended_cpu = time(16, 17);
  process.memory = to_number<std::uint64_t>(field[24]) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return true;
}

std::optional<Process> read_process(int proc, pid_t pid) {
  Process process;
  process.pid = pid;
  const auto stat = sys::read_file(proc, fmt::format("{}/stat", pid));
  const auto status = sys::read_file(proc, fmt::format("{}/status", pid));
  if (!stat || !status || !parse_stat(*stat, process)) return std::nullopt;
  process.inner_pid = innermost(line_of(*status, "NSpid:")).value_or(pid);
  process.inner_session = innermost(line_of(*status, "NSsid:")).value_or(0);
  process.pid_namespace = namespace_of(proc, pid);
  if (auto command = sys::read_file(proc, fmt::format("{}/cmdline", pid)); command && !command->empty()) {
    while (!command->empty() && command->back() == '\0') command->pop_back();
    std::ranges::replace(*command, '\0', ' ');
    process.command = std::move(*command);
  }
  return process;
}

Result<std::vector<Process>> list_processes(int proc) {
  HOPYARD_TAKE(names, sys::list_folder(proc));
  std::vector<Process> all;
  for (const std::string& name : names) {
    if (name.front() < '1' || name.front() > '9') continue;
    if (auto process = read_process(proc, to_number<pid_t>(name))) all.push_back(std::move(*process));
  }
  return all;
}

pid_t parse_pidfd_info(std::string_view text) {
  std::string_view rest = line_of(text, "Pid:");
  return std::max(to_number<pid_t>(next_word(rest)), 0);
}

pid_t number_in(int proc, int pidfd) {
  const auto info = sys::read_file(proc, fmt::format("self/fdinfo/{}", pidfd));
  return info ? parse_pidfd_info(*info) : 0;
}

}  // namespace hopyard::observe
