#include "keeper/relay.hh"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "keeper/environment.hh"
#include "keeper/limited.hh"
#include "keeper/terminal.hh"
#include "sys/file.hh"
#include "sys/process.hh"
#include "sys/signals.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

constexpr int cannot_run = 126;
constexpr int not_found = 127;

// What a caller sends: the number of a signal for the command, with a bit when it is for its group, or one of
// these.
constexpr unsigned char to_group = 0x80;
constexpr unsigned char give_the_terminal = to_group;
constexpr unsigned char make_an_orphan = to_group | 0x7f;

void say(const std::string& what, int code, const std::string& remedy = {}) {
  std::string line = "hopyard: " + what + ": " + std::strerror(code) + '\n';
  if (!remedy.empty()) line += "  " + remedy + '\n';
  static_cast<void>(sys::write_all(STDERR_FILENO, line, ""));
}

// A command that cannot have its terminal would be stopped at its first word (SIGTTIN), and nobody would know
// why.
void lead_group(bool with_terminal) {
  const bool leads = ::setpgid(0, 0) == 0;
  const int number = with_terminal ? standard_terminal() : -1;
  // ENOTTY: it is not the one of this session, and stops nobody.
  if (leads && (number < 0 || ::tcsetpgrp(number, ::getpgrp()) == 0 || errno == ENOTTY)) return;
  say("give the terminal to the command", errno);
  ::_exit(cannot_run);
}

[[noreturn]] void run_command(const Relay::Plan& plan) {
  ::prctl(PR_SET_PDEATHSIG, SIGHUP);
  if (plan.own_group) lead_group(plan.own_terminal);
  std::vector<std::string> environment = process_environment(environ, plan.entry.environment);
  const auto variables = pointers(environment);
  environ = const_cast<char**>(variables.data());
  if (plan.open_files) ::setrlimit(RLIMIT_NOFILE, &*plan.open_files);
  ::pthread_sigmask(SIG_SETMASK, &plan.mask, nullptr);
  sys::close_from(STDERR_FILENO + 1);  // what the caller was given is not the node's
  ::execvp(plan.arguments.front().c_str(), pointers(plan.arguments).data());
  const int code = errno;
  say(plan.arguments.front(), code);
  ::_exit(code == ENOENT ? not_found : cannot_run);
}

Result<> enter(const Relay::Plan& plan, const std::string& folder) {
  const int users = plan.entry.own_users ? CLONE_NEWUSER : 0;
  HOPYARD_TRY(
      sys::setns(plan.entry.init.get(), users | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC));
  for (const sys::Fd& group : plan.entry.cgroups)
    if (const Result<> member = sys::write_all(group.get(), "0", "cgroup.procs"); !member) {
      const int code = member.error().code;
      const bool elsewhere = code == EACCES || code == EPERM;
      return failure(
          "come under the limits of the node", "", code, "",
          elsewhere ? "run it from where the lab was started, or by: systemd-run --user --scope" : "");
    }
  if (plan.entry.own_users) HOPYARD_TRY(sys::become_root());
  // Where there is no such folder it stays the root, which entering has made it.
  if (!folder.empty()) static_cast<void>(::chdir(folder.c_str()));
  return {};
}

void redirect(const StandardFiles& files) {
  if (files.in >= 0) ::dup2(files.in, STDIN_FILENO);
  if (files.out >= 0) ::dup2(files.out, STDOUT_FILENO);
  if (files.err >= 0) ::dup2(files.err, STDERR_FILENO);
}

Relay::Report report(int status) {
  const int terminal = standard_terminal();
  // A group of the caller's, which is not of this pid namespace, has no number here.
  return {status, terminal >= 0 && ::tcgetpgrp(terminal) > 0};
}

Result<> tell(int socket, const Relay::Report& report) {
  return sys::send_all(socket, {reinterpret_cast<const char*>(&report), sizeof report});
}

// Its parent, this process, leaves the session. The signals are what the kernel sends to a group with stopped
// members when a parent's end makes it an orphan.
void orphan(pid_t command) {
  ::setsid();
  ::kill(-command, SIGHUP);
  ::kill(-command, SIGCONT);
}

void obey(unsigned char message, pid_t command) {
  if (message == give_the_terminal)
    ::tcsetpgrp(standard_terminal(), command);
  else if (message == make_an_orphan)
    orphan(command);
  else if ((message & to_group) != 0)
    ::kill(-command, message & ~to_group);
  else
    ::kill(command, message);
}

// @return what waitpid(2) says has become of it; nothing as long as nothing new has.
std::optional<int> news_of(pid_t command, bool with_stops) {
  int status = 0;
  pid_t found = 0;
  do {
    found = ::waitpid(command, &status, WNOHANG | (with_stops ? WUNTRACED : 0));
  } while (found < 0 && errno == EINTR);
  return found == command ? std::optional(status) : std::nullopt;
}

// Passes signals to the command until it has ended, and tells when it stops. @return what waitpid(2) says of
// its end; nothing if the caller has gone before.
std::optional<int> attend(pid_t command, int socket, bool own_group) {
  constexpr int look_again = 50;  // ms, where there is no descriptor for what becomes of it
  const auto children = sys::signalfd(sys::signal_set({SIGCHLD}));
  for (;;) {
    while (const auto status = news_of(command, own_group)) {
      if (!WIFSTOPPED(*status)) return *status;
      if (!tell(socket, report(*status))) return std::nullopt;
    }
    std::array<pollfd, 2> watched{{{children ? children->get() : -1, POLLIN, 0}, {socket, POLLIN, 0}}};
    if (::poll(watched.data(), watched.size(), children ? -1 : look_again) < 0) continue;
    if (watched[0].revents != 0) take_signals(children->get(), [](int, bool) {});
    if (watched[1].revents == 0) continue;
    unsigned char message = 0;
    if (::read(socket, &message, sizeof message) != sizeof message) return std::nullopt;
    obey(message, command);
  }
}

