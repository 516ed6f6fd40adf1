#include "language/machines.hh"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "language/given.hh"
#include "language/kinds.hh"
#include "language/lab_keys.hh"

namespace hopyard::language {
namespace {

using By = lab::Between::By;

constexpr std::size_t most_machines = 250;  // each has an address of one /24 inside of wireguard
constexpr std::uint16_t vxlan_port = 4789;  // RFC 7348
constexpr std::uint16_t wireguard_port = 51820;
constexpr std::size_t least_secret = 8;
constexpr std::string_view example = "machines: {a: {address: 192.0.2.1}, b: {address: 198.51.100.2}}";

class Machines {
 public:
  Machines(Draft& draft, const MachinesDraft& said)
      : draft_(draft), report_(draft.context.report), said_(said) {}

  void read() {
    if (said_.machines == nullptr) return refuse_without_machines();
    read_between();
    read_machines();
    const std::size_t before = report_.errors();
    check_families();
    for (std::uint32_t node = 0; node < draft_.nodes.size(); ++node) place(node);
    if (report_.errors() == before) check_links();
  }

 private:
  void refuse_without_machines();
  void read_machines();
  void read_machine(const Text& name, const Yaml& body);
  void read_between();
  void read_between_keys(const Yaml& value);
  void check_between(const Yaml& value);
  void make_keys();
  void check_families();
  void place(std::uint32_t node);
  void check_links();
  [[nodiscard]] std::string names() const {
    std::vector<std::string_view> all;
    all.reserve(draft_.lab.machines.size());
    for (const lab::Machine& one : draft_.lab.machines) all.push_back(one.name);
    return fmt::format("{}", fmt::join(all, ", "));
  }
  [[nodiscard]] lab::Between& between() { return draft_.lab.between; }

  Draft& draft_;
  Report& report_;
  const MachinesDraft& said_;
  std::optional<lab::DaemonConfig> secret_;
  Span port_at_;
  Span vni_at_;
  Span secret_at_;
};

void Machines::refuse_without_machines() {
  if (said_.between != nullptr)
    report_.error(said_.between->at, "'between' is for a lab with 'machines'", std::string(example));
  for (const NodeDraft& node : draft_.nodes)
    if (node.machine)
      report_.error(node.machine->at, "'machine' is for a lab with 'machines'", std::string(example));
}

void Machines::read_machines() {
  const std::size_t before = report_.errors();
  Values values(draft_.context, {});
  values.each_entry(
      *said_.machines, "'machines'", [&](const Text& name, const Yaml& body) { read_machine(name, body); },
      example);
  if (report_.errors() != before) return;
  if (draft_.lab.machines.size() < 2)
    report_.error(said_.machines->at, "a lab with 'machines' has two or more", std::string(example));
  if (draft_.lab.machines.size() > most_machines)
    report_.error(said_.machines->at, fmt::format("a lab has {} machines at most", most_machines));
  if (between().by == By::Wireguard && secret_) make_keys();
}

void Machines::read_machine(const Text& name, const Yaml& body) {
  if (const auto reason = bad_node_name(name.value))
    return report_.error(name.at, fmt::format("'{}' cannot be the name of a machine", name.value), *reason);
  lab::Machine machine;
  machine.name = name.value;
  machine.at = name.at;
  bool has_address = false;
  const std::size_t before = report_.errors();
  Values values(draft_.context, {});
  values.each_key(body, machine_object, [&](const Object::Found& found, const Yaml& value) {
    if (as<MachineKey>(found) == MachineKey::Port) {
      machine.port = static_cast<std::uint16_t>(values.integer(value, "'port'", 1, 65535).value_or(0));
      if (between().by != By::Wireguard)
        report_.error(value.at, "machines have a port of their own with wireguard alone",
                      between().by == By::Vxlan ? "one for all of them: between: {by: vxlan, port: 4789}"
                                                : "gretap has no ports");
      return;
    }
    const auto text = values.text(value, "'address'");
    if (!text) return;
    const auto address = IpAddress::parse(text->value);
    if (!address || unfit(*address) || link_local(*address))
      return values.wrong(value, "'address'", "an address that the other machines reach, such as 192.0.2.1");
    machine.address = *address;
    has_address = true;
  });
  if (!has_address && report_.errors() == before)
    report_.error(name.at, fmt::format("machine '{}' has no address", name.value),
                  fmt::format("{}: {{address: 192.0.2.1}}, where the others reach it", name.value));
  if (machine.port == 0 && between().by == By::Wireguard) machine.port = between().port;
  draft_.lab.machines.push_back(std::move(machine));
}

void Machines::read_between_keys(const Yaml& value) {
  Values values(draft_.context, {});
  lab::Between& into = between();
  values.each_key(value, between_object, [&](const Object::Found& found, const Yaml& one) {
    switch (as<BetweenKey>(found)) {
      case BetweenKey::By:
        if (const auto chosen = values.choice(one, "'by'", between_words()))
          into.by = static_cast<By>(*chosen);
        return;
      case BetweenKey::Vni:
        vni_at_ = one.at;
        into.vni = static_cast<std::uint32_t>(values.integer(one, "'vni'", 1, (1 << 24) - 1).value_or(0));
        return;
      case BetweenKey::Port:
        port_at_ = one.at;
        into.port = static_cast<std::uint16_t>(values.integer(one, "'port'", 1, 65535).value_or(0));
        return;
      case BetweenKey::Mtu:
        into.mtu = values.mtu(one).value_or(into.mtu);
        return;
      case BetweenKey::Secret:
        secret_at_ = one.at;
        read_config(values, one, secret_);
        return;
    }
  });
}

void Machines::read_between() {
  Values values(draft_.context, {});
  const Yaml* said = said_.between;
  if (said != nullptr && said->is_map()) {
    read_between_keys(*said);
    check_between(*said);
  } else if (said != nullptr) {
    if (const auto chosen = values.choice(*said, "'between'", between_words()))
      between().by = static_cast<By>(*chosen);
    if (between().by == By::Wireguard) check_between(*said);
  }
  if (between().by == By::Vxlan && between().port == 0) between().port = vxlan_port;
  if (between().by == By::Wireguard && between().port == 0) between().port = wireguard_port;
}

void Machines::check_between(const Yaml& value) {
  if (between().by == By::Gretap && port_at_.known())
    report_.error(port_at_, "gretap has no ports", "its packets are of IP protocol 47");
  // Outer packets leave by a port below the one after it.
  if (between().by == By::Vxlan && between().port == 65535)
    report_.error(port_at_, "the port of vxlan is 65534 at most", "port: 4789");
  if (between().by != By::Wireguard && secret_at_.known())
    return report_.error(secret_at_, "only wireguard has a secret", "by: wireguard");
  if (between().by != By::Wireguard) return;
  if (!secret_at_.known())
    return report_.error(value.at, "wireguard between machines needs a secret that both know",
                         "between: {by: wireguard, secret: {file: lab.secret}}");
  if (secret_ && secret_->text.size() < least_secret) {
    secret_.reset();
    report_.error(secret_at_, fmt::format("the secret is shorter than {} bytes", least_secret),
                  "for instance: head -c 24 /dev/urandom | base64 > lab.secret");
  }
}

void Machines::make_keys() {
  for (lab::Machine& one : draft_.lab.machines) {
    one.private_key = machine_key(secret_->text, draft_.lab.name, one.name);
    one.public_key = public_key(one.private_key);
  }
}

void Machines::check_families() {
  const auto& all = draft_.lab.machines;
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[i].address.family() != all[0].address.family())
      return report_.error(
          all[i].at,
          fmt::format("the machines '{}' and '{}' have addresses of two families", all[0].name, all[i].name),
          "the same family for all, IPv4 or IPv6");
    for (std::size_t j = 0; j < i; ++j)
      if (all[j].address == all[i].address && all[j].port == all[i].port)
        return report_.error(
            all[i].at,
            fmt::format("{} is the address of machine '{}' already", all[i].address.text(), all[j].name),
            between().by == By::Wireguard ? "another port would do: port: 51821" : "");
  }
}

