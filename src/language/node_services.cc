#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <csignal>

#include "language/command_words.hh"
#include "language/kinds.hh"

namespace hopyard::language {
namespace {

constexpr std::size_t most_services = 256;  // of a node
constexpr std::string_view example = "services: {web: {command: nginx -g 'daemon off;', ready: {port: 80}}}";
// In the order of signal_words().
constexpr std::array signals{SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH, SIGKILL};

/// Why a text cannot be the name of a service: it is the name of its log file, too.
std::optional<std::string> bad_name(std::string_view name) {
  const auto fits = [](char byte) {
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           std::string_view("_-.@+").find(byte) != std::string_view::npos;
  };
  if (name.empty() || name.size() > 64) return "a name has 1 to 64 letters";
  if (!std::ranges::all_of(name, fits)) return "letters, digits and _ - . @ +";
  if (name.front() == '.' || name.front() == '-') return "it begins with a letter or a digit";
  if (name == "frr" || name == "networking" || name.ends_with(".service"))
    return "systemctl in a node means something else by it";
  if (name == "run") return "the commands of the node's 'run' are called so";
  return std::nullopt;
}

bool has_nul(Values& values, const Text& text) {
  if (text.value.find('\0') == std::string_view::npos) return false;
  values.context.report.error(text.at, "a command has no NUL byte");
  return true;
}

void read_command(Values& values, const Yaml& value, ServiceDraft& draft) {
  std::vector<std::string> words;
  const std::size_t before = values.context.report.errors();
  std::size_t size = 0;
  for (const Text& word : values.texts(value, "'command'", Braces::Free)) {
    if (has_nul(values, word)) break;
    size += word.value.size();
    if (value.is_scalar())
      words = command_words(word.value);
    else
      words.emplace_back(word.value);
  }
  draft.bad = values.context.report.errors() != before || !values.context.charge_content(size, value.at);
  if (!draft.bad && (words.empty() || words.front().empty())) {
    draft.bad = true;
    values.context.report.error(value.at, "the command of a service is empty", std::string(example));
  }
  draft.service.command = std::move(words);
}

void read_ready_key(Values& values, ServiceReadyKey key, const Yaml& value, net::Service::Ready& ready) {
  using Kind = net::Service::Ready::Kind;
  switch (key) {
    case ServiceReadyKey::Command:
      if (const auto text = values.text(value, "'command'", Braces::Free); text && !has_nul(values, *text))
        ready = {Kind::Command, std::string(text->value), 0};
      return;
    case ServiceReadyKey::Port:
      if (const auto port = values.integer(value, "'port'", 1, 65535))
        ready = {Kind::TcpPort, {}, static_cast<std::uint16_t>(*port)};
      return;
    case ServiceReadyKey::File:
      if (const auto path = values.text(value, "'file'")) {
        if (const auto reason = bad_path(path->value))
          return values.context.report.error(
              path->at, fmt::format("'{}' cannot be the path of a file", path->value), *reason);
        ready = {Kind::File, std::string(path->value), 0};
      }
      return;
    case ServiceReadyKey::Ended:
      if (const auto ended = read_truth(values, value, "'ended'"); ended && *ended)
        ready = {Kind::Ended, {}, 0};
      return;
  }
}

void read_ready(Values& values, const Yaml& value, net::Service::Ready& ready) {
  const std::size_t before = values.context.report.errors();
  values.each_key(value, service_ready_object, [&](const Object::Found& found, const Yaml& one) {
    read_ready_key(values, as<ServiceReadyKey>(found), one, ready);
  });
  if (values.context.report.errors() == before && value.size() != 1)
    values.context.report.error(value.at,
                                "'ready' of a service has one of 'command', 'port', 'file' and 'ended'",
                                "ready: {port: 80}");
}

void read_stop(Values& values, const Yaml& value, net::Service& service) {
  const std::string whole = fmt::format("SIG{}", value.text);
  for (const Choice& one : signal_words())
    if (value.is_scalar() && one.word == whole)
      return values.context.report.error(value.at, fmt::format("'stop' cannot be '{}'", value.text),
                                         fmt::format("did you mean '{}'?", whole));
  if (const auto chosen = values.choice(value, "'stop'", signal_words()))
    service.stop_signal = signals[*chosen];
}

void read_service_key(Values& values, ServiceKey key, const Yaml& value, ServiceDraft& draft) {
  switch (key) {
    case ServiceKey::Command:
      return read_command(values, value, draft);
    case ServiceKey::After:
      draft.after = values.texts(value, "'after'");
      return;
    case ServiceKey::Restart:
      if (const auto chosen = values.choice(value, "'restart'", restart_words()))
        draft.service.restart = static_cast<net::Service::Restart>(*chosen);
      return;
    case ServiceKey::Ready:
      return read_ready(values, value, draft.service.ready);
    case ServiceKey::Stop:
      return read_stop(values, value, draft.service);
  }
}

/// Services that wait for each other would wait for ever.
class Cycles {
 public:
  Cycles(Context& context, const std::vector<ServiceDraft>& drafts)
      : context_(context), drafts_(drafts), state_(drafts.size(), State::Unseen) {}
  void find() {
    for (std::size_t i = 0; i < drafts_.size(); ++i) visit(i);
  }

 private:
  enum class State : std::uint8_t { Unseen, Open, Done };

  void visit(std::size_t index) {
    if (state_[index] != State::Unseen) return;
    state_[index] = State::Open;
    way_.push_back(drafts_[index].service.name);
    for (const Text& name : drafts_[index].after) {
      const auto found = std::ranges::find(
          drafts_, name.value, [](const ServiceDraft& one) -> std::string_view { return one.service.name; });
      if (found == drafts_.end()) continue;
      const auto next = static_cast<std::size_t>(found - drafts_.begin());
      if (state_[next] == State::Open)
        report(name);
      else
        visit(next);
    }
    way_.pop_back();
    state_[index] = State::Done;
  }

