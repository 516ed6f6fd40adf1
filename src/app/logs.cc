#include "app/logs.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "app/locate.hh"
#include "app/place.hh"
#include "base/suggest.hh"
#include "keeper/client.hh"
#include "keeper/service_process.hh"
#include "observe/processes.hh"
#include "sys/file.hh"

namespace hopyard::app {
namespace {

using Line = std::function<void(const std::string& service, std::string_view line)>;

constexpr const char* of_run = "run";

/// One log, read from where it was left, also when it becomes the old one of two and a new one begins.
class Tail {
 public:
  /// @param root of the node; outlives the tail.
  static std::optional<Tail> open(std::string service, int root) {
    Tail tail(std::move(service), root);
    tail.file_ = tail.open_file("");
    if (!tail.file_) return std::nullopt;  // it has not begun yet, or is that of no command
    // Opened after the new one: if that becomes the old one meanwhile, it is not read twice.
    if (const sys::Fd old = tail.open_file(".1"); old && !sys::is_same_file(old.get(), tail.file_.get()))
      tail.read_all(old);
    tail.place_ = 0;
    return tail;
  }
  [[nodiscard]] const std::string& service() const { return service_; }
  [[nodiscard]] int descriptor() const { return file_.get(); }

  /// Reads what is there now. @param last only so many lines of it.
  void read(const Line& line, std::optional<std::size_t> last) {
    // Somebody may have emptied it.
    if (place_ > ::lseek(file_.get(), 0, SEEK_END)) place_ = 0;
    read_all(file_);
    if (last) skip_to_last(*last);
    give(line);
  }
  /// Goes on with the new file if there is one. @return whether there is.
  bool turn_over(const Line& line) {
    sys::Fd now = open_file("");
    if (!now || sys::is_same_file(now.get(), file_.get())) return false;
    read(line, std::nullopt);
    const sys::Fd before = std::exchange(file_, std::move(now));
    place_ = 0;
    // Of what went by faster than it was read, the last is still there.
    if (const sys::Fd old = open_file(".1");
        old && !sys::is_same_file(old.get(), before.get()) && !sys::is_same_file(old.get(), file_.get())) {
      read_all(old);
      place_ = 0;
    }
    return true;
  }
  /// What is there of a line without an end.
  void finish(const Line& line) {
    if (!pending_.empty()) line(service_, pending_);
    pending_.clear();
  }

 private:
  Tail(std::string service, int root) : service_(std::move(service)), root_(root) {}
  [[nodiscard]] sys::Fd open_file(const char* ending) const {
    auto file = sys::open_in_root(root_, keeper::log_path(service_) + ending, O_RDONLY | O_NONBLOCK);
    return file ? std::move(*file) : sys::Fd();
  }
  void read_all(const sys::Fd& file) {
    std::array<char, 65536> piece;
    for (;;) {
      const ssize_t count = ::pread(file.get(), piece.data(), piece.size(), place_);
      if (count <= 0) return;
      place_ += count;
      pending_.append(piece.data(), static_cast<std::size_t>(count));
    }
  }
  void give(const Line& line) {
    std::size_t begin = 0;
    for (std::size_t end; (end = pending_.find('\n', begin)) != std::string::npos; begin = end + 1)
      line(service_, std::string_view(pending_).substr(begin, end - begin));
    pending_.erase(0, begin);
  }
  void skip_to_last(std::size_t lines) {
    std::size_t at = pending_.size();
    // The line break at the end of the text belongs to its last line.
    for (std::size_t seen = 0; at > 0; --at)
      if (pending_[at - 1] == '\n' && at != pending_.size() && ++seen == lines) break;
    pending_.erase(0, lines == 0 ? pending_.size() : at);
  }

