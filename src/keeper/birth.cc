#include "keeper/birth.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <thread>

#include "engine/engine.hh"
#include "keeper/json.hh"
#include "keeper/keeper.hh"
#include "keeper/protocol.hh"
#include "keeper/root.hh"
#include "kernel/real.hh"
#include "sys/file.hh"
#include "sys/limits.hh"
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
  birth.merging.release();
  if (birth.cgroups.empty()) static_cast<void>(birth.claim.remove());
  ::_exit(EXIT_FAILURE);
}

// While the network is being built nobody waits in the loop: this thread sees the starter go, and ends the
// process at once. The kernel undoes what was built.
class StarterWatch {
 public:
  explicit StarterWatch(Birth& birth)
      : stop_(::eventfd(0, EFD_CLOEXEC)), thread_([this, &birth] {
          std::array<pollfd, 2> watched{{{birth.starter.get(), POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
          while (::poll(watched.data(), watched.size(), -1) < 0 && errno == EINTR) {
          }
          if (watched[1].revents != 0) return;
          give_up(birth);
        }) {}
  StarterWatch(const StarterWatch&) = delete;
  StarterWatch& operator=(const StarterWatch&) = delete;
  ~StarterWatch() {
    static_cast<void>(::eventfd_write(stop_.get(), 1));
    thread_.join();
  }

 private:
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
  ::dup2(null.get(), STDIN_FILENO);
  ::dup2(log.get(), STDOUT_FILENO);
  ::dup2(log.get(), STDERR_FILENO);
  std::vector<int> kept = birth.cgroups.descriptors();
  kept.insert(kept.end(),
              {birth.claim.folder(), birth.claim.runtime(), birth.control.get(), birth.starter.get()});
  for (const int one : birth.merging.descriptors()) kept.push_back(one);
  static_cast<void>(null.release());  // closed with the others
  static_cast<void>(log.release());
  sys::close_all_but(std::move(kept));
  return {};
}

Result<Holdings> build(Birth& birth) {
  HOPYARD_TRY(settle(birth));
  rlimit open_files{};
  ::getrlimit(RLIMIT_NOFILE, &open_files);
  static_cast<void>(sys::raise_open_files_limit());
  HOPYARD_TAKE(host_proc, sys::open_at(sys::here(), "/proc", O_PATH | O_DIRECTORY));
  HOPYARD_TAKE(host, enter_own_root(birth.desired, birth.folder));
  host.open_files = open_files;
  HOPYARD_TAKE(kernel, kernel::RealKernel::open());

  engine::Options options;
  options.progress = [&birth](const engine::Progress& progress) {
    static_cast<void>(tell(birth.starter, {{"nodes", progress.nodes_done}, {"links", progress.links_done}}));
  };
  const auto namespaces_of = [&]() -> Result<engine::Namespaces> {
    const StarterWatch watch(birth);
    return engine::build(birth.plan, birth.desired, *kernel, options);
  };
  HOPYARD_TAKE(namespaces, namespaces_of());
  birth.plan = {};
  return Holdings{std::move(birth.desired),
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
  auto holdings = build(birth);
  if (!holdings) {
    const bool heard = tell(birth.starter, {{"failed", to_json(holdings.error())}});
    if (!heard) give_up(birth);  // else the starter does it
    ::_exit(EXIT_FAILURE);
  }
  Keeper(std::move(*holdings)).run();
}

}  // namespace hopyard::keeper
