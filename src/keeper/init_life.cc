#include "keeper/init_life.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "keeper/at_work.hh"
#include "keeper/environment.hh"
#include "keeper/json.hh"
#include "keeper/service_process.hh"
#include "sys/file.hh"
#include "sys/process.hh"
#include "sys/signals.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

using std::chrono::milliseconds;

// A command that has not ended after so long is a service, and the next one need not wait for it. On a slow
// or busy machine it may have had no time to end: as long as it works it is waited for, but not for ever.
constexpr milliseconds service_after{250};
constexpr milliseconds first_look{10};
constexpr milliseconds longest_look{100};  // between two looks at one that works long
constexpr milliseconds longest_work{10000};
constexpr milliseconds first_retry{10};
constexpr milliseconds longest_retry{1000};
constexpr milliseconds answer_again{50};
constexpr std::string_view run_log = "run";

std::optional<Supervisor::Order> order_named(const std::string& name) {
  if (name == "start") return Supervisor::Order::Start;
  if (name == "stop") return Supervisor::Order::Stop;
  if (name == "restart") return Supervisor::Order::Restart;
  return std::nullopt;
}

}  // namespace

InitLife::InitLife(const MachinePlan& plan, sys::Fd report, sys::Fd ended)
    : machine_(plan.node.machine),
      environment_(process_environment(nullptr, node_environment(plan.lab, plan.node))),
      report_(std::move(report)),
      ended_(std::move(ended)),
      supervisor_(machine_.services, environment_,
                  [this](const ServiceDescription& service) {
                    tell({{"service", to_json(service)}});
                  }),
      units_(machine_, environment_, supervisor_),
      commands_(units_, supervisor_) {}

void InitLife::run(bool run_them) {
  control_ = ControlPipe::make();
  if (const auto root = sys::open_at(sys::here(), "/", O_PATH | O_DIRECTORY))
    static_cast<void>(sys::make_folders_in_root(root->get(), log_folder, 0755));
  tell({{"ok", true}});  // all that a program of the node asks for is there
  if (run_them) {
    const bool more_to_come = !machine_.ready.empty() || !machine_.services.empty();
    // There from the beginning, so that whoever follows a log need not wait for it.
    for (const net::Service& service : machine_.services)
      static_cast<void>(supervisor_.logs().of(service.name));
    std::vector<std::string> failed = run_commands(more_to_come);
    if (more_to_come) tell({{"worked", true}});
    // A daemon that a command of the node has started and stopped stays so.
    std::vector<std::string> own;
    own.reserve(machine_.services.size());
    for (const net::Service& service : machine_.services) own.push_back(service.name);
    if (!own.empty()) static_cast<void>(supervisor_.give(Supervisor::Order::Start, own));
    while (!supervisor_.settled()) turn(Clock::time_point::max());
    for (std::string& words : supervisor_.failures()) failed.push_back(std::move(words));
    if (!machine_.ready.empty()) wait_until_succeeds(machine_.ready);
    tell({{"ready", true}});
    if (last_ != 0) await_command(machine_.run.back(), last_, failed);
    tell({{"ran", true}, {"failed", failed}});
  }
  for (;;) turn(Clock::time_point::max());
}

void InitLife::tell(const Json& message) const {
  if (report_) static_cast<void>(sys::send_all(report_.get(), frame(text_of(message))));
}

void InitLife::turn(Clock::time_point until) {
  until = std::min(until, supervisor_.next());
  const auto is_answer = [](const Asked& asked) { return asked.answer.jobs.empty(); };
  if (std::ranges::any_of(asked_, is_answer)) until = std::min(until, Clock::now() + answer_again);
  int timeout = -1;
  if (until != Clock::time_point::max()) {
    const auto left = std::chrono::ceil<milliseconds>(until - Clock::now()).count();
    timeout = static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000));
  }
  std::vector<pollfd> watched{
      {ended_.get(), POLLIN, 0}, {report_.get(), POLLIN, 0}, {control_.descriptor(), POLLIN, 0}};
  for (const ServiceLog& log : supervisor_.logs().all()) watched.push_back({log.descriptor(), POLLIN, 0});
  ::poll(watched.data(), watched.size(), timeout);
  supervisor_.logs().take_all();  // what a process has said before it ended comes before that it has
  if (watched[0].revents != 0) reap();
  if (watched[1].revents != 0) hear();
  if (watched[2].revents != 0) hear_programs();
  if (supervisor_.next() <= Clock::now()) supervisor_.tick();
  answer_fulfilled();
  answer_programs();
}

void InitLife::reap() {
  std::array<signalfd_siginfo, 16> signals{};
  while (::read(ended_.get(), signals.data(), sizeof signals) > 0) {
  }
  for (;;) {
    siginfo_t info{};
    if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == 0) return;
    // What is left of a service's group would hold its port and its files. As long as the dead process is not
    // reaped, its number, and with it the group's, cannot come to mean another.
    if (supervisor_.owns(info.si_pid)) ::kill(-info.si_pid, SIGKILL);
    int status = 0;
    ::waitpid(info.si_pid, &status, 0);
    // One that ends while others are seen to has said its last words since the turn began.
    supervisor_.logs().take_all();
    if (info.si_pid == awaited_) awaited_status_ = sys::exit_status(status);
    if (info.si_pid == last_) last_status_ = sys::exit_status(status);
    supervisor_.ended(info.si_pid, status);
  }
}

void InitLife::hear() {
  std::array<char, 4096> room;
  std::vector<sys::Fd> unwanted;
  const auto count = sys::receive(report_.get(), room, unwanted);
  if (!count && count.error().code == ENOMEM) return;  // it can still be read
  if (!count || *count == 0) return report_.reset();
  orders_.add(std::span(room).first(*count));
  for (;;) {
    const auto body = orders_.next();
    if (!body || !*body) return;
    if (const auto order = parse_object(**body)) take(*order);
  }
}