  std::string service_;
  int root_;
  sys::Fd file_;
  off_t place_ = 0;
  std::string pending_;
};

/// The root folder of a node's file system, as this process can open it.
Result<sys::Fd> root_of(const keeper::Entry& entry) {
  HOPYARD_TAKE(proc, sys::open_folder(sys::here(), "/proc"));
  const pid_t init = observe::number_in(proc.get(), entry.init.get());
  if (init == 0) return failure("find the init of node " + entry.node, "", errno);
  return sys::open_at(proc.get(), fmt::format("{}/root", init), O_PATH | O_DIRECTORY);
}

Result<std::vector<std::string>> chosen(const WhichLogs& which, const std::string& node,
                                        const std::vector<keeper::ServiceDescription>& services) {
  std::vector<std::string> names;
  names.reserve(services.size() + 1);
  for (const auto& service : services) names.push_back(service.name);
  names.emplace_back(of_run);
  if (which.service.empty()) return names;
  if (std::ranges::find(names, which.service) != names.end()) return std::vector{which.service};
  const std::vector<std::string_view> known(names.begin(), names.end() - 1);
  std::string help = did_you_mean(which.service, known);
  if (help.empty() && !known.empty()) help = fmt::format("it has: {}", fmt::join(known, ", "));
  return std::unexpected(
      Error{fmt::format("node {} has no service '{}'", node, which.service), "", 0, "", std::move(help)});
}

/// Waits until one of the logs has grown or another has begun, for as long as the node lives.
class Growth {
 public:
  struct Woken {
    bool alive = true;   ///< the node
    bool begun = false;  ///< a file of a log may have come
  };

  /// @param root of the node.
  static Result<Growth> watch(int root, int init) {
    Growth growth(sys::Fd(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)), init);
    if (!growth.events_)
      return failure(
          "follow", "the logs", errno, "",
          errno == EMFILE ? "raise fs.inotify.max_user_instances, or the limit of open files" : "");
    HOPYARD_TAKE(folder, sys::open_in_root(root, std::string(keeper::log_folder), O_RDONLY | O_DIRECTORY));
    HOPYARD_TRY(growth.add(folder.get(), IN_CREATE | IN_MOVED_TO));
    return growth;
  }
  Result<> add(int descriptor, std::uint32_t events) const {
    const std::string path = fmt::format("/proc/self/fd/{}", descriptor);
    if (::inotify_add_watch(events_.get(), path.c_str(), events) < 0)
      return failure("follow", "the logs", errno, "",
                     errno == ENOSPC ? "raise fs.inotify.max_user_watches" : "");
    return {};
  }
  [[nodiscard]] Woken wait() const {
    std::array<pollfd, 2> watched{{{events_.get(), POLLIN, 0}, {init_, POLLIN, 0}}};
    while (::poll(watched.data(), watched.size(), -1) < 0 && errno == EINTR) {
    }
    Woken woken{watched[1].revents == 0, false};
    alignas(inotify_event) std::array<char, 4096> events;
    for (ssize_t count; (count = ::read(events_.get(), events.data(), events.size())) > 0;)
      woken.begun = begins({events.data(), static_cast<std::size_t>(count)}) || woken.begun;
    return woken;
  }

 private:
  Growth(sys::Fd events, int init) : events_(std::move(events)), init_(init) {}
  /// Also when there were more events than the kernel keeps (inotify(7)).
  static bool begins(std::string_view events) {
    inotify_event event{};
    for (; events.size() >= sizeof event; events.remove_prefix(sizeof event + event.len)) {
      std::memcpy(&event, events.data(), sizeof event);
      if ((event.mask & (IN_CREATE | IN_MOVED_TO | IN_Q_OVERFLOW)) != 0) return true;
    }
    return false;
  }

  sys::Fd events_;
  int init_;
};

/// The logs of a node that are read, in the order in which they are found.
class Tails {
 public:
  /// @param root of the node; outlives them.
  explicit Tails(int root) : root_(root) {}

