#include "keeper/start.hh"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "keeper/birth.hh"
#include "keeper/json.hh"
#include "keeper/own_users.hh"
#include "keeper/protocol.hh"
#include "sys/file.hh"
#include "sys/process.hh"
#include "sys/signals.hh"
#include "sys/socket.hh"
#include "sys/users.hh"

namespace hopyard::keeper {
namespace {

using Clock = std::chrono::steady_clock;

// A node's root file system by its true name, or the reason why it cannot be one: found before anything is
// made.
Result<> find_roots(net::Desired& desired) {
  for (net::Namespace& ns : desired.namespaces) {
    std::string& root = ns.machine.root;
    if (root.empty()) continue;
    std::error_code error;
    const auto path = std::filesystem::canonical(root, error);
    if (error) return failure("use as the root of node " + ns.name, root, error.value());
    if (!std::filesystem::is_directory(path, error))
      return failure("use as the root of node " + ns.name, root, error ? error.value() : ENOTDIR);
    root = path.string();
  }
  return {};
}

// The same for files of the host.
Result<> find_files(net::Desired& desired) {
  for (net::Namespace& ns : desired.namespaces)
    for (net::HostFile& file : ns.machine.host_files) {
      std::error_code error;
      const auto path = std::filesystem::canonical(file.path, error);
      if (error) return failure("give to node " + ns.name, file.path, error.value());
      const auto status = std::filesystem::status(path, error);
      if (error) return failure("give to node " + ns.name, file.path, error.value());
      if (!std::filesystem::is_regular_file(status) && !std::filesystem::is_block_file(status))
        return refusal("give to node " + ns.name, fmt::format("{} is not a file", file.path));
      if (::access(path.c_str(), R_OK) != 0) return failure("give to node " + ns.name, file.path, errno);
      file.path = path.string();
    }
  return {};
}

/// The wait for a keeper that is starting.
class Wait {
 public:
  Wait(std::string lab, const StartOptions& options, const sys::Fd& socket, const sys::Fd& signals)
      : lab_(std::move(lab)), options_(options), socket_(socket), signals_(signals) {
    if (options.timeout) end_ = Clock::now() + *options.timeout;
  }
  /// @return when the keeper says that the lab is ready, or why it will not be.
  Result<std::vector<std::string>> until_ready();

 private:
  [[nodiscard]] int milliseconds_left() const;
  Result<> interrupted() const;
  /// @return true when all is said.
  Result<bool> read_messages();
  Result<bool> take(const Json& message);
  [[nodiscard]] Error error(std::string detail) const {
    return {"start lab " + lab_, "", 0, std::move(detail), ""};
  }

