#include "engine/build.hh"

#include <algorithm>
#include <system_error>
#include <thread>

#include "engine/apply.hh"

namespace hopyard::engine {
namespace {

// Below this a second thread costs more than it saves.
constexpr std::size_t worth_a_thread = 16;
// How often a person wants to hear of it, in namespaces.
constexpr std::size_t report_every = 32;
constexpr std::uint32_t no_more = UINT32_MAX;

}  // namespace

Build::Build(const plan::Plan& plan, const net::Desired& desired, kernel::Kernel& kernel,
             const Options& options)
    : plan_(plan),
      desired_(desired),
      kernel_(kernel),
      options_(options),
      schedule_(plan, desired),
      namespaces_(desired.namespaces.size()),
      open_links_(desired.namespaces.size()) {
  for (std::uint32_t ns = 0; ns < open_links_.size(); ++ns) open_links_[ns] = schedule_.links_of(ns);
}

Result<Namespaces> Build::run() {
  const bool alone = options_.threads == 1 || namespaces_.size() < worth_a_thread ||
                     (options_.threads == 0 && std::thread::hardware_concurrency() < 2);
  if (alone || !run_with_another()) {
    for (std::uint32_t ns = 0; ns < namespaces_.size(); ++ns)
      if (stopped() || !create(ns) || !connect(ns)) break;
  }
  if (!failure_) end();
  if (failure_) return std::unexpected(std::move(*failure_));
  return std::move(namespaces_);
}

bool Build::run_with_another() {
  std::jthread ahead;
  try {
    ahead = std::jthread([this] { create_all(); });
  } catch (const std::system_error&) {
    return false;
  }
  connect_all();
  return true;
}

void Build::create_all() {
  for (std::uint32_t ns = 0; ns < namespaces_.size(); ++ns) {
    if (stopped() || !create(ns)) return publish(no_more);
    publish(ns + 1);
  }
}

void Build::connect_all() {
  for (std::uint32_t ns = 0; ns < namespaces_.size(); ++ns)
    if (!await(ns) || stopped() || !connect(ns)) break;
}

bool Build::create(std::uint32_t ns) {
  const Range range = schedule_.creation(ns);
  auto made = kernel_.create_namespace(desired_.namespaces[ns]);
  if (!made) {
    fail(about(plan_.namespaces[range.begin], desired_, std::move(made).error()));
    return false;
  }
  namespaces_[ns] = std::move(*made);
  namespaces_[ns]->attribute_to(range.begin);
  const bool good = apply_range(plan_.namespaces, {range.begin + 1, range.end}, 0);
  namespaces_[ns]->leave();
  return good;
}

bool Build::connect(std::uint32_t ns) {
  if (!make_links(ns)) return false;
  if (open_links_[ns] == 0 && !settle(ns)) return false;
  for (const std::uint32_t link : schedule_.links(ns)) {
    const std::uint32_t ends[2] = {plan_.links[link].ns, other_end(plan_.links[link], desired_)};
    const std::uint32_t earlier = std::min(ends[0], ends[1]);
    if (earlier != ns && open_links_[earlier] == 0) {
      open_links_[earlier] = no_more;  // another link of this round may name it again
      if (!settle(earlier)) return false;
    }
  }
  progress_.nodes_done = ns + 1;
  if (progress_.nodes_done % report_every == 0 || progress_.nodes_done == namespaces_.size()) report();
  return true;
}

bool Build::make_links(std::uint32_t ns) {
  const auto first_number = static_cast<std::uint32_t>(plan_.namespaces.size());
  const auto links = schedule_.links(ns);
  for (std::size_t i = 0; i < links.size(); ++i) {
    const plan::Operation& link = plan_.links[links[i]];
    kernel::Namespace& own = *namespaces_[link.ns];
    own.attribute_to(first_number + links[i]);
    if (!check(link.ns, apply(link, desired_, namespaces_, kernel::Existing::Refuse))) return false;
    const bool last_here = i + 1 == links.size() || plan_.links[links[i + 1]].ns != link.ns;
    if (last_here && !check(link.ns, own.commit())) return false;
    --open_links_[link.ns];
    if (const std::uint32_t other = other_end(link, desired_); other != link.ns) --open_links_[other];
    if (link.verb == plan::Verb::CreateVeth) ++progress_.links_done;
  }
  return true;
}

bool Build::settle(std::uint32_t ns) {
  const auto first_number = static_cast<std::uint32_t>(plan_.namespaces.size() + plan_.links.size());
  return apply_range(plan_.settings, schedule_.settings(ns), first_number) &&
         check(ns, namespaces_[ns]->rest());
}

void Build::end() {
  const auto first_number = static_cast<std::uint32_t>(plan_.size() - plan_.last.size());
  for (std::uint32_t i = 0; i < plan_.last.size() && !stopped(); ++i)
    if (!apply_range(plan_.last, {i, i + 1}, first_number) ||
        !check(plan_.last[i].ns, namespaces_[plan_.last[i].ns]->rest()))
      return;
}

bool Build::apply_range(std::span<const plan::Operation> stage, Range range, std::uint32_t first_number) {
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const plan::Operation& operation = stage[i];
    namespaces_[operation.ns]->attribute_to(first_number + i);
    if (!check(operation.ns, apply(operation, desired_, namespaces_, kernel::Existing::Refuse))) return false;
  }
  return true;
}

bool Build::check(std::uint32_t ns, Result<> outcome) {
  if (outcome) return true;
  const std::uint32_t number = namespaces_[ns]->refused();
  fail(about(numbered(number, ns), desired_, std::move(outcome).error()));
  return false;
}

const plan::Operation& Build::numbered(std::uint32_t number, std::uint32_t ns) const {
  const std::size_t links_begin = plan_.namespaces.size();
  const std::size_t settings_begin = links_begin + plan_.links.size();
  if (number < links_begin) return plan_.namespaces[number];
  if (number < settings_begin) return plan_.links[number - links_begin];
  const std::size_t last_begin = settings_begin + plan_.settings.size();
  if (number < last_begin) return plan_.settings[number - settings_begin];
  if (number < plan_.size()) return plan_.last[number - last_begin];
  // What a new namespace has to be given before the first operation on it belongs to making it.
  return plan_.namespaces[schedule_.creation(ns).begin];
}

bool Build::await(std::uint32_t ns) {
  for (std::uint32_t count = created_.load(std::memory_order_acquire); count <= ns;
       count = created_.load(std::memory_order_acquire))
    created_.wait(count, std::memory_order_acquire);
  return created_.load(std::memory_order_acquire) != no_more;
}

void Build::publish(std::uint32_t count) {
  created_.store(count, std::memory_order_release);
  created_.notify_one();
}

bool Build::stopped() {
  if (options_.cancelled != nullptr && options_.cancelled->load(std::memory_order_relaxed))
    fail(refusal("build the lab", "cancelled").error());
  return stop_.load(std::memory_order_relaxed);
}

void Build::fail(Error error) {
  const std::lock_guard lock(failure_mutex_);
  if (!failure_) failure_ = std::move(error);
  stop_ = true;
}

void Build::report() {
  if (options_.progress) options_.progress(progress_);
}

}  // namespace hopyard::engine