  /// Opens the logs of these names that are there and are not open yet.
  void open(std::span<const std::string> names) {
    for (const std::string& name : names) {
      if (std::ranges::find(tails_, name, &Tail::service) != tails_.end()) continue;
      if (auto tail = Tail::open(name, root_)) tails_.push_back(std::move(*tail));
    }
  }
  /// The same for all that are in the folder of logs: a node gets services while it runs.
  void open_all() {
    constexpr std::string_view ending = ".log";
    const auto folder = sys::open_in_root(root_, std::string(keeper::log_folder), O_RDONLY | O_DIRECTORY);
    if (!folder) return;
    auto files = sys::list_folder(folder->get()).value_or(std::vector<std::string>());
    std::erase_if(files, [&](const std::string& file) { return !file.ends_with(ending); });
    for (std::string& file : files) file.resize(file.size() - ending.size());
    std::ranges::sort(files);
    open(files);
  }
  [[nodiscard]] std::vector<Tail>& all() { return tails_; }
  [[nodiscard]] std::vector<std::string> services() const {
    std::vector<std::string> names;
    names.reserve(tails_.size());
    for (const Tail& tail : tails_) names.push_back(tail.service());
    return names;
  }

 private:
  int root_;
  std::vector<Tail> tails_;
};

/// Goes on with what comes until the node ends.
class Following {
 public:
  using Begin = std::function<void(const Logs& logs)>;

  /// @param names of the logs. @param all whatever else has a log in the node, too.
  Following(std::vector<std::string> names, bool all, Logs found, Tails& tails, const Begin& begin,
            const Line& line)
      : names_(std::move(names)),
        all_(all),
        found_(std::move(found)),
        tails_(tails),
        begin_(begin),
        line_(line) {}

  Result<> run(const Growth& growth, std::optional<std::size_t> last) {
    HOPYARD_TRY(open(growth));
    for (Tail& tail : tails_.all()) tail.read(line_, last);
    for (;;) {
      const Growth::Woken woken = growth.wait();
      if (woken.begun) HOPYARD_TRY(open(growth));
      for (Tail& tail : tails_.all()) {
        while (tail.turn_over(line_)) HOPYARD_TRY(growth.add(tail.descriptor(), IN_MODIFY));
        tail.read(line_, std::nullopt);  // and what was said last before the node ended
      }
      if (!woken.alive) break;
    }
    for (Tail& tail : tails_.all()) tail.finish(line_);
    return {};
  }

 private:
  /// Watches those that were not watched yet. Before they are read, so that nothing is written unseen between
  /// the two.
  Result<> open(const Growth& growth) {
    tails_.open(names_);
    if (all_) tails_.open_all();
    for (; watched_ < tails_.all().size(); ++watched_)
      HOPYARD_TRY(growth.add(tails_.all()[watched_].descriptor(), IN_MODIFY));
    if (found_.services.size() == watched_) return {};
    found_.services = tails_.services();
    begin_(found_);
    return {};
  }

  std::vector<std::string> names_;
  bool all_;
  Logs found_;
  Tails& tails_;
  const Begin& begin_;
  const Line& line_;
  std::size_t watched_ = 0;
};

}  // namespace

Result<> logs(const keeper::Registry& registry, const WhichLogs& which,
              const std::function<void(const Logs& logs)>& begin, const Line& line) {
  const auto [prefix, node] = parse_node(which.node);
  HOPYARD_TAKE(meant, agreed_lab(which.lab, prefix));
  HOPYARD_TAKE(client, connect(registry, meant));
  HOPYARD_TAKE(services, client.services(node));
  HOPYARD_TAKE(names, chosen(which, node, services));
  HOPYARD_TAKE(entry, client.enter(node));
  HOPYARD_TAKE(root, root_of(entry));
  Tails tails(root.get());
  tails.open(names);
  Logs found{client.lab(), node, tails.services()};
  begin(found);
  if (which.follow) {
    HOPYARD_TAKE(growth, Growth::watch(root.get(), entry.init.get()));
    return Following(std::move(names), which.service.empty(), std::move(found), tails, begin, line)
        .run(growth, which.lines);
  }
  for (Tail& tail : tails.all()) {
    tail.read(line, which.lines);
    tail.finish(line);
  }
  return {};
}

}  // namespace hopyard::app
