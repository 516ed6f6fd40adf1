#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>

#include "keeper/enter.hh"
#include "keeper/relay.hh"
#include "sys/file.hh"
#include "sys/limits.hh"
#include "sys/process.hh"
#include "sys/signals.hh"

namespace hopyard::keeper {
namespace {

constexpr std::size_t longest_line = 65536;

struct Pipe {
  sys::Fd reading;
  sys::Fd writing;
};

Result<Pipe> open_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return failure("open a pipe", "", errno);
  Pipe pipe{sys::Fd(ends[0]), sys::Fd(ends[1])};
  ::fcntl(ends[1], F_SETFL, 0);  // who writes may wait, who reads never does
  return pipe;
}

/// One of a command's two outputs, cut into lines.
class Lines {
 public:
  Lines(sys::Fd reading, Stream stream) : reading_(std::move(reading)), stream_(stream) {}
  [[nodiscard]] int descriptor() const { return reading_.get(); }  ///< -1 at the end
  template <class Use>
  void read(Use&& use) {
    std::array<char, 16384> room;
    for (;;) {
      const ssize_t count = ::read(reading_.get(), room.data(), room.size());
      if (count < 0) return;  // nothing more for now
      if (count == 0) return finish(use);
      pending_.append(room.data(), static_cast<std::size_t>(count));
      std::size_t begin = 0;
      for (std::size_t end = 0; (end = pending_.find('\n', begin)) != std::string::npos; begin = end + 1) {
        use(stream_, std::string_view(pending_).substr(begin, end - begin));
      }
      pending_.erase(0, begin);
      if (pending_.size() > longest_line) use_rest(use);
    }
  }
  template <class Use>
  void finish(Use&& use) {
    if (!pending_.empty()) use_rest(use);
    reading_.reset();
  }

 private:
  template <class Use>
  void use_rest(Use&& use) {
    use(stream_, std::string_view(pending_));
    pending_.clear();
  }

  sys::Fd reading_;
  Stream stream_;
  std::string pending_;
};

/// A command in one of the nodes.
struct Job {
  const Entry* entry;
  Relay relay;
  std::array<Lines, 2> outputs;
  std::optional<int> status;
};

/// What all of them are started with.
struct Common {
  std::span<const std::string> arguments;
  int input;
  const sigset_t& mask;
  const rlimit& open_files;
};

using LineUse = std::function<void(const Entry&, Stream, std::string_view)>;

/// All of them, in one loop.
class Jobs {
 public:
  explicit Jobs(const LineUse& line) : line_(line) {}
  Result<> start(const Entry& entry, const Common& common);
  /// Until all have ended. The error is the first of those by which an end could not be told.
  Result<> wait(int signals);
  [[nodiscard]] std::vector<int> statuses() const {
    std::vector<int> all;
    all.reserve(jobs_.size());
    for (const Job& job : jobs_) all.push_back(*job.status);
    return all;
  }

 private:
  void pass(int number) const {
    for (const Job& job : jobs_) {
      if (!job.status) job.relay.pass(number);
    }
  }
  /// Sets the status of a job whose report has come. An error when it could not be told.
  [[nodiscard]] static Result<> take_end(Job& job);
  void read(Job& job) {
    const auto use = [&](Stream stream, std::string_view text) { line_(*job.entry, stream, text); };
    for (Lines& output : job.outputs) {
      if (output.descriptor() >= 0) output.read(use);
    }
    if (!job.status) return;
    // What a service that the command has left behind still says is not waited for.
    for (Lines& output : job.outputs) {
      if (output.descriptor() >= 0) output.finish(use);
    }
  }

  const LineUse& line_;
  std::vector<Job> jobs_;
};

Result<> Jobs::start(const Entry& entry, const Common& common) {
  HOPYARD_TAKE(out, open_pipe());
  HOPYARD_TAKE(err, open_pipe());
  const StandardFiles files{common.input, out.writing.get(), err.writing.get()};
  HOPYARD_TAKE(relay,
               Relay::start({entry, common.arguments, files, false, false, common.mask, common.open_files}));
  jobs_.push_back(
      {&entry,
       std::move(relay),
       {Lines(std::move(out.reading), Stream::Output), Lines(std::move(err.reading), Stream::Error)},
       std::nullopt});
  return {};
}

Result<> Jobs::take_end(Job& job) {
  const auto said = job.relay.read_report();
  job.status = sys::exit_status(said ? said->status : SIGKILL);
  return said ? Result<>() : std::unexpected(said.error());
}

Result<> Jobs::wait(int signals) {
  Result<> done;
  for (std::size_t left = jobs_.size(); left > 0;) {
    std::vector<pollfd> watched{{signals, POLLIN, 0}};
    for (const Job& job : jobs_) {
      watched.push_back({job.status ? -1 : job.relay.descriptor(), POLLIN, 0});
      for (const Lines& output : job.outputs) watched.push_back({output.descriptor(), POLLIN, 0});
    }
    if (::poll(watched.data(), watched.size(), -1) < 0) continue;
    if (watched[0].revents != 0) {
      take_signals(signals, [this](int number, bool sent) {
        if (sent) pass(number);  // a key's the commands have got by themselves
      });
    }
    for (std::size_t i = 0; i < jobs_.size(); ++i) {
      Job& job = jobs_[i];
      const auto* events = &watched[1 + 3 * i];
      if (events[0].revents != 0) {
        if (Result<> told = take_end(job); done) done = std::move(told);
        --left;
      }
      if (events[0].revents != 0 || events[1].revents != 0 || events[2].revents != 0) read(job);
    }
  }
  return done;
}

}  // namespace

Result<std::vector<int>> run_in_many(std::span<const Entry> entries, std::span<const std::string> arguments,
                                     const LineUse& line) {
  const sys::RaisedOpenFiles raised;
  const sigset_t passed = passed_signals();
  const sys::BlockedSignals blocked(passed);
  HOPYARD_TAKE(signals, sys::signalfd(passed));
  HOPYARD_TAKE(input, sys::open_at(sys::here(), "/dev/null", O_RDONLY));
  Jobs jobs(line);
  const Common common{arguments, input.get(), blocked.before(), raised.before()};
  for (const Entry& entry : entries) HOPYARD_TRY(jobs.start(entry, common));
  HOPYARD_TRY(jobs.wait(signals.get()));
  return jobs.statuses();
}

}  // namespace hopyard::keeper
