#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "keeper/address_client.hh"
#include "keeper/environment.hh"
#include "keeper/keeper.hh"
#include "kernel/features.hh"
#include "sys/file.hh"
#include "sys/process.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

void refuse(const Reply& reply, const Error& error) {
  reply({error_answer(error)});
}

// Answers once all of many things are done, with the first error if there was one.
struct Gathering {
  std::size_t left;
  std::optional<Error> first_error;
};

}  // namespace

void Keeper::handle(const std::string& request, const Reply& reply) {
  using Handler = void (Keeper::*)(const Json&, const Reply&);
  static constexpr std::array<std::pair<std::string_view, Handler>, 17> handlers{{
      {"summary", &Keeper::on_summary},
      {"describe", &Keeper::on_describe},
      {"nodes", &Keeper::on_nodes},
      {"configuration", &Keeper::on_configuration},
      {"enter", &Keeper::on_enter},
      {"processes", &Keeper::on_processes},
      {"services", &Keeper::on_services},
      {"order", &Keeper::on_order},
      {"namespace", &Keeper::on_namespace},
      {"descriptors", &Keeper::on_descriptors},
      {"shape", &Keeper::on_shape},
      {"fail", &Keeper::on_fail},
      {"heal", &Keeper::on_heal},
      {"confirm", &Keeper::on_confirm},
      {"drift", &Keeper::on_drift},
      {"repair", &Keeper::on_repair},
      {"down", &Keeper::on_down},
  }};
  const auto message = parse_object(request);
  if (!message) return refuse(reply, message.error());
  const std::string verb = text(*message, "do");
  for (const auto& [name, handler] : handlers) {
    if (name == verb) return (this->*handler)(*message, reply);
  }
  refuse(reply, {"ask the keeper", verb, 0, "it does not know this request",
                 "the lab was started by another version"});
}

void Keeper::on_describe(const Json& request, const Reply& reply) {
  const auto description = describe(texts(request, "nodes"));
  reply({description ? encode(*description) : error_answer(description.error())});
}

void Keeper::on_summary(const Json&, const Reply& reply) {
  reply({encode(summary())});
}

void Keeper::on_nodes(const Json&, const Reply& reply) {
  Json names = Json::array();
  for (const net::Namespace& ns : held_.desired.namespaces) {
    if (ns.role == net::Namespace::Role::Node) names.push_back(ns.name);
  }
  reply({text_of({{"ok", true}, {"nodes", std::move(names)}})});
}

void Keeper::on_enter(const Json& request, const Reply& reply) {
  std::vector<std::uint32_t> nodes;
  std::size_t descriptors = 0;
  for (const std::string& name : texts(request, "nodes")) {
    const auto ns = directory_.node(name);
    if (!ns) return refuse(reply, ns.error());
    if (outages_.failed({Target::Kind::Node, *ns})) {
      return refuse(reply, is_failed(*ns));
    }
    if (held_.desired.namespaces[*ns].adopted == net::host_namespace) {
      return refuse(reply, {"enter node " + name, "", 0, "it is an interface of this host",
                            "work in the host's shell"});
    }
    nodes.push_back(*ns);
    descriptors += 1 + held_.cgroups.entrances(*ns).size();
  }
  if (nodes.empty() || descriptors > sys::max_descriptors) {
    return refuse(reply, {"enter nodes", "", 0, "too many or none at a time", ""});
  }
  const auto gathering = std::make_shared<Gathering>(Gathering{nodes.size(), std::nullopt});
  for (const std::uint32_t ns : nodes) {
    warm(ns, false, [this, gathering, nodes, reply](const Result<>& result) {
      if (!result && !gathering->first_error) gathering->first_error = result.error();
      if (--gathering->left != 0) return;
      if (gathering->first_error) return refuse(reply, *gathering->first_error);
      for (const std::uint32_t one : nodes)
        if (outages_.failed({Target::Kind::Node, one})) return refuse(reply, is_failed(one));
      reply(entries(nodes));
    });
  }
}