  void report(const Text& back_to) {
    const auto begin = std::ranges::find(way_, back_to.value);
    context_.report.error(back_to.at, "these services wait for each other",
                          fmt::format("{} after {}", fmt::join(begin, way_.end(), " after "), back_to.value));
  }

  Context& context_;
  const std::vector<ServiceDraft>& drafts_;
  std::vector<State> state_;
  std::vector<std::string_view> way_;
};

/// The services that Hopyard gives the node for addresses and names; one of its own in their place wins.
std::vector<std::string_view> hosting_daemons(const NodeDraft& draft) {
  using Daemon = lab::DnsServer::Daemon;
  std::vector<std::string_view> names;
  const bool named = draft.dns.runs && draft.dns.daemon == Daemon::Named;
  if (draft.dhcp.role == DhcpDraft::Role::Server || (draft.dns.runs && !named)) names.emplace_back("dnsmasq");
  if (named) names.emplace_back("named");
  if (draft.radvd.radvd.runs) names.emplace_back("radvd");
  return names;
}

/// The services that make a switch.
std::vector<std::string_view> switch_daemons(const lab::Node& node) {
  if (!lab::is_ovs(node)) return {};
  return {"ovsdb-server", "ovs-vswitchd"};
}

/// The services that Hopyard gives the node for its `routing`.
std::vector<std::string_view> routing_daemons(const lab::Node& node) {
  const lab::Dynamic& dynamic = node.dynamic;
  if (!dynamic.runs()) return {};
  if (dynamic.daemon == lab::Daemon::Bird) return {"bird"};
  std::vector<std::string_view> names{"zebra"};
  if (dynamic.bgp.runs) names.emplace_back("bgpd");
  if (dynamic.ospf.runs) names.insert(names.end(), {"ospfd", "ospf6d"});
  if (dynamic.rip.runs) names.insert(names.end(), {"ripd", "ripngd"});
  if (dynamic.isis.runs) names.emplace_back("isisd");
  if (dynamic.watches()) names.emplace_back("bfdd");
  return names;
}

void look_up_after(Context& context, const NodeDraft& said, const ServiceDraft& draft,
                   const lab::Node& node) {
  std::vector<std::string_view> names = routing_daemons(node);
  for (const std::string_view one : hosting_daemons(said)) names.push_back(one);
  for (const std::string_view one : switch_daemons(node)) names.push_back(one);
  for (const ServiceDraft& one : said.services)
    if (one.service.name != draft.service.name) names.push_back(one.service.name);
  for (const Text& name : draft.after) {
    if (name.value == draft.service.name) continue;  // a cycle of one
    const auto earlier = std::span(draft.after).first(static_cast<std::size_t>(&name - draft.after.data()));
    if (std::ranges::find(earlier, name.value, &Text::value) != earlier.end())
      context.report.error(name.at, fmt::format("'{}' stands twice in 'after'", name.value));
    else if (std::ranges::find(names, name.value) == names.end())
      context.report.error(name.at, fmt::format("'{}' has no service '{}'", node.name, name.value),
                           suggest(name.value, names));
  }
}

}  // namespace

void read_services(Values& values, const Yaml& value, std::vector<ServiceDraft>& into) {
  values.each_entry(
      value, "'services'",
      [&](const Text& name, const Yaml& body) {
        if (const auto reason = bad_name(name.value))
          return values.context.report.error(
              name.at, fmt::format("'{}' cannot be the name of a service", name.value), *reason);
        auto found = std::ranges::find(
            into, name.value, [](const ServiceDraft& one) -> std::string_view { return one.service.name; });
        if (found == into.end()) {
          if (into.size() == most_services)
            return values.context.report.error(name.at, fmt::format("more than {} services", most_services));
          into.emplace_back().service.name = name.value;
          found = into.end() - 1;
        }
        found->service.origin = name.at;
        if (body.is_scalar()) return read_command(values, body, *found);
        const std::size_t before = values.context.report.errors();
        values.each_key(body, service_object, [&](const Object::Found& key, const Yaml& one) {
          read_service_key(values, as<ServiceKey>(key), one, *found);
        });
        found->bad |= values.context.report.errors() != before;
      },
      example);
}

void finish_services(Context& context, NodeDraft& said, lab::Node& node) {
  std::vector<ServiceDraft>& drafts = said.services;
  if (drafts.empty()) return;
  for (const ServiceDraft& one : drafts) {
    if (one.service.command.empty() && !one.bad)
      context.report.error(one.service.origin, fmt::format("service '{}' has no command", one.service.name),
                           std::string(example));
    const auto daemons = routing_daemons(node);
    if (std::ranges::find(daemons, one.service.name) != daemons.end())
      context.report.error(
          one.service.origin,
          fmt::format("'{}' has a service '{}' by its 'routing'", node.name, one.service.name),
          "another name, or 'routing: none'");
    const auto engine = switch_daemons(node);
    if (std::ranges::find(engine, one.service.name) != engine.end())
      context.report.error(
          one.service.origin,
          fmt::format("'{}' has a service '{}' by its 'engine'", node.name, one.service.name),
          "another name");
    look_up_after(context, said, one, node);
  }
  Cycles(context, drafts).find();
  for (ServiceDraft& one : drafts) {
    for (const Text& name : one.after) one.service.after.emplace_back(name.value);
    node.machine.services.push_back(std::move(one.service));
  }
  drafts = {};
}

}  // namespace hopyard::language