void InitLife::take(const Json& order) {
  const std::uint64_t number = keeper::number(order, "order");
  const std::string verb = text(order, "do");
  if (verb == "freeze" || verb == "thaw") {
    supervisor_.freeze(verb == "freeze");
    stood_still_ = true;
    return tell({{"done", number}});
  }
  const auto what = order_named(verb);
  if (!what) return;
  const auto names = services_for(*what, texts(order, "services"));
  if (!names) return tell({{"done", number}, {"error", to_json(names.error())}});
  if (names->empty()) return tell({{"done", number}, {"services", *names}});
  if (const auto given = supervisor_.give(*what, *names); !given)
    return tell({{"done", number}, {"error", to_json(given.error())}});
  pending_.push_back({number, *what, *names});
}

Result<std::vector<std::string>> InitLife::services_for(Supervisor::Order what,
                                                        const std::vector<std::string>& names) {
  if (names.empty()) return supervisor_.names();
  std::vector<std::string> all;
  for (const std::string& name : names) {
    const Unit unit = units_.find(name);
    if (what == Supervisor::Order::Stop) {
      all.insert(all.end(), unit.services.begin(), unit.services.end());
      continue;
    }
    HOPYARD_TAKE(some, units_.prepare(unit));
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

void InitLife::hear_programs() {
  for (ControlPipe::Request& request : control_.read()) {
    UnitAnswer answer = commands_.answer(std::move(request.words));
    // The jobs go on without anybody who waits for them; a failed one is given up all the same.
    if (!answer.wait) {
      UnitAnswer now = answer;
      now.jobs.clear();
      asked_.push_back({std::exchange(request.answer, {}), std::move(now)});
    }
    asked_.push_back({std::move(request.answer), std::move(answer)});
  }
}

void InitLife::answer_programs() {
  std::erase_if(asked_, [this](Asked& asked) {
    std::erase_if(asked.answer.jobs, [&](const UnitJob& job) {
      const auto done = supervisor_.fulfilled(job.order, job.services);
      if (!done) commands_.failed(job, done.error(), asked.answer);
      return !done || *done;
    });
    if (!asked.answer.jobs.empty()) return false;
    return asked.pipe.empty() || ControlPipe::answer(asked.pipe, asked.answer);
  });
}

void InitLife::answer_fulfilled() {
  std::erase_if(pending_, [this](const Order& order) {
    const auto done = supervisor_.fulfilled(order.what, order.names);
    if (done && !*done) return false;
    if (done)
      tell({{"done", order.number}, {"services", order.names}});
    else
      tell({{"done", order.number}, {"error", to_json(done.error())}});
    if (!done) commands_.give_up(order.names);
    return true;
  });
}

Result<pid_t> InitLife::start(const std::string& command, bool logged) {
  while (supervisor_.frozen()) turn(Clock::time_point::max());
  const std::vector<std::string> words{"/bin/sh", "-c", command};
  if (!logged) {
    const sys::Fd nowhere = sys::open_at(sys::here(), "/dev/null", O_WRONLY).value_or(sys::Fd());
    return spawn(words, environment_, nowhere.get());
  }
  ServiceLog& log = supervisor_.logs().of(run_log);
  log.line(fmt::format("+ {}", command));
  return spawn(words, environment_, log.entrance());
}

std::optional<int> InitLife::wait(pid_t child, Clock::time_point until) {
  awaited_ = child;
  awaited_status_ = child == last_ ? last_status_ : std::nullopt;
  do {
    if (!awaited_status_) turn(supervisor_.frozen() ? Clock::time_point::max() : until);
  } while (!awaited_status_ && (supervisor_.frozen() || Clock::now() < until));
  awaited_ = 0;
  return awaited_status_;
}

std::vector<std::string> InitLife::run_commands(bool wait_for_last) {
  std::vector<std::string> failed;
  for (const std::string& command : machine_.run) {
    const auto child = start(command, true);
    if (!child) {
      failed.push_back(fmt::format("'{}' has not run: cannot {}", command, child.error().text()));
      continue;
    }
    if (!wait_for_last && &command == &machine_.run.back()) {
      last_ = *child;
      break;
    }
    await_command(command, *child, failed);
  }
  return failed;
}

std::optional<int> InitLife::work_through(pid_t child) {
  const auto end = Clock::now() + longest_work;
  auto status = wait(child, Clock::now() + service_after);
  AtWork work(child);
  milliseconds pause = first_look;
  while (!status && !stood_still_ && Clock::now() < end && work.look()) {
    status = wait(child, Clock::now() + pause);
    pause = std::min(pause * 3 / 2, longest_look);
  }
  return status;
}

void InitLife::await_command(const std::string& command, pid_t child, std::vector<std::string>& failed) {
  std::optional<int> status;
  do {  // what was seen of it says nothing if the node has stood still
    stood_still_ = false;
    status = work_through(child);
  } while (!status && stood_still_);
  if (!status) status = wait(child, Clock::now());  // it may have ended during the last look
  if (status && *status != 0)
    failed.push_back(
        fmt::format("'{}' ended with status {}; see {} there", command, *status, log_path(run_log)));
}

void InitLife::wait_until_succeeds(const std::string& command) {
  for (milliseconds pause = first_retry;; pause = std::min(pause * 3 / 2, longest_retry)) {
    const auto child = start(command, false);
    if (child && wait(*child, Clock::time_point::max()) == 0) return;
    const auto until = Clock::now() + pause;
    while (Clock::now() < until) turn(until);
  }
}

}  // namespace hopyard::keeper
