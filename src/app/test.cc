#include "app/test.hh"

#include <fmt/format.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>

#include "app/attempt.hh"
#include "keeper/client.hh"
#include "sys/process.hh"
#include "sys/signals.hh"

namespace hopyard::app {
namespace {

using Clock = Attempts::Clock;

constexpr auto pause = std::chrono::milliseconds(50);  // between attempts

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

/// Again and again, until it holds or the time is over. Nothing when it was cut short.
Result<std::optional<Outcome>> outcome_of(const lab::Check& check, Attempts& attempts) {
  const auto began = Clock::now();
  const auto until = began + check.within;
  Outcome outcome{check.words, {}, false, {}, 0};
  while (true) {
    HOPYARD_TAKE(seen, attempts.make(check, until));
    if (attempts.cut_short()) return std::nullopt;
    outcome.held = seen.whole && seen.so != check.negated;
    if (seen.whole || outcome.why.empty())
      outcome.why = std::move(seen.words);  // the last one is often cut off
    if (outcome.held || Clock::now() >= until) break;
    static_cast<void>(attempts.wait(-1, std::min(until, Clock::now() + pause)));
    if (attempts.cut_short()) return std::nullopt;
  }
  if (outcome.held) outcome.why.clear();
  outcome.seconds = seconds_since(began);
  return outcome;
}

/// Why the check cannot be made on this machine; empty when it can.
std::string made_elsewhere(const Prepared& prepared, const lab::Check& check) {
  const lab::Lab& lab = prepared.reading.lab;
  if (!prepared.machine || check.node == lab::none) return {};
  const lab::Node& node = lab.nodes[check.node];
  if (node.on_machine == lab::none || node.on_machine == *prepared.machine) return {};
  return fmt::format("{} is on machine {}", node.name, lab.machines[node.on_machine].name);
}

Result<> make_checks(const Prepared& prepared, Attempts& attempts, TestReport& report,
                     const std::function<void(const Outcome& outcome)>& tell) {
  const language::Reading& reading = prepared.reading;
  for (const lab::Check& check : reading.checks) {
    if (const std::string elsewhere = made_elsewhere(prepared, check); !elsewhere.empty()) {
      report.outcomes.push_back({check.words, reading.sources.where(check.at), false, {}, 0, elsewhere});
      tell(report.outcomes.back());
      continue;
    }
    auto outcome = outcome_of(check, attempts);
    if (!outcome && attempts.cut_short()) return {};
    if (!outcome) return pass_on(std::move(outcome));
    if (!*outcome) return {};
    (*outcome)->where = reading.sources.where(check.at);
    tell(**outcome);
    report.outcomes.push_back(std::move(**outcome));
  }
  return {};
}

/// Makes the checks in the lab that is up.
Result<> check_lab(const keeper::Registry& registry, const Prepared& prepared, const UpReport& started,
                   TestReport& report, const std::function<void(const Outcome& outcome)>& tell) {
  HOPYARD_TAKE(signals, sys::signalfd(sys::signal_set({SIGINT, SIGTERM, SIGHUP})));
  HOPYARD_TAKE(client, keeper::Client::connect(registry, started.lab));
  Attempts attempts(prepared.reading.lab, client, signals.get(), started.ended.get());
  auto checked = make_checks(prepared, attempts, report, tell);
  signalfd_siginfo signal{};
  if (::read(signals.get(), &signal, sizeof signal) == sizeof signal)
    report.interrupted = static_cast<int>(signal.ssi_signo);
  report.ended = report.interrupted == 0 && report.outcomes.size() < prepared.reading.checks.size() &&
                 sys::await_exit(started.ended.get(), std::chrono::seconds(1)).value_or(false);
  return report.ended ? Result<>() : checked;
}

}  // namespace

Result<TestReport> test(const keeper::Registry& registry, Prepared& prepared, const UpOptions& options,
                        const std::function<void(const Outcome& outcome)>& tell, int& interrupted) {
  UpOptions staying = options;
  staying.foreground = true;  // the signals wait until they are asked for
  HOPYARD_TAKE(started, up(registry, prepared, staying, interrupted));
  TestReport report;
  report.lab = started.lab;
  auto checked = check_lab(registry, prepared, started, report, tell);
  // Whoever has ended it may have left that to the next who looks.
  auto down = report.ended ? registry.bury(started.lab) : take_down(registry, started);
  HOPYARD_TRY(std::move(checked));
  HOPYARD_TRY(std::move(down));
  report.seconds = seconds_since(options.began);
  return report;
}

}  // namespace hopyard::app