Answer Keeper::entries(const std::vector<std::uint32_t>& nodes) const {
  Answer answer;
  Json all = Json::array();
  for (const std::uint32_t ns : nodes) {
    const net::Namespace& node = held_.desired.namespaces[ns];
    const auto machine = machines_.find(ns);
    const net::Rights& rights = node.machine.rights;
    const Adoption* container = held_.adoptions.of(node.adopted);
    if (container == nullptr && machine == machines_.end()) {
      return {error_answer({"enter node " + node.name, "", 0, "its init has just ended", "try again"})};
    }
    std::vector<int> given{container != nullptr ? container->process.get()
                                                : machine->second.machine.pidfd.get()};
    for (const int group : held_.cgroups.entrances(ns)) given.push_back(group);
    for (const int number : given) {
      auto copy = sys::duplicate(number);
      if (!copy) return {error_answer(copy.error())};
      answer.descriptors.push_back(std::move(*copy));
    }
    all.push_back({{"node", node.name},
                   {"environment", node_environment(held_.desired.lab, node)},
                   {"own_users", container != nullptr && container->own_users},
                   {"capabilities", container != nullptr ? net::all_capabilities : rights.capabilities},
                   {"seccomp", container == nullptr && rights.seccomp},
                   {"cgroups", static_cast<std::uint64_t>(given.size() - 1)}});
  }
  answer.body = text_of({{"ok", true}, {"nodes", std::move(all)}});
  return answer;
}

void Keeper::on_processes(const Json&, const Reply& reply) {
  const auto all = processes();
  reply({all ? encode(*all) : error_answer(all.error())});
}

void Keeper::on_namespace(const Json& request, const Reply& reply) {
  const auto ns = directory_.node(text(request, "node"));
  if (!ns) return refuse(reply, ns.error());
  Answer answer{text_of({{"ok", true}})};
  auto copy = sys::duplicate(held_.namespaces[*ns]->descriptor());
  if (!copy) return refuse(reply, copy.error());
  answer.descriptors.push_back(std::move(*copy));
  reply(std::move(answer));
}

void Keeper::on_descriptors(const Json& request, const Reply& reply) {
  std::vector<std::uint32_t> wanted;
  for (const std::string& name : texts(request, "nodes")) {
    const auto ns = directory_.node(name);
    if (!ns) return refuse(reply, ns.error());
    wanted.push_back(*ns);
  }
  if (wanted.empty()) {
    for (std::uint32_t ns = 0; ns < held_.desired.namespaces.size(); ++ns)
      // The host's own is no node to be worked in by name.
      if (const net::Namespace& one = held_.desired.namespaces[ns];
          one.role == net::Namespace::Role::Node && one.adopted != net::host_namespace)
        wanted.push_back(ns);
  }
  Json all = Json::array();
  for (const std::uint32_t ns : wanted)
    all.push_back(
        {{"node", held_.desired.namespaces[ns].name}, {"descriptor", held_.namespaces[ns]->descriptor()}});
  reply({text_of({{"ok", true}, {"nodes", std::move(all)}})});
}

void Keeper::on_shape(const Json& request, const Reply& reply) {
  const auto target = directory_.target(text(request, "target"));
  if (!target) return refuse(reply, target.error());
  std::optional<net::Impairment> was;
  if (request.contains("was")) was = impairment_from(part(request, "was"));
  reply(
      outcome(shape(*target, impairment_from(part(request, "impairment")), text(request, "direction"), was)));
}

namespace {

/// Whether these ends of a wire can be shaped, and are still as whoever asks believes.
Result<> check_ends(const net::Desired& desired, const net::Wire& wire, const std::vector<int>& ends,
                    const std::optional<net::Impairment>& was) {
  for (const int end : ends) {
    const net::Device& device = desired.namespaces[wire.namespaces[end]].devices[wire.devices[end]];
    if (device.kind == net::Device::Kind::Existing)
      return refusal("impair", "what comes in by an interface of the host is not the lab's to impair",
                     "name one direction: --out or --back");
    if (was && device.egress != *was)
      return failure("impair", "", EAGAIN, "somebody else has changed it", "try again");
  }
  return {};
}

}  // namespace

