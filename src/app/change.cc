#include "app/change.hh"

#include <fmt/format.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "app/locate.hh"

namespace hopyard::app {
namespace {

std::string end_text(const EndWords& end) {
  return end.interface.empty() ? end.node : fmt::format("{}:{}", end.node, end.interface);
}

bool is_end(const keeper::LinkDescription::End& end, const EndWords& words) {
  return end.node == words.node && (words.interface.empty() || end.interface == words.interface);
}

Result<keeper::Client> connect_to(const keeper::Registry& registry, const std::string& lab,
                                  const Place& place) {
  HOPYARD_TAKE(meant, agreed_lab(lab, place.lab));
  return connect(registry, meant);
}

/// What the link does now, so that what is not named can stay.
struct Now {
  SetReport report;
  bool known = false;  ///< else the keeper says what is wrong with the name when it is asked to change it
};

Result<Now> now(keeper::Client& client, const Place& place) {
  Now now{{client.lab(), place_text(place), {}, {}}, false};
  const std::string one[] = {place.one.node};
  HOPYARD_TAKE(description, client.describe(one));
  const auto [link, reversed] = find_link(description, place);
  if (link == nullptr) return now;
  now.report.out = reversed ? link->back : link->out;
  now.report.back = reversed ? link->out : link->back;
  now.known = true;
  return now;
}

/// A queueing discipline that the kernel does not have is an ENOENT of few words.
Result<> explained(Result<> shaped) {
  if (!shaped && shaped.error().code == ENOENT && shaped.error().remedy.empty())
    shaped.error().remedy = "this kernel lacks what that needs; hopyard doctor says more";
  return shaped;
}

/// One direction, from what it was to what it shall be.
Result<> shape(keeper::Client& client, const std::string& place, keeper::Direction direction,
               const std::optional<net::Impairment>& was, const net::Impairment& wanted) {
  return explained(client.shape(place, wanted, direction, was));
}

/// @return an error of EAGAIN if somebody else changed the link between the look and the change.
Result<SetReport> change_what_is(keeper::Client& client, const Place& place, const ImpairmentChange& change) {
  HOPYARD_TAKE(seen, now(client, place));
  SetReport& report = seen.report;
  const auto was = [&](const net::Impairment& one) { return seen.known ? std::optional(one) : std::nullopt; };
  const net::Impairment before = report.out;
  if (change.direction != ImpairmentChange::Direction::Back) {
    report.out = change.applied_to(before);
    HOPYARD_TRY(shape(client, report.place, keeper::Direction::Out, was(before), report.out));
  }
  if (change.direction != ImpairmentChange::Direction::Out) {
    const net::Impairment back = std::exchange(report.back, change.applied_to(report.back));
    if (auto shaped = shape(client, report.place, keeper::Direction::Back, was(back), report.back); !shaped) {
      // Both or none, but for what somebody else has changed since. If this fails too there is nothing more
      // that could be done, and the first error says why.
      if (report.out != before)
        static_cast<void>(shape(client, report.place, keeper::Direction::Out, was(report.out), before));
      return pass_on(std::move(shaped));
    }
  }
  return std::move(report);
}

}  // namespace

std::string place_text(const Place& place) {
  return place.other ? fmt::format("{} -- {}", end_text(place.one), end_text(*place.other))
                     : end_text(place.one);
}

FoundLink find_link(const keeper::Description& description, const Place& place) {
  FoundLink found;
  for (const keeper::LinkDescription& link : description.links) {
    const bool forward =
        is_end(link.ends[0], place.one) && (!place.other || is_end(link.ends[1], *place.other));
    const bool backward =
        is_end(link.ends[1], place.one) && (!place.other || is_end(link.ends[0], *place.other));
    if (!forward && !backward) continue;
    if (found.link != nullptr) return {};
    found = {&link, !forward};
  }
  return found;
}

Result<SetReport> set(const keeper::Registry& registry, const std::string& lab, const Place& place,
                      const ImpairmentChange& change) {
  // Each time that somebody else was faster, a change of theirs has come about.
  constexpr int most_tries = 1000;
  HOPYARD_TAKE(client, connect_to(registry, lab, place));
  for (int tries = 1;; ++tries) {
    auto done = change_what_is(client, place, change);
    if (done || done.error().code != EAGAIN || tries == most_tries) return done;
  }
}

Result<ChangeReport> fail(const keeper::Registry& registry, const std::string& lab, const Place& place,
                          keeper::Failure failure) {
  HOPYARD_TAKE(client, connect_to(registry, lab, place));
  ChangeReport report{client.lab(), place_text(place)};
  HOPYARD_TRY(client.fail(report.place, failure));
  return report;
}

Result<ChangeReport> heal(const keeper::Registry& registry, const std::string& lab, const Place& place) {
  HOPYARD_TAKE(client, connect_to(registry, lab, place));
  ChangeReport report{client.lab(), place_text(place)};
  HOPYARD_TRY(client.heal(report.place));
  return report;
}

}  // namespace hopyard::app