  std::string lab_;
  const StartOptions& options_;
  const sys::Fd& socket_;
  const sys::Fd& signals_;
  std::optional<Clock::time_point> end_;
  FrameReader reader_{longest_answer};
  StartProgress progress_;
  std::vector<std::string> warnings_;
};

int Wait::milliseconds_left() const {
  if (!end_) return -1;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*end_ - Clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000'000));
}

Result<std::vector<std::string>> Wait::until_ready() {
  for (;;) {
    std::array<pollfd, 2> watched{{{socket_.get(), POLLIN, 0}, {signals_.get(), POLLIN, 0}}};
    const int count = ::poll(watched.data(), watched.size(), milliseconds_left());
    if (count < 0 && errno != EINTR) return failure("wait for the keeper", "", errno);
    if (count == 0) {
      std::string detail = "the time is over";
      if (!progress_.waiting_for.empty()) {
        detail += fmt::format(", and not ready are: {}", fmt::join(progress_.waiting_for, ", "));
      }
      return std::unexpected(error(std::move(detail)));
    }
    if (watched[1].revents != 0) HOPYARD_TRY(interrupted());
    if (watched[0].revents == 0) continue;
    HOPYARD_TAKE(ready, read_messages());
    if (ready) return std::move(warnings_);
  }
}

Result<> Wait::interrupted() const {
  signalfd_siginfo info{};
  if (::read(signals_.get(), &info, sizeof info) != sizeof info) return {};
  const int number = static_cast<int>(info.ssi_signo);
  if (options_.interrupted != nullptr) *options_.interrupted = number;
  return std::unexpected(error(fmt::format("interrupted by {}", sys::signal_name(number))));
}

Result<bool> Wait::read_messages() {
  std::array<char, 16384> room;
  std::vector<sys::Fd> unwanted;
  HOPYARD_TAKE(count, sys::receive(socket_.get(), room, unwanted));
  if (count == 0) {
    return std::unexpected(error(fmt::format("the keeper has ended, after {} nodes and {} links",
                                             progress_.nodes_done, progress_.links_done)));
  }
  reader_.add(std::span(room).first(count));
  for (;;) {
    HOPYARD_TAKE(body, reader_.next());
    if (!body) return false;
    HOPYARD_TAKE(message, parse_object(*body));
    HOPYARD_TAKE(ready, take(message));
    if (ready) return true;
  }
}

Result<bool> Wait::take(const Json& message) {
  if (message.contains("failed")) return std::unexpected(error_from(message["failed"]));
  if (message.contains("ready")) {
    warnings_ = texts(message, "warnings");
    return true;
  }
  if (message.contains("waiting")) {
    progress_.waiting_for = texts(message, "waiting");
  } else {
    progress_.nodes_done = number(message, "nodes");
    progress_.links_done = number(message, "links");
  }
  if (options_.progress) options_.progress(progress_);
  return false;
}

// What the keeper left as its last words, if it was not asked to end.
void add_last_words(int folder, Error& error) {
  constexpr std::size_t enough = 500;
  auto log = sys::read_file(folder, "log");
  if (!log || log->empty()) return;
  while (!log->empty() && log->back() == '\n') log->pop_back();
  error.detail += ": " + (log->size() > enough ? log->substr(log->size() - enough) : *log);
}

// Ends a keeper that shall not be, and waits until it is gone with all that it made.
void destroy(const sys::Fork& keeper) {
  static_cast<void>(sys::pidfd_send_signal(keeper.pidfd.get(), SIGKILL));
  ::waitpid(keeper.pid, nullptr, 0);
}

}  // namespace

Result<Started> start(const Registry& registry, net::Desired&& desired, plan::Plan&& plan,
                      const StartOptions& options) {
  HOPYARD_TRY(sys::open_standard_files());
  HOPYARD_TRY(find_roots(desired));
  HOPYARD_TRY(find_files(desired));
  const sigset_t awaited = sys::signal_set({SIGINT, SIGTERM, SIGHUP});
  const sys::BlockedSignals blocked(awaited);
  HOPYARD_TAKE(signals, sys::signalfd(awaited));
  const std::string lab = desired.lab;
  HostOwners owners;
  const bool own_users = needs_own_users();
  if (own_users || !sys::in_first_user_namespace()) {
    HOPYARD_TAKE(read, HostOwners::read());
    owners = std::move(read);
  }
  if (own_users) HOPYARD_TRY(check_own_users_suffice(desired));  // first: another kernel would not help
  if (desired.merges_memory) HOPYARD_TRY(kernel::check_page_merging());
  if (own_users) {
    if (auto entered = enter_own_users(); !entered) return pass_on(std::move(entered));
  }
  HOPYARD_TAKE(claim, registry.claim(lab));
  HOPYARD_TAKE(cgroups, Cgroups::make(desired, claim.folder(), own_users));
  Adoptions adoptions;
  if (!own_users) {
    HOPYARD_TAKE(found, Adoptions::find(desired));
    adoptions = std::move(found);
  }
  HOPYARD_TAKE(merging, desired.merges_memory ? kernel::PageMerging::hold() : kernel::PageMerging());
  auto control = sys::bind_unix(claim.folder(), "control");
  if (!control) {
    if (control.error().code == ENOSPC) control.error().remedy = "free some room in " + registry.path();
    return pass_on(std::move(control));
  }
  HOPYARD_TAKE(ends, sys::socket_pair());
  HOPYARD_TAKE(keeper, sys::fork_into_pid_namespace());
  if (keeper.is_child()) {
    live({desired, plan, claim, cgroups, adoptions, merging, own_users, owners, *control, ends.second,
          registry.path() + '/' + lab, options.file});
  }
  ends.second.reset();
  auto ready = Wait(lab, options, ends.first, signals).until_ready();
  if (!ready) {
    destroy(keeper);
    if (ready.error().code == ENOSPC && ready.error().remedy.empty())
      ready.error().remedy = "free some room where the lab's files are, " + registry.path();
    add_last_words(claim.folder(), ready.error());
    return pass_on(std::move(ready));
  }
  claim.keep();
  merging.leave();
  return Started{lab, keeper.pid, std::move(keeper.pidfd), std::move(*ready)};
}

}  // namespace hopyard::keeper
