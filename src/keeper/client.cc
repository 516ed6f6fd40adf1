#include "keeper/client.hh"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "keeper/json.hh"
#include "keeper/own_users.hh"
#include "keeper/protocol.hh"
#include "sys/file.hh"
#include "sys/limits.hh"
#include "sys/process.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

constexpr std::size_t nodes_at_a_time = 64;  // each may bring up to three descriptors
constexpr std::chrono::seconds last_wait{30};
constexpr std::chrono::seconds to_end_from_speaking{2};  // what ends closes its sockets first

/// A keeper that was not asked to end has perhaps said why, and whoever clears up after it has not come yet.
Error gone(const Registry& registry, const std::string& lab) {
  constexpr std::size_t enough = 500;
  std::string detail = "it has ended";
  auto log = sys::read_file(sys::here(), registry.path() + '/' + lab + "/log").value_or("");
  while (log.ends_with('\n')) log.pop_back();
  if (!log.empty()) detail += ": " + (log.size() > enough ? log.substr(log.size() - enough) : log);
  return {"speak with the keeper of lab " + lab, "", 0, std::move(detail), ""};
}

Result<Entry> entry_from(const std::string& lab, const Json& object, std::span<sys::Fd>& descriptors) {
  const std::size_t groups = number(object, "cgroups");
  if (descriptors.size() < groups + 1)
    return refusal("enter node " + text(object, "node"), "no way in came along");
  Entry entry{lab, text(object, "node"), std::move(descriptors[0]), {}, {}, truth(object, "own_users")};
  entry.rights = {number(object, "capabilities"), truth(object, "seccomp")};
  for (std::size_t i = 1; i <= groups; ++i) entry.cgroups.push_back(std::move(descriptors[i]));
  descriptors = descriptors.subspan(groups + 1);
  for (const Json& pair : list(object, "environment")) {
    if (pair.is_array() && pair.size() == 2 && pair[0].is_string() && pair[1].is_string()) {
      entry.environment.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
    }
  }
  return entry;
}

const char* direction_name(Direction direction) {
  return direction == Direction::Out ? "out" : direction == Direction::Back ? "back" : "both";
}

}  // namespace

Result<Client> Client::connect(const Registry& registry, const std::string& lab) {
  HOPYARD_TAKE(socket, registry.connect(lab));
  HOPYARD_TAKE(peer, sys::peer(socket.get()));
  HOPYARD_TRY(enter_users_of(peer.pid));
  return Client(registry, lab, std::move(socket), peer.pid);
}

Result<std::string> Client::ask(const std::string& request, std::vector<sys::Fd>& descriptors) {
  if (request.size() > longest_request) return refusal("ask the keeper", "the request is too long");
  // A keeper that turns a client away says why, and does not wait for the question.
  if (const auto sent = sys::send_all(socket_.get(), frame(request)); !sent) {
    const int code = sent.error().code;
    if (code != EPIPE && code != ECONNRESET) return failure("speak with the keeper of lab " + lab_, "", code);
  }
  std::array<char, 16384> room;
  for (;;) {
    HOPYARD_TAKE(body, answers_.next());
    if (body) {
      // Every answer begins with an object of few members; the long ones are decoded once, by who wants them.
      if (body->find("\"ok\":true") != std::string::npos) return std::move(*body);
      HOPYARD_TAKE(object, parse_object(*body));
      return std::unexpected(error_from(part(object, "error")));
    }
    const auto count = sys::receive(socket_.get(), room, descriptors);
    if (!count && count.error().code != ECONNRESET)
      return failure("speak with the keeper of lab " + lab_, "", count.error().code);
    hung_up_ = !count || *count == 0;
    if (hung_up_) return std::unexpected(gone(registry_, lab_));
    answers_.add(std::span(room).first(*count));
  }
}

Result<Description> Client::describe(std::span<const std::string> nodes) {
  std::vector<sys::Fd> none;
  HOPYARD_TAKE(body, ask(text_of({{"do", "describe"}, {"nodes", nodes}}), none));
  return decode_description(body);
}

