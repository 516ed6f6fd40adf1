#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <thread>
#include <utility>

#include "keeper/keeper.hh"
#include "keeper/pace.hh"
#include "sys/file.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {

void Keeper::tell_starter(const Json& message) {
  if (held_.starter) static_cast<void>(sys::send_all(held_.starter.get(), frame(text_of(message))));
}

void Keeper::give_up(const Error& why) {
  tell_starter({{"failed", to_json(why)}});
  end(EXIT_FAILURE);
}

void Keeper::start_warm() {
  for (std::uint32_t ns = 0; ns < held_.desired.namespaces.size(); ++ns)
    if (held_.desired.namespaces[ns].warm) to_start_.push_back(ns);
  last_start_ = std::chrono::steady_clock::now();
  start_more();
  tell_waiting();
}

void Keeper::start_more() {
  const auto now = std::chrono::steady_clock::now();
  const auto starting = std::ranges::count_if(machines_, [](const auto& one) { return one.second.starting; });
  const std::string load = sys::read_file(held_.host_proc.get(), "loadavg").value_or("");
  std::size_t room = pace::room(static_cast<std::size_t>(starting), pace::runnable_in(load),
                                std::max(1U, std::thread::hardware_concurrency()));
  if (room == 0 && now - last_start_ >= pace::patience) room = 1;
  for (; room > 0 && !to_start_.empty(); --room) {
    last_start_ = now;
    start(to_start_.front());
    to_start_.pop_front();
  }
  if (!to_start_.empty()) start_timer_ = loop_.after(pace::step, [this] { start_more(); });
}

void Keeper::start(std::uint32_t ns) {
  if (const Result<> begun = begin(ns, true); !begun) give_up(begun.error());
  machines_.at(ns).starting = machines_.at(ns).awaited = true;
  machines_.at(ns).when_made.push_back([this](const Result<>& outcome) {
    if (!outcome) give_up(outcome.error());
  });
}

bool Keeper::all_started() const {
  return to_start_.empty() &&
         std::ranges::none_of(machines_, [](const auto& one) { return one.second.awaited; });
}

std::vector<std::string> Keeper::not_ready() const {
  std::vector<std::string> waiting;
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
  for (const std::uint32_t ns : to_start_) waiting.push_back(held_.desired.namespaces[ns].name);
  return waiting;
}

void Keeper::tell_waiting() {
  if (all_started()) return become_ready();
  tell_starter({{"waiting", not_ready()}});
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
  if (const Result<> listening = sys::listen(held_.control.get()); !listening) give_up(listening.error());
  server_.emplace(loop_, std::move(held_.control), held_.owner,
                  [this](const std::string& request, const Reply& reply) { handle(request, reply); });
  await_confirmation();
  tell_starter({{"ready", true}, {"warnings", warnings_}});
  starter_watch_ = {};
  held_.starter.reset();
  warnings_ = {};
}

}  // namespace hopyard::keeper
