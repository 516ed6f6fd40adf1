#include "keeper/keeper.hh"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <malloc.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "sys/process.hh"
#include "sys/signals.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {

Keeper::Keeper(Holdings holdings)
    : held_(std::move(holdings)), directory_(held_.desired), outages_(held_.desired, directory_) {}

void Keeper::run() {
  watch_signals();
  watch_starter();
  start_warm();
  ::malloc_trim(0);
  loop_.run();
  end(EXIT_SUCCESS);
}

void Keeper::watch_signals() {
  const sigset_t watched = sys::signal_set({SIGCHLD, SIGTERM, SIGINT, SIGHUP});
  ::sigprocmask(SIG_SETMASK, &watched, nullptr);
  auto signals = sys::signalfd(watched);
  if (!signals) end(EXIT_FAILURE);
  signals_ = std::move(*signals);
  signal_watch_ = loop_.watch(signals_.get(), Loop::For::Reading, [this] {
    signalfd_siginfo info{};
    while (::read(signals_.get(), &info, sizeof info) == sizeof info) {
      if (info.ssi_signo != SIGCHLD) end(EXIT_SUCCESS);
    }
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
  });
}

// Nothing more is said on it: it becomes readable when its other end has gone.
void Keeper::watch_starter() {
  starter_watch_ = loop_.watch(held_.starter.get(), Loop::For::Reading, [this] { end(EXIT_FAILURE); });
}

void Keeper::tell_starter(const Json& message) {
  if (held_.starter) static_cast<void>(sys::send_all(held_.starter.get(), frame(text_of(message))));
}

void Keeper::start_warm() {
  for (std::uint32_t ns = 0; ns < held_.desired.namespaces.size(); ++ns) {
    if (!held_.desired.namespaces[ns].warm) continue;
    const Result<> begun = begin(ns, true);
    if (!begun) {
      tell_starter({{"failed", to_json(begun.error())}});
      end(EXIT_FAILURE);
    }
    machines_.at(ns).awaited = true;
    machines_.at(ns).when_made.push_back([this](const Result<>& outcome) {
      if (outcome) return;
      tell_starter({{"failed", to_json(outcome.error())}});
      end(EXIT_FAILURE);
    });
  }
  tell_waiting();
}

void Keeper::tell_waiting() {
  Json waiting = Json::array();
  for (const auto& [ns, running] : machines_) {
    if (!running.awaited) continue;
    std::string name = held_.desired.namespaces[ns].name;
    std::vector<std::string> services;
    for (const ServiceDescription& service : running.services) {
      const bool ready = service.state == ServiceState::Running || service.state == ServiceState::Ended;
      if (ready) continue;
      services.push_back(service.note.empty() ? service.name : service.name + ": " + service.note);
    }
    if (!services.empty()) name += fmt::format(" ({})", fmt::join(services, ", "));
    waiting.push_back(std::move(name));
  }
  if (waiting.empty()) return become_ready();
  tell_starter({{"waiting", std::move(waiting)}});
}

// Many nodes come to be ready at nearly the same time, and each message names all that are not.
void Keeper::tell_waiting_soon() {
  constexpr std::chrono::milliseconds pause{50};
  if (std::exchange(tells_soon_, true)) return;
  waiting_timer_ = loop_.after(pause, [this] {
    tells_soon_ = false;
    if (!is_ready_) tell_waiting();
  });
}

void Keeper::become_ready() {
  if (is_ready_) return;
  is_ready_ = true;
  started_ = std::chrono::system_clock::now();
  ready_ = std::chrono::steady_clock::now();
  if (const Result<> listening = sys::listen(held_.control.get()); !listening) {
    tell_starter({{"failed", to_json(listening.error())}});
    end(EXIT_FAILURE);
  }
  server_.emplace(loop_, std::move(held_.control), held_.owner,
                  [this](const std::string& request, const Reply& reply) { handle(request, reply); });
  tell_starter({{"ready", true}, {"warnings", warnings_}});
  starter_watch_ = {};
  held_.starter.reset();
  warnings_ = {};
}

void Keeper::end(int status) {
  // Control groups can be removed by their paths on the host alone, once the processes are gone: the
  // directory says which.
  held_.merging.release();
  if (held_.cgroups.empty()) static_cast<void>(held_.claim.remove());
  ::_exit(status);  // the kernel ends all that this process holds
}

}  // namespace hopyard::keeper