Result<Description> Client::summary() {
  std::vector<sys::Fd> none;
  HOPYARD_TAKE(body, ask(text_of({{"do", "summary"}}), none));
  return decode_description(body);
}

Result<std::vector<std::string>> Client::nodes() {
  std::vector<sys::Fd> none;
  HOPYARD_TAKE(body, ask(text_of({{"do", "nodes"}}), none));
  HOPYARD_TAKE(object, parse_object(body));
  return texts(object, "nodes");
}

Result<Entry> Client::enter(const std::string& node) {
  HOPYARD_TAKE(entries, enter(std::span(&node, 1)));
  return std::move(entries.front());
}

Result<std::vector<Entry>> Client::enter(std::span<const std::string> nodes) {
  const sys::RaisedOpenFiles raised;  // each entry is one at least
  std::vector<Entry> entries;
  while (!nodes.empty()) {
    const auto some = nodes.first(std::min(nodes.size(), nodes_at_a_time));
    nodes = nodes.subspan(some.size());
    std::vector<sys::Fd> descriptors;
    HOPYARD_TAKE(body, ask(text_of({{"do", "enter"}, {"nodes", some}}), descriptors));
    HOPYARD_TAKE(object, parse_object(body));
    std::span<sys::Fd> left(descriptors);
    const Json& given = list(object, "nodes");
    if (given.size() != some.size()) return refusal("enter node " + some.front(), "no way in came along");
    for (const Json& node : given) {
      HOPYARD_TAKE(entry, entry_from(lab_, node, left));
      entries.push_back(std::move(entry));
    }
  }
  return entries;
}

Result<std::vector<ConfigurationFile>> Client::configuration(const std::string& node) {
  std::vector<sys::Fd> none;
  HOPYARD_TAKE(body, ask(text_of({{"do", "configuration"}, {"node", node}}), none));
  HOPYARD_TAKE(object, parse_object(body));
  std::vector<ConfigurationFile> files;
  for (const Json& file : list(object, "files"))
    files.push_back({text(file, "path"), text(file, "content"), texts(file, "services")});
  return files;
}

Result<std::vector<ProcessDescription>> Client::processes() {
  std::vector<sys::Fd> none;
  HOPYARD_TAKE(body, ask(text_of({{"do", "processes"}}), none));
  return decode_processes(body);
}

Result<std::vector<ServiceDescription>> Client::services(const std::string& node) {
  std::vector<sys::Fd> none;
  HOPYARD_TAKE(body, ask(text_of({{"do", "services"}, {"node", node}}), none));
  HOPYARD_TAKE(object, parse_object(body));
  std::vector<ServiceDescription> services;
  for (const Json& one : list(object, "services")) services.push_back(service_from(one));
  return services;
}

Result<std::vector<std::string>> Client::order(const std::string& node, ServiceOrder order,
                                               std::span<const std::string> services) {
  static constexpr std::array words{"start", "stop", "restart"};
  std::vector<sys::Fd> none;
  HOPYARD_TAKE(body, ask(text_of({{"do", "order"},
                                  {"order", words[static_cast<std::size_t>(order)]},
                                  {"node", node},
                                  {"services", services}}),
                         none));
  HOPYARD_TAKE(object, parse_object(body));
  return texts(object, "services");
}

Result<sys::Fd> Client::network_namespace(const std::string& node) {
  std::vector<sys::Fd> descriptors;
  HOPYARD_TRY(ask(text_of({{"do", "namespace"}, {"node", node}}), descriptors));
  if (descriptors.empty()) return refusal("look into node " + node, "no namespace came along");
  return std::move(descriptors.front());
}

Result<std::vector<std::pair<std::string, int>>> Client::descriptors(std::span<const std::string> nodes) {
  std::vector<sys::Fd> none;
  HOPYARD_TAKE(body, ask(text_of({{"do", "descriptors"}, {"nodes", nodes}}), none));
  HOPYARD_TAKE(object, parse_object(body));
  std::vector<std::pair<std::string, int>> numbers;
  for (const Json& one : list(object, "nodes"))
    numbers.emplace_back(text(one, "node"), static_cast<int>(number(one, "descriptor")));
  return numbers;
}

