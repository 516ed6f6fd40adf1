#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "base/suggest.hh"
#include "keeper/datapath.hh"
#include "keeper/keeper.hh"
#include "keeper/known_daemons.hh"
#include "net/taps.hh"
#include "sys/socket.hh"

namespace hopyard::keeper {
namespace {

// For all services of the lab to end when it goes down, beside what some of them are granted; what is left
// then is killed.
constexpr std::chrono::milliseconds shortest_stop{5000};
constexpr std::chrono::milliseconds farewell{500};  // for the answer to `down` to leave

std::chrono::milliseconds longest_stop(const net::Desired& desired) {
  std::chrono::milliseconds longest{0};
  for (const net::Namespace& ns : desired.namespaces)
    for (const net::Service& service : ns.machine.services)
      longest = std::max(longest, service.parting.grace);
  return shortest_stop + longest;
}

}  // namespace

void Keeper::on_service(std::uint32_t ns, const Json& told) {
  Running& running = machines_.at(ns);
  ServiceDescription service = service_from(told);
  service.node = held_.desired.namespaces[ns].name;
  // The switch forwards without it, too; so a refusal is none of the switch's.
  if (service.name == net::ovs_daemon && service.state == ServiceState::Running)
    static_cast<void>(
        give_datapath_its_mac(held_.namespaces[ns]->descriptor(), held_.desired.lab, service.node));
  for (ServiceDescription& known : running.services) {
    if (known.name != service.name) continue;
    known = std::move(service);
    return;
  }
  running.services.push_back(std::move(service));  // somebody has started it in the node
}

void Keeper::on_order_done(Running& running, const Json& message) {
  const auto order = running.ordered.extract(number(message, "done"));
  if (order.empty()) return;
  if (!message.contains("error")) return order.mapped()(texts(message, "services"));
  order.mapped()(std::unexpected(error_from(part(message, "error"))));
}

void Keeper::order(std::uint32_t ns, const std::string& what, const std::vector<std::string>& services,
                   Ordered done) {
  const auto found = machines_.find(ns);
  if (found == machines_.end() || !found->second.machine.report)
    return done(refusal("speak with node " + held_.desired.namespaces[ns].name, "its init does not run"));
  Running& running = found->second;
  const std::uint64_t number = ++running.orders;
  const std::string body = text_of({{"order", number}, {"do", what}, {"services", services}});
  if (const auto sent = sys::send_all(running.machine.report.get(), frame(body)); !sent)
    return done(std::unexpected(sent.error()));
  running.ordered.emplace(number, std::move(done));
}

Error Keeper::is_failed(std::uint32_t ns) const {
  const std::string& name = held_.desired.namespaces[ns].name;
  return {"node " + name + " is failed", "", 0, "", "bring it back with: hopyard heal " + name};
}

void Keeper::refuse_orders(std::uint32_t ns) {
  const auto found = machines_.find(ns);
  if (found == machines_.end()) return;
  for (const auto& [number, done] : std::exchange(found->second.ordered, {}))
    done(std::unexpected(is_failed(ns)));
}

std::vector<ServiceDescription> Keeper::services_of(std::uint32_t ns) const {
  const net::Namespace& node = held_.desired.namespaces[ns];
  const auto machine = machines_.find(ns);
  if (machine != machines_.end() && !machine->second.services.empty()) return machine->second.services;
  std::vector<ServiceDescription> services;
  for (const net::Service& one : node.machine.services) {
    ServiceDescription& service = services.emplace_back();
    service.node = node.name;
    service.name = one.name;
    service.state = ServiceState::Stopped;
    service.since = ready_;
  }
  return services;
}

bool Keeper::has_running_services(std::uint32_t ns) const {
  const auto machine = machines_.find(ns);
  if (machine == machines_.end() || !machine->second.machine.report || frozen_.contains(ns)) return false;
  return std::ranges::any_of(machine->second.services,
                             [](const ServiceDescription& service) { return service.pid != 0; });
}

void Keeper::on_services(const Json& request, const Reply& reply) {
  Json all = Json::array();
  const std::string name = text(request, "node");
  const auto add = [&](std::uint32_t ns) {
    for (const ServiceDescription& service : services_of(ns)) all.push_back(to_json(service));
  };
  if (!name.empty()) {
    const auto ns = directory_.node(name);
    if (!ns) return reply({error_answer(ns.error())});
    add(*ns);
  } else {
    for (std::uint32_t ns = 0; ns < held_.desired.namespaces.size(); ++ns) add(ns);
  }
  reply({text_of({{"ok", true}, {"services", std::move(all)}})});
}

void Keeper::on_order(const Json& request, const Reply& reply) {
  const auto ns = directory_.node(text(request, "node"));
  if (!ns) return reply({error_answer(ns.error())});
  const net::Namespace& node = held_.desired.namespaces[*ns];
  if (outages_.failed({Target::Kind::Node, *ns})) return reply({error_answer(is_failed(*ns))});
  const std::vector<ServiceDescription> now = services_of(*ns);
  std::vector<std::string_view> names;
  names.reserve(now.size());
  for (const ServiceDescription& service : now) names.push_back(service.name);
  std::vector<std::string> wanted = texts(request, "services");
  for (const std::string& one : wanted) {
    if (std::ranges::find(names, one) != names.end() || is_unit_of_every_node(one)) continue;
    std::string help = did_you_mean(one, names);
    if (help.empty() && !names.empty()) help = fmt::format("it has: {}", fmt::join(names, ", "));
    return reply(
        {error_answer({fmt::format("node {} has no service '{}'", node.name, one), "", 0, "", help})});
  }
  if (names.empty() && wanted.empty())
    return reply({error_answer({fmt::format("node {} has no services", node.name), "", 0, "", ""})});
  const std::string what = text(request, "order");
  warm(*ns, false, [this, ns = *ns, what, wanted = std::move(wanted), reply](const Result<>& made) {
    if (!made) return reply({error_answer(made.error())});
    if (outages_.failed({Target::Kind::Node, ns})) return reply({error_answer(is_failed(ns))});
    order(ns, what, wanted, [reply](const Result<std::vector<std::string>>& done) {
      if (!done) return reply({error_answer(done.error())});
      reply({text_of({{"ok", true}, {"services", *done}})});
    });
  });
}

void Keeper::on_down(const Json&, const Reply& reply) {
  std::vector<std::uint32_t> nodes;
  for (const auto& [ns, running] : machines_) {
    if (has_running_services(ns)) nodes.push_back(ns);
  }
  if (nodes.empty()) return say_farewell(reply);
  const auto left = std::make_shared<std::size_t>(nodes.size());
  end_timer_ = loop_.after(longest_stop(held_.desired), [this, left, reply] {
    *left = 0;
    say_farewell(reply);
  });
  for (const std::uint32_t ns : nodes) {
    order(ns, "stop", {}, [this, left, reply](const auto&) {
      if (*left != 0 && --*left == 0) say_farewell(reply);
    });
  }
}

void Keeper::say_farewell(const Reply& reply) {
  end_timer_ = loop_.after(farewell, [this] { end(EXIT_SUCCESS); });
  Answer answer = outcome({});
  answer.sent = [this] { end(EXIT_SUCCESS); };
  reply(std::move(answer));
}

}  // namespace hopyard::keeper
