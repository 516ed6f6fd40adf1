#include "keeper/birth.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <thread>
#include <utility>

#include "engine/engine.hh"
#include "keeper/json.hh"
#include "keeper/keeper.hh"
#include "keeper/loop.hh"
#include "keeper/protocol.hh"
#include "keeper/root.hh"
#include "keeper/way_out.hh"
#include "kernel/real.hh"
#include "sys/file.hh"
#include "sys/limits.hh"
#include "sys/netns.hh"
#include "sys/process.hh"
#include "sys/signals.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

bool tell(const sys::Fd& starter, const Json& message) {
  return sys::send_all(starter.get(), frame(text_of(message))).has_value();
}

/// Ends the process when the starter has gone, who would have to tidy up else.
[[noreturn]] void give_up(Birth& birth) {
  const bool undone = undo_changes(birth.claim, birth.adoptions);
  birth.merging.release();
  if (undone && birth.cgroups.empty()) static_cast<void>(birth.claim.remove());
  ::_exit(EXIT_FAILURE);
}

// While the network is being built nobody waits in the loop: this thread sees the starter go, and ends the
// process at once. The kernel undoes what was built. What was changed outside of the lab it does not undo:
// then the building is told to stop, and the other thread tidies up.
class StarterWatch {
 public:
  StarterWatch() = default;
  [[nodiscard]] Result<> start(Birth& birth, std::atomic<bool>& cancelled) {
    stop_ = sys::Fd(::eventfd(0, EFD_CLOEXEC));
    if (!stop_) return failure("watch who starts the lab", "", errno);
    try {
      thread_ = std::thread([this, &birth, &cancelled] { watch(birth, cancelled); });
    } catch (const std::system_error& error) {
      return failure("start a thread", "", error.code().value(), "", sys::fork_remedy(EAGAIN));
    }
    return {};
  }
  StarterWatch(const StarterWatch&) = delete;
  StarterWatch& operator=(const StarterWatch&) = delete;
  ~StarterWatch() {
    static_cast<void>(::eventfd_write(stop_.get(), 1));
    if (thread_.joinable()) thread_.join();
  }

 private:
  void watch(Birth& birth, std::atomic<bool>& cancelled) const {
    for (;;) {
      std::array<pollfd, 2> watched{{{birth.starter.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
      // Neither is there while the kernel has no memory to wait with.
      if (::poll(watched.data(), watched.size(), -1) < 0) continue;
      if (watched[1].revents != 0) return;
      cancelled = true;
      if (birth.adoptions.empty()) give_up(birth);
      return;
    }
  }

  sys::Fd stop_;
  std::thread thread_;
};

// A session, signals and standard files of its own, and no descriptor but those that it was born with.
Result<> settle(const Birth& birth) {
  ::setsid();
  sys::reset_signals();
  ::umask(022);
  ::prctl(PR_SET_NAME, "hopyard-keeper");
  sys::set_process_title("hopyard: lab " + birth.desired.lab);
  HOPYARD_TAKE(null, sys::open_at(sys::here(), "/dev/null", O_RDONLY));
  HOPYARD_TAKE(log,
               sys::open_at(birth.claim.folder(), "log", O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600));
  // Whoever reads what `up` says would wait for the lab's end.
  for (const auto& [file, standard] :
       {std::pair{null.get(), STDIN_FILENO}, {log.get(), STDOUT_FILENO}, {log.get(), STDERR_FILENO}})
    if (::dup2(file, standard) < 0) return failure("take standard files of its own", "", errno);
  std::vector<int> kept = birth.cgroups.descriptors();
  kept.insert(kept.end(),
              {birth.claim.folder(), birth.claim.runtime(), birth.control.get(), birth.starter.get()});
  for (const int one : birth.merging.descriptors()) kept.push_back(one);
  for (const int one : birth.adoptions.descriptors()) kept.push_back(one);
  static_cast<void>(null.release());  // closed with the others
  static_cast<void>(log.release());
  sys::close_all_but(std::move(kept));
  return {};
}

/// The network of the host is not an ordinary user's: one of the lab's own plays it, and there may be a way
/// out of that.
Result<> leave_host_network(Birth& birth) {
  HOPYARD_TAKE(way_out, WayOut::begin(birth.desired, birth.folder));
  HOPYARD_TRY(sys::unshare_netns());
  HOPYARD_TAKE(adoptions, Adoptions::find(birth.desired));
  birth.adoptions = std::move(adoptions);
  return way_out.join();
}

Result<Holdings> build(Birth& birth) {
  HOPYARD_TRY(settle(birth));
  if (birth.own_users) HOPYARD_TRY(leave_host_network(birth));
  rlimit open_files{};
  ::getrlimit(RLIMIT_NOFILE, &open_files);
  static_cast<void>(sys::raise_open_files_limit());
  HOPYARD_TAKE(host_proc, sys::open_at(sys::here(), "/proc", O_PATH | O_DIRECTORY));
  HOPYARD_TAKE(host, enter_own_root(birth.desired, std::move(birth.owners), birth.folder));
  host.open_files = open_files;
  auto journal = std::make_unique<kernel::Journal>(birth.claim.folder(), birth.claim.runtime());
  HOPYARD_TAKE(kernel, kernel::RealKernel::open(birth.adoptions.doors(), journal.get()));

  engine::Options options;
  options.progress = [&birth](const engine::Progress& progress) {
    static_cast<void>(tell(birth.starter, {{"nodes", progress.nodes_done}, {"links", progress.links_done}}));
  };
  std::atomic<bool> cancelled = false;
  options.cancelled = &cancelled;
  const auto namespaces_of = [&]() -> Result<engine::Namespaces> {
    StarterWatch watch;
    HOPYARD_TRY(watch.start(birth, cancelled));
    return engine::build(birth.plan, birth.desired, *kernel, options);
  };
  HOPYARD_TAKE(namespaces, namespaces_of());
  birth.plan = {};
  return Holdings{std::move(birth.adoptions),
                  std::move(journal),
                  std::move(birth.desired),
                  std::move(kernel),
                  std::move(namespaces),
                  std::move(host),
                  std::move(birth.cgroups),
                  std::move(birth.claim),
                  std::move(birth.merging),
                  std::move(birth.control),
                  std::move(birth.starter),
                  std::move(host_proc),
                  birth.file,
                  ::geteuid()};
}

}  // namespace

void live(Birth birth) {
  const auto fail = [&birth](const Error& error) {
    const bool heard = tell(birth.starter, {{"failed", to_json(error)}});
    if (!heard) give_up(birth);  // else the starter does it
    ::_exit(EXIT_FAILURE);
  };
  auto holdings = build(birth);
  if (!holdings) fail(holdings.error());
  auto loop = Loop::open();
  if (!loop) {
    birth.starter = std::move(holdings->starter);
    fail(loop.error());
  }
  Keeper(std::move(*holdings), std::move(*loop)).run();
}

}  // namespace hopyard::keeper
