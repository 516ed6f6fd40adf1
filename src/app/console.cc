#include "app/console.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <string>
#include <string_view>

#include "sys/file.hh"
#include "sys/signals.hh"
#include "sys/socket.hh"

namespace hopyard::app {
namespace {

constexpr char leave = 0x1D;  // Ctrl-], as telnet(1) and virsh(1) have it

/// The terminal of standard input, if it is one, byte by byte as long as this lives (termios(3)).
class RawTerminal {
 public:
  RawTerminal() : is_terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_terminal_) return;
    termios raw = before_;
    ::cfmakeraw(&raw);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  }
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;
  [[nodiscard]] bool is_terminal() const { return is_terminal_; }
  ~RawTerminal() {
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSADRAIN, &before_);
  }

 private:
  termios before_{};
  bool is_terminal_;
};

/// The number that a process has for the caller (pidfd_open(2), proc(5)).
Result<std::string> process_of(const sys::Fd& pidfd) {
  constexpr std::string_view label = "Pid:\t";
  HOPYARD_TAKE(info, sys::read_file(sys::here(), fmt::format("/proc/self/fdinfo/{}", pidfd.get())));
  const std::size_t begin = info.find(label);
  if (begin == std::string::npos) return failure("find the init of the node", "", ESRCH);
  const std::string number = info.substr(begin + label.size(), info.find('\n', begin) - begin - label.size());
  if (number.starts_with('-') || number == "0") return failure("find the init of the node", "", ESRCH);
  return number;
}

Result<sys::Fd> connect(const keeper::Entry& entry) {
  HOPYARD_TAKE(process, process_of(entry.init));
  const auto folder = sys::open_folder(sys::here(), fmt::format("/proc/{}/root/run/qemu", process));
  if (!folder && folder.error().code != ENOENT)
    return failure("open the console of", entry.node, folder.error().code);
  if (!folder)
    return refusal("open the console of " + entry.node, "it is not a vm",
                   fmt::format("hopyard shell {} starts a shell in a node", entry.node));
  auto socket = sys::connect_unix(folder->get(), "console");
  if (!socket && socket.error().code != ENOENT && socket.error().code != ECONNREFUSED)
    return failure("open the console of", entry.node, socket.error().code);
  if (!socket)
    return refusal("open the console of " + entry.node, "its machine does not run",
                   fmt::format("hopyard logs {0} qemu says why; hopyard start {0} starts it", entry.node));
  return socket;
}

Result<> write_out(std::string_view bytes) {
  return sys::write_all(STDOUT_FILENO, bytes, "standard output");
}

/// What is typed, on its way to a guest that takes it at its own pace, or not at all.
class Outgoing {
 public:
  /// @param socket one that does not wait.
  explicit Outgoing(int socket) : socket_(socket) {}

  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  [[nodiscard]] std::size_t size() const { return waiting_.size(); }
  void add(std::string_view bytes) { waiting_.append(bytes); }
  /// Sends what the socket takes now.
  Result<> send() {
    while (!waiting_.empty()) {
      const auto count = sys::send(socket_, waiting_);
      if (!count) return later(count.error());
      waiting_.erase(0, *count);
      tries_ = 0;
    }
    return {};
  }

 private:
  /// Memory for a message may be short for a moment.
  Result<> later(const Error& error) {
    constexpr int most_tries = 10;
    constexpr timespec pause{0, 20'000'000};
    if (error.code == EAGAIN || error.code == EINTR) return {};
    if (error.code == EPIPE || error.code == ECONNRESET) {
      waiting_.clear();  // the machine has ended; its last words are still read
      return {};
    }
    if ((error.code != ENOBUFS && error.code != ENOMEM) || ++tries_ == most_tries)
      return std::unexpected(error);
    ::nanosleep(&pause, nullptr);
    return {};
  }

  int socket_;
  int tries_ = 0;
  std::string waiting_;
};