Result<> Keeper::shape(const Target& target, const net::Impairment& impairment, const std::string& direction,
                       const std::optional<net::Impairment>& was) {
  if (target.kind == Target::Kind::Node || target.wire == net::none) {
    return refusal("impair", "only links and interfaces of links can be",
                   "name NODE:INTERFACE or NODE -- NODE");
  }
  HOPYARD_TRY(kernel::check_features(impairment));
  const net::Wire& wire = held_.desired.wires[target.wire];
  // The end that "out" goes out of.
  int near = target.reversed ? 1 : 0;
  if (target.kind == Target::Kind::Interface) {
    near = wire.namespaces[0] == target.ns && wire.devices[0] == target.device ? 0 : 1;
  }
  std::vector<int> ends;
  if (direction != "back") ends.push_back(near);
  if (direction != "out") ends.push_back(1 - near);
  // What the other machine's node sends is shaped there.
  if (wire.far && ends.size() == 1 && wire.namespaces[ends.front()] == net::none)
    return refusal("impair",
                   fmt::format("what {} sends leaves machine {}", wire.far->node, wire.far->machine),
                   "set the other direction alone, with out or back, and this one there");
  std::erase_if(ends, [&](int end) { return wire.namespaces[end] == net::none; });
  HOPYARD_TRY(check_ends(held_.desired, wire, ends, was));
  for (const int end : ends) {
    const std::uint32_t ns = wire.namespaces[end];
    net::Impairment& egress = held_.desired.namespaces[ns].devices[wire.devices[end]].egress;
    const net::Impairment before = std::exchange(egress, impairment);
    const plan::Operation step{plan::Verb::Shape, ns, wire.devices[end]};
    if (auto done = engine::run({&step, 1}, held_.desired, *held_.kernel, held_.namespaces); !done) {
      egress = before;
      return done;
    }
  }
  return {};
}

void Keeper::on_fail(const Json& request, const Reply& reply) {
  const auto target = directory_.target(text(request, "target"));
  if (!target) return refuse(reply, target.error());
  const Outages before = outages_;
  const auto steps = outages_.fail(*target);
  if (const auto done = engine::run(steps, held_.desired, *held_.kernel, held_.namespaces); !done) {
    outages_ = before;
    return refuse(reply, done.error());
  }
  if (target->kind != Target::Kind::Node) return reply(outcome({}));
  const auto machine = machines_.find(target->ns);
  if (text(request, "how") != "kill") {
    if (frozen_.insert(target->ns).second) refuse_orders(target->ns);
    // The init is not stopped: it must not start a service again meanwhile.
    return order(target->ns, "freeze", {}, [this, ns = target->ns, reply](const auto&) {
      if (frozen_.contains(ns)) signal_processes(ns, SIGSTOP);  // unless it was healed meanwhile
      reply(outcome({}));
    });
  }
  const bool has_processes = machine != machines_.end();
  if (has_processes) {
    const auto killed = sys::pidfd_send_signal(machine->second.machine.pidfd.get(), SIGKILL);
    if (!killed && killed.error().code != ESRCH) return refuse(reply, killed.error());
    machine->second.dying = true;
  }
  frozen_.erase(target->ns);
  if (!has_processes) return reply(outcome({}));
  machine->second.when_ended.push_back([reply] { reply(outcome({})); });
}

void Keeper::on_heal(const Json& request, const Reply& reply) {
  const auto target = directory_.target(text(request, "target"));
  if (!target) return refuse(reply, target.error());
  const Outages before = outages_;
  const Recovery recovery = outages_.heal(*target);
  if (const auto done = recover(recovery); !done) {
    outages_ = before;
    return refuse(reply, done.error());
  }
  if (target->kind == Target::Kind::Node && frozen_.erase(target->ns) != 0) {
    signal_processes(target->ns, SIGCONT);
    order(target->ns, "thaw", {}, [](const auto&) {});
  }
  for (const plan::Operation& step : recovery.steps)
    if (const std::string client = client_of(step, held_.desired); !client.empty())
      if (has_running_services(step.ns)) order(step.ns, "restart", {client}, [](const auto&) {});
  if (target->kind != Target::Kind::Node) return reply(outcome({}));
  const bool has_commands = held_.desired.namespaces[target->ns].warm;
  const auto machine = machines_.find(target->ns);
  const bool lives = machine != machines_.end() && !machine->second.dying;
  if (!has_commands || lives) return reply(outcome({}));
  warm(target->ns, true, [reply](const Result<>& result) { reply(outcome(result)); });
}

Result<> Keeper::recover(const Recovery& recovery) {
  HOPYARD_TRY(engine::run(recovery.steps, held_.desired, *held_.kernel, held_.namespaces));
  for (const auto& [step, route] : recovery.reduced) {
    net::Route& wanted = held_.desired.namespaces[step.ns].routes[step.item];
    const net::Route whole = std::exchange(wanted, route);
    auto done = engine::run({&step, 1}, held_.desired, *held_.kernel, held_.namespaces);
    wanted = whole;
    if (!done) return done;
  }
  // What somebody has made impossible meanwhile is told as drift.
  for (const plan::Operation& step : recovery.last)
    static_cast<void>(engine::run({&step, 1}, held_.desired, *held_.kernel, held_.namespaces));
  return {};
}

}  // namespace hopyard::keeper