// Enters the node and runs the command there. @return as attend().
std::optional<int> run(const Relay::Plan& plan, const std::string& folder, Terminal& terminal, int socket) {
  if (const Result<> entered = enter(plan, folder); !entered) {
    say(entered.error().doing, entered.error().code, entered.error().remedy);
    return cannot_run << 8;
  }
  const bool may_mount = (plan.entry.rights.capabilities & net::capability("sys_admin")) != 0;
  if (may_mount) terminal.appear();
  // A node that may not mount could else have it done by this process.
  if (const Result<> limited = limit_rights(plan.entry.rights, net::capability("kill")); !limited) {
    say(limited.error().doing, limited.error().code);
    return cannot_run << 8;
  }
  const pid_t command = ::vfork();
  if (command == 0) run_command(plan);
  if (command > 0) return attend(command, socket, plan.own_group);
  say("start a process", errno);
  return cannot_run << 8;
}

[[noreturn]] void relay(const Relay::Plan& plan, const std::string& folder, Terminal terminal, int socket) {
  ::prctl(PR_SET_NAME, relay_name);
  sys::set_process_title(relay_name);  // or a `pgrep -f` for the command would find this
  ::signal(SIGCHLD, SIG_DFL);          // ignored, as it may be in the caller, there would be no status
  // The command's stops are for the caller to follow, with all of its group but this; and the terminal is
  // given whoever is in front.
  const sys::BlockedSignals blocked(sys::signal_set({SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU}));
  redirect(plan.files);
  const std::optional<int> status = run(plan, folder, terminal, socket);
  terminal.vanish();
  if (!status) ::_exit(0);
  const auto told = tell(socket, report(*status));
  if (!told && told.error().code != EPIPE) say("tell how the command has ended", told.error().code);
  ::_exit(0);
}

std::string current_folder() {
  std::string folder;
  if (char* name = ::getcwd(nullptr, 0)) {
    folder = name;
    ::free(name);
  }
  return folder;
}

// A child in the node's pid namespace that the node's init will be the parent of: its own, there as well,
// ends as soon as it is there. And one before that alone enters the namespace, for there may be no way back.
// @return 0 to the child, to the caller an errno, negative, or 1.
int fork_away(int init) {
  volatile int code = 0;  // the one that enters shares this memory, but not the registers
  const pid_t entering = ::vfork();
  if (entering == 0) {
    if (::setns(init, CLONE_NEWPID) != 0) {
      code = errno;
      ::_exit(0);
    }
    // No second vfork: sanitizers keep the way back from one alone.
    const long between = ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
    if (between == 0) {
      const long child = ::syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
      if (child == 0) return 0;
      ::_exit(child < 0 ? errno : 0);
    }
    int status = 0;
    if (between < 0)
      code = errno;
    else if (::waitpid(static_cast<pid_t>(between), &status, 0) > 0)
      code = WEXITSTATUS(status);
    ::_exit(0);
  }
  if (entering < 0) return -errno;
  ::waitpid(entering, nullptr, 0);
  return code != 0 ? -code : 1;
}

}  // namespace

Result<Relay> Relay::start(const Plan& plan) {
  HOPYARD_TAKE(ends, sys::socket_pair());
  const std::string folder = current_folder();
  Terminal terminal = plan.files.in < 0 ? Terminal::of_caller() : Terminal();
  const int forked = fork_away(plan.entry.init.get());
  if (forked == 0) {
    ends.first.reset();
    relay(plan, folder, std::move(terminal), ends.second.release());
  }
  if (forked < 0) {
    return failure("start a process in node", plan.entry.node, -forked,
                   forked == -ENOMEM ? "it has just ended" : "",
                   forked == -ENOMEM ? "look with: hopyard ps" : sys::fork_remedy(-forked));
  }
  return Relay(std::move(ends.first));
}

void Relay::pass(int signal) const {
  send(static_cast<unsigned char>(signal));
}

void Relay::pass_to_group(int signal) const {
  send(static_cast<unsigned char>(to_group | signal));
}

void Relay::give_terminal() const {
  send(give_the_terminal);
}

void Relay::orphan() const {
  send(make_an_orphan);
}

void Relay::send(unsigned char message) const {
  static_cast<void>(sys::send(socket_.get(), {reinterpret_cast<const char*>(&message), 1}));
}

Result<Relay::Report> Relay::read_report() const {
  Report report;
  std::vector<sys::Fd> none;
  auto count = sys::receive(socket_.get(), {reinterpret_cast<char*>(&report), sizeof report}, none);
  if (!count) {
    Error error = std::move(count).error();
    error.doing = "learn how the command has ended";
    return std::unexpected(std::move(error));
  }
  // Whatever of the node had the terminal has ended with it.
  return *count == sizeof report ? report : Report{SIGKILL, true};
}

sigset_t passed_signals() {
  return sys::signal_set({SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2});
}

void take_signals(int signals, const std::function<void(int number, bool sent)>& use) {
  signalfd_siginfo info{};
  while (::read(signals, &info, sizeof info) == sizeof info)
    use(static_cast<int>(info.ssi_signo), info.ssi_code <= 0);
}

}  // namespace hopyard::keeper
