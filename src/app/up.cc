#include "app/up.hh"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>

#include <cerrno>
#include <cstdlib>
#include <memory>

#include "app/doctor.hh"
#include "app/hurry.hh"
#include "keeper/client.hh"
#include "lab/segments.hh"
#include "sys/process.hh"
#include "sys/signals.hh"

namespace hopyard::app {
namespace {

std::string absolute(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> resolved(::realpath(path.c_str(), nullptr), std::free);
  return resolved ? resolved.get() : path;
}

double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

const sigset_t& ending_signals() {
  static const sigset_t signals = sys::signal_set({SIGINT, SIGTERM, SIGHUP});
  return signals;
}

bool has_address(const lab::Interface& interface, Family family) {
  for (const InterfaceAddress& one : interface.addresses)
    if (one.address.family() == family) return true;
  return false;
}

/// At most so many neighbours: in each broadcast domain, everyone talking with everyone.
std::uint64_t most_neighbours(const lab::Lab& lab, Family family) {
  std::uint64_t total = 0;
  for (const lab::Segment& segment : lab::segments(lab)) {
    std::uint64_t members = 0;
    for (const auto& member : segment.members)
      members += has_address(lab.nodes[member.node].interfaces[member.interface], family) ? 1U : 0U;
    total += members == 0 ? 0 : members * (members - 1);
  }
  return total;
}

/// Waits until the lab ends or a signal asks for its end. @return the signal, 0 if the lab has ended.
Result<int> signal_or_end(const UpReport& report) {
  HOPYARD_TAKE(signals, sys::signalfd(ending_signals()));
  pollfd waits[] = {{signals.get(), POLLIN, 0}, {report.ended.get(), POLLIN, 0}};
  while (::poll(waits, 2, -1) < 0)
    if (errno != EINTR) return failure("wait for the end of lab", report.lab, errno);
  if (waits[0].revents == 0) return 0;
  signalfd_siginfo signal{};
  if (::read(signals.get(), &signal, sizeof signal) != sizeof signal)
    return failure("read which signal ends lab", report.lab, errno);
  return static_cast<int>(signal.ssi_signo);
}

}  // namespace

Result<UpReport> up(const keeper::Registry& registry, Prepared& prepared, const UpOptions& options,
                    int& interrupted) {
  // Blocked before the start, so that no signal falls between it and await_end().
  if (options.foreground) ::pthread_sigmask(SIG_BLOCK, &ending_signals(), nullptr);
  UpReport report{prepared.reading.lab.name, absolute(prepared.path), prepared.counts, 0, 0, {}, {}};
  const keeper::StartOptions start{report.file, options.timeout, options.progress, &interrupted};
  HOPYARD_TAKE(started,
               keeper::start(registry, std::move(prepared.desired), std::move(prepared.plan), start));
  report.keeper = started.keeper;
  report.warnings = std::move(started.warnings);
  report.ended = std::move(started.pidfd);
  report.seconds = seconds_since(options.began);
  return report;
}

Result<> take_down(const keeper::Registry& registry, const UpReport& report) {
  constexpr std::chrono::seconds last_wait{10};
  const Hurry hurry(report.ended.get());
  auto client = keeper::Client::connect(registry, report.lab);
  Result<> down = client ? client->down() : Result<>(pass_on(std::move(client)));
  if (down) return down;
  // A keeper ends by this as well, and needs no socket for it.
  static_cast<void>(sys::pidfd_send_signal(report.ended.get(), SIGTERM));
  if (sys::await_exit(report.ended.get(), last_wait).value_or(false))
    static_cast<void>(registry.bury(report.lab));
  return down;
}

Result<int> await_end(const keeper::Registry& registry, const UpReport& report) {
  auto signal = signal_or_end(report);
  if (signal && *signal == 0) return 0;
  HOPYARD_TRY(take_down(registry, report));
  return signal;
}

std::string warn_of_neighbours(const lab::Lab& lab, Family family, std::uint64_t threshold) {
  const std::uint64_t most = most_neighbours(lab, family);
  if (most <= threshold) return {};
  std::uint64_t enough = threshold;
  while (enough < most) enough *= 2;
  const int version = family == Family::V4 ? 4 : 6;
  return fmt::format(
      "up to {} IPv{} neighbours may be talking in this lab, and this machine keeps {} for all its "
      "namespaces together: beyond "
      "that packets are lost\n  sysctl -w net.ipv{}.neigh.default.gc_thresh3={}",
      most, version, threshold, version, enough);
}

std::string warn_of_limits(const lab::Lab& lab) {
  std::string words;
  // Entries that Hopyard makes do not count.
  if (lab.neighbours == lab::Neighbours::Static) return words;
  for (const Family family : {Family::V4, Family::V6}) {
    const int version = family == Family::V4 ? 4 : 6;
    const auto threshold = number_in(fmt::format("/proc/sys/net/ipv{}/neigh/default/gc_thresh3", version));
    if (!threshold || *threshold == 0) continue;
    const std::string one = warn_of_neighbours(lab, family, *threshold);
    if (!one.empty()) words += (words.empty() ? "" : "\n") + one;
  }
  return words;
}

}  // namespace hopyard::app
