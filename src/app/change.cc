#include "app/change.hh"

#include <fmt/format.h>

#include <cerrno>

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
Result<SetReport> now(keeper::Client& client, const Place& place) {
  SetReport report{client.lab(), place_text(place), {}, {}};
  const std::string one[] = {place.one.node};
  HOPYARD_TAKE(description, client.describe(one));
  const auto [link, reversed] = find_link(description, place);
  if (link == nullptr)
    return report;  // the keeper says what is wrong with the name when it is asked to change it
  report.out = reversed ? link->back : link->out;
  report.back = reversed ? link->out : link->back;
  return report;
}

/// A queueing discipline that the kernel does not have is an ENOENT of few words.
Result<> explained(Result<> shaped) {
  if (!shaped && shaped.error().code == ENOENT && shaped.error().remedy.empty())
    shaped.error().remedy = "this kernel lacks what that needs; hopyard doctor says more";
  return shaped;
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
  HOPYARD_TAKE(client, connect_to(registry, lab, place));
  HOPYARD_TAKE(report, now(client, place));
  const net::Impairment before = report.out;
  if (change.direction != ImpairmentChange::Direction::Back) {
    report.out = change.applied_to(report.out);
    HOPYARD_TRY(explained(client.shape(report.place, report.out, keeper::Direction::Out)));
  }
  if (change.direction != ImpairmentChange::Direction::Out) {
    report.back = change.applied_to(report.back);
    if (auto shaped = explained(client.shape(report.place, report.back, keeper::Direction::Back)); !shaped) {
      // Both or none. If this fails too there is nothing more that could be done, and the first error says
      // why.
      if (report.out != before) static_cast<void>(client.shape(report.place, before, keeper::Direction::Out));
      return pass_on(std::move(shaped));
    }
  }
  return report;
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
