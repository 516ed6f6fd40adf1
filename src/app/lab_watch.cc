#include "app/lab_watch.hh"

#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "app/locate.hh"
#include "app/place.hh"

namespace hopyard::app {
namespace {

// Standard streams, the keeper, signals, epoll, and what is open while one node is read.
constexpr std::uint64_t files_beside = 16;

sigset_t ending_signals() {
  return sys::signal_set({SIGINT, SIGTERM, SIGHUP});
}

Result<> check_open_files(std::size_t nodes) {
  HOPYARD_TAKE(allowed, sys::raise_open_files_limit());
  if (nodes + files_beside <= allowed) return {};
  return refusal(fmt::format("watch the routes of {} nodes", nodes),
                 fmt::format("that takes an open file for each, and this process may have {}", allowed),
                 fmt::format("allow more: ulimit -Hn {}, or name fewer nodes", nodes + files_beside));
}

int milliseconds_until(std::optional<Clock::time_point> until, int patience) {
  if (!until) return patience;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(*until - Clock::now()).count();
  const int time = static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
  return patience < 0 ? time : std::min(time, patience);
}

}  // namespace

double seconds_between(Clock::time_point since, Clock::time_point when) {
  return std::chrono::duration<double>(when - since).count();
}

LabWatch::LabWatch(keeper::Client client, observe::RouteWatch routes)
    : blocked_(ending_signals()), client_(std::move(client)), routes_(std::move(routes)) {}

Result<FoundNodes> find_nodes(const keeper::Registry& registry, const Watching& wanted) {
  std::string lab = wanted.lab;
  std::vector<std::string> nodes;
  for (const std::string& word : wanted.nodes) {
    auto [prefix, node] = parse_node(word);
    HOPYARD_TAKE(agreed, agreed_lab(lab, prefix));
    lab = std::move(agreed);
    if (std::ranges::find(nodes, node) == nodes.end()) nodes.push_back(std::move(node));
  }
  HOPYARD_TAKE(client, connect(registry, lab));
  if (nodes.empty()) {
    HOPYARD_TAKE(all, client.nodes());
    nodes = std::move(all);
  }
  return FoundNodes{std::move(client), std::move(nodes)};
}

Result<std::unique_ptr<LabWatch>> LabWatch::open(const keeper::Registry& registry, const Watching& wanted) {
  HOPYARD_TAKE(found, find_nodes(registry, wanted));
  HOPYARD_TAKE(routes, observe::RouteWatch::open());
  std::unique_ptr<LabWatch> watch(new LabWatch(std::move(found.client), std::move(routes)));
  HOPYARD_TAKE(signals, sys::signalfd(ending_signals()));
  watch->signals_ = std::move(signals);
  HOPYARD_TRY(check_open_files(found.nodes.size()));
  HOPYARD_TRY(watch->add(found.nodes));
  return watch;
}

Result<> LabWatch::add(const std::vector<std::string>& nodes) {
  for (const std::string& node : nodes) {
    HOPYARD_TAKE(netns, client_.network_namespace(node));
    HOPYARD_TRY(routes_.add(netns.get()));
  }
  nodes_ = nodes;
  began_ = Clock::now();
  return {};
}

Result<LabWatch::Wake> LabWatch::next(std::optional<Clock::time_point> until, std::span<const int> others) {
  std::vector<pollfd> waits{
      {signals_.get(), POLLIN, 0}, {client_.descriptor(), POLLIN, 0}, {routes_.descriptor(), POLLIN, 0}};
  for (const int other : others) waits.push_back({other, POLLIN, 0});
  while (::poll(waits.data(), waits.size(), milliseconds_until(until, routes_.patience())) < 0)
    if (errno != EINTR) return failure("wait for routes", "", errno);
  Wake wake;
  signalfd_siginfo signal{};
  if (waits[0].revents != 0 && ::read(signals_.get(), &signal, sizeof signal) == sizeof signal)
    wake.signal = static_cast<int>(signal.ssi_signo);
  wake.ended = waits[1].revents != 0;
  HOPYARD_TAKE(taken, routes_.take());
  wake.events = std::move(taken.events);
  wake.lost = std::move(taken.lost);
  return wake;
}

}  // namespace hopyard::app