/// Passes bytes both ways until one of the two ends it. While the guest takes nothing, a file or pipe is not
/// read on; a terminal is, because of the key that leaves, and what is too much is lost with a bell, as it is
/// in the kernel (IMAXBEL, termios(3)).
class Talk {
 public:
  Talk(int socket, int signals, bool is_terminal)
      : is_terminal_(is_terminal),
        waits_{{{socket, POLLIN, 0}, {signals, POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}}},
        outgoing_(socket) {}

  Result<int> run() {
    for (;;) {
      HOPYARD_TRY(await());
      if ((waits_[0].revents & ~POLLOUT) != 0) {
        HOPYARD_TAKE(open, take_output());
        if (!open) return 0;
      }
      if (waits_[1].revents != 0) return ended_by();
      if (waits_[2].revents != 0) HOPYARD_TRY(take_input());
      HOPYARD_TRY(outgoing_.send());
      if (leaving_ && (is_terminal_ || outgoing_.empty())) return 0;
    }
  }

 private:
  static constexpr std::size_t most_of_a_pipe = std::size_t{64} * 1024;
  static constexpr std::size_t most_typed = std::size_t{1024} * 1024;

  Result<> await() {
    const bool reads = !at_end_ && !leaving_ && (is_terminal_ || outgoing_.size() < most_of_a_pipe);
    waits_[0].events = static_cast<short>(outgoing_.empty() ? POLLIN : POLLIN | POLLOUT);
    waits_[2].fd = reads ? STDIN_FILENO : -1;
    while (::poll(waits_.data(), waits_.size(), -1) < 0)
      if (errno != EINTR) return failure("wait for the console", "", errno);
    return {};
  }

  Result<bool> take_output() {
    const ssize_t count = ::read(waits_[0].fd, room_.data(), room_.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    if (count < 0 && errno != ECONNRESET) return failure("read from the console", "", errno);
    if (count <= 0) return false;
    HOPYARD_TRY(write_out({room_.data(), static_cast<std::size_t>(count)}));
    return true;
  }

  /// At the end of a pipe or file the guest may still have something to say.
  Result<> take_input() {
    const ssize_t count = ::read(STDIN_FILENO, room_.data(), room_.size());
    if (count < 0 && errno == EINTR) return {};
    if (count < 0) return failure("read from", "standard input", errno);
    at_end_ = count == 0;
    const std::string_view bytes(room_.data(), static_cast<std::size_t>(count));
    const std::size_t end = bytes.find(leave);
    leaving_ = end != std::string_view::npos;
    const std::string_view typed = bytes.substr(0, end);
    if (is_terminal_ && outgoing_.size() + typed.size() > most_typed) return write_out("\a");
    outgoing_.add(typed);
    return {};
  }

  int ended_by() {
    signalfd_siginfo signal{};
    const bool whole = ::read(waits_[1].fd, &signal, sizeof signal) == sizeof signal;
    return whole ? static_cast<int>(signal.ssi_signo) : SIGTERM;
  }

  bool is_terminal_;
  bool at_end_ = false;   ///< of standard input
  bool leaving_ = false;  ///< the key that leaves was among what was read
  std::array<pollfd, 3> waits_;
  std::array<char, 4096> room_{};
  Outgoing outgoing_;
};

}  // namespace

Result<int> console(const keeper::Entry& entry) {
  HOPYARD_TAKE(socket, connect(entry));
  if (::fcntl(socket.get(), F_SETFL, O_NONBLOCK) != 0)
    return failure("open the console of", entry.node, errno);
  const sigset_t ending = sys::signal_set({SIGINT, SIGTERM, SIGHUP});
  ::pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  HOPYARD_TAKE(signals, sys::signalfd(ending));
  ::signal(SIGPIPE, SIG_IGN);  // a closed output is an error to return with, the terminal put back
  const RawTerminal terminal;
  return Talk(socket.get(), signals.get(), terminal.is_terminal()).run();
}

}  // namespace hopyard::app