void Machines::place(std::uint32_t index) {
  const NodeDraft& said = draft_.nodes[index];
  lab::Node& node = draft_.lab.nodes[index];
  if (!said.machine)
    return report_.error(
        node.at, fmt::format("'{}' is on no machine", node.name),
        fmt::format("nodes: {{{}: {{machine: {}}}}}; the lab's machines: {}", node.name,
                    draft_.lab.machines.empty() ? "a" : draft_.lab.machines.front().name, names()));
  const auto found = std::ranges::find(draft_.lab.machines, said.machine->value, &lab::Machine::name);
  if (found == draft_.lab.machines.end())
    return report_.error(said.machine->at, fmt::format("no machine '{}'", said.machine->value),
                         fmt::format("the lab's machines: {}", names()));
  node.on_machine = static_cast<std::uint32_t>(found - draft_.lab.machines.begin());
}

/// An interface of the host that is not bridged is lent to nodes of that host alone.
void Machines::check_links() {
  for (const lab::Link& link : draft_.lab.links) {
    if (link.ends[0].to != lab::End::To::Node || link.ends[1].to != lab::End::To::Node) continue;
    const lab::Node* nodes[] = {&draft_.lab.nodes[link.ends[0].index], &draft_.lab.nodes[link.ends[1].index]};
    if (nodes[0]->on_machine == nodes[1]->on_machine) continue;
    for (const lab::Node* one : nodes)
      if (one->kind == lab::Kind::External && one->external.by != lab::External::By::Bridge)
        report_.error(
            link.at,
            fmt::format("'{} -- {}' spans machines, and '{}' is an interface of its own machine alone",
                        nodes[0]->name, nodes[1]->name, one->name),
            "by: bridge, or a node of the same machine");
  }
}

}  // namespace

void read_machines(Draft& draft, const MachinesDraft& said) {
  Machines(draft, said).read();
}

}  // namespace hopyard::language