Result<> Client::shape(const std::string& target, const net::Impairment& impairment, Direction direction,
                       const std::optional<net::Impairment>& was) {
  std::vector<sys::Fd> none;
  Json request{{"do", "shape"},
               {"target", target},
               {"impairment", to_json(impairment)},
               {"direction", direction_name(direction)}};
  if (was) request["was"] = to_json(*was);
  HOPYARD_TRY(ask(text_of(request), none));
  return {};
}

Result<> Client::fail(const std::string& target, Failure failure) {
  std::vector<sys::Fd> none;
  const char* how = failure == Failure::Kill ? "kill" : "freeze";
  HOPYARD_TRY(ask(text_of({{"do", "fail"}, {"target", target}, {"how", how}}), none));
  return {};
}

Result<> Client::heal(const std::string& target) {
  std::vector<sys::Fd> none;
  HOPYARD_TRY(ask(text_of({{"do", "heal"}, {"target", target}}), none));
  return {};
}

Result<DriftReport> Client::drift(const std::string& node) {
  DriftReport all;
  // In portions: the keeper answers others meanwhile.
  for (std::uint64_t from = 0, next = 1; next != 0; from = next) {
    std::vector<sys::Fd> none;
    HOPYARD_TAKE(body, ask(text_of({{"do", "drift"}, {"node", node}, {"from", from}}), none));
    HOPYARD_TAKE(object, parse_object(body));
    std::ranges::move(drift_from(list(object, "drift")), std::back_inserter(all.drift));
    if (all.unknown.empty()) all.unknown = text(object, "unknown");
    next = number(object, "next");
  }
  return all;
}

Result<RepairDescription> Client::repair(bool only_say) {
  std::vector<sys::Fd> none;
  HOPYARD_TAKE(body, ask(text_of({{"do", "repair"}, {"only_say", only_say}}), none));
  return decode_repair(body);
}

Result<> Client::confirm() {
  std::vector<sys::Fd> none;
  HOPYARD_TRY(ask(text_of({{"do", "confirm"}}), none));
  return {};
}

Result<> Client::end_keeper(int pidfd) {
  std::vector<sys::Fd> none;
  if (auto asked = ask(text_of({{"do", "down"}}), none); !asked) {
    // One that has ended without an answer was asked by somebody else too, or told to by a signal.
    if (!hung_up_ || !sys::await_exit(pidfd, to_end_from_speaking).value_or(false))
      return pass_on(std::move(asked));
  }
  HOPYARD_TAKE(ended, sys::await_exit(pidfd, last_wait));
  if (!ended)
    return refusal("end lab " + lab_,
                   fmt::format("its keeper, process {}, is ending, but has not yet after {} s", keeper_,
                               last_wait.count()),
                   "hopyard ls clears up what is left once it has");
  return {};
}

Result<> Client::down() {
  // Opened while the keeper is known to live: it answers afterwards.
  const auto pidfd = sys::pidfd_open(keeper_);
  if (!pidfd && pidfd.error().code != ESRCH) return std::unexpected(pidfd.error());
  if (pidfd) HOPYARD_TRY(end_keeper(pidfd->get()));
  const auto buried = registry_.bury(lab_);  // clears what the keeper could not
  HOPYARD_TAKE(has_changes, registry_.has_changes(lab_));
  if (has_changes)
    return refusal("put back what lab " + lab_ + " has changed outside of itself", "something refuses it",
                   "what is left stands in " + registry_.path() + '/' + lab_ +
                       "/changes; the next hopyard ls tries again");
  if (!buried) {
    Error error = buried.error();
    error.doing = "clear what lab " + lab_ + " has left: " + error.doing;
    if (error.remedy.empty()) error.remedy = "the next hopyard ls tries again";
    return std::unexpected(std::move(error));
  }
  return {};
}

}  // namespace hopyard::keeper
