#pragma once

#include <unordered_map>
#include <vector>

#include "language/draft.hh"

namespace hopyard::language {

/// What a word after `kind:` stands for: one of the language's kinds, and what `kinds:` gives to it and to
/// the kinds between.
struct KindMeaning {
  lab::Kind kind = lab::Kind::Host;
  std::vector<const Yaml*> layers;  ///< the most general first
};

/// The kinds of a lab.
class Kinds {
 public:
  explicit Kinds(Draft& draft) : draft_(draft) {}
  /// Reports a kind that is not there, once for each place, and then returns nothing.
  [[nodiscard]] const KindMeaning* meaning(const Text& word);
  /// Reports mistakes in kinds that no node has.
  void check_all();

 private:
  void unknown(const Text& word);
  Draft& draft_;
  std::unordered_map<std::string_view, KindMeaning> known_;
  std::vector<std::string_view> open_;  ///< kinds being looked up: found again, it is a cycle
};

/// Reads one layer of what a node is (defaults, a kind, an entry) over what nearer layers have not given yet.
/// Layers are read from the most general to the nearest: values replace, maps merge, lists replace.
void read_node_layer(Draft& draft, std::uint32_t node, const Yaml& layer, const Indices& indices);

/// Whether a node of @p kind may have @p key, as far as containers, interfaces of the host and what belongs
/// to them are concerned.
[[nodiscard]] bool fits(lab::Kind kind, NodeKey key);
void report_misfit(Context& context, const lab::Node& node, std::string_view key, Span at);
/// Reads a key about what is there before the lab: containers, interfaces of the host.
void read_world(Values& values, NodeKey key, const Yaml& value, lab::Node& node, NodeDraft& draft);

/// Parts of a node's layer.
void read_interfaces(Values& values, const Yaml& value, std::vector<InterfaceDraft>& into);
/// Lists of addresses by some name. @param what the map is called in messages.
void read_addresses(Values& values, const Yaml& value, std::vector<AddressDraft>& into,
                    std::string_view what = "'addresses'",
                    std::string_view example = "addresses: {eth0: 10.0.0.1/24}");
[[nodiscard]] std::vector<RouteDraft> read_routes(Values& values, const Yaml& value);
[[nodiscard]] std::vector<RuleDraft> read_rules(Values& values, const Yaml& value);
void read_nat(Values& values, const Yaml& value, NodeDraft& into);
[[nodiscard]] std::vector<ForwardDraft> read_forwards(Values& values, const Yaml& value);
void read_uplink(Values& values, const Yaml& value, NodeDraft& into);
/// True and false, of which `what` is the key.
[[nodiscard]] std::optional<bool> read_truth(Values& values, const Yaml& value, std::string_view what);
void read_dhcp(Values& values, const Yaml& value, DhcpDraft& into);
void read_dns(Values& values, const Yaml& value, DnsDraft& into);
void read_name_servers(Values& values, const Yaml& value, NodeDraft& into);
void read_cloud_init(Values& values, const Yaml& value, std::optional<lab::Vm::Seed>& into);
void read_vm(Values& values, const Yaml& value, lab::Vm& into);
/// How a switch forwards, and the VLANs of its ports.
void read_switch(Values& values, NodeKey key, const Yaml& value, lab::Switch& into, NodeDraft& draft);
/// Where the controllers of a switch of Open vSwitch are.
void read_controllers(Values& values, const Yaml& value, std::vector<ControllerDraft>& into);
/// Reports what Open vSwitch cannot do, and looks up the controllers of the switch.
void resolve_ovs(Draft& draft, std::uint32_t node);
void read_vlans(Values& values, InterfaceKey key, const Yaml& value, InterfaceDraft& into);
void read_radvd(Values& values, const Yaml& value, RadvdDraft& into);
/// A configuration that the person wrote: its text, or the file that it is in.
void read_config(Values& values, const Yaml& value, std::optional<lab::DaemonConfig>& into);
void read_sysctls(Values& values, const Yaml& value, std::vector<net::Sysctl>& into);
void read_files(Values& values, const Yaml& value, std::vector<net::File>& into);
/// A list of names; what each adds to what is before it, or with a - takes from it.
[[nodiscard]] net::CapabilitySet read_capabilities(Values& values, const Yaml& value);
/// Why a text cannot be the path of a node's file.
[[nodiscard]] std::optional<std::string> bad_path(std::string_view path);
void read_services(Values& values, const Yaml& value, std::vector<ServiceDraft>& into);
/// Looks up what each service comes after, once all layers of the node are read, and gives them to the node.
void finish_services(Context& context, NodeDraft& draft, lab::Node& node);
void read_environment(Values& values, const Yaml& value,
                      std::vector<std::pair<std::string, std::string>>& into);
[[nodiscard]] std::vector<std::string> read_firewall(Values& values, const Yaml& value);
/// Reads a key about routing protocols and their daemons; `routing` itself is one of them.
void read_dynamic(Values& values, NodeKey key, const Yaml& value, lab::Node& node, NodeDraft& draft);
void merge_labels(lab::Labels& into, lab::Labels nearer);

}  // namespace hopyard::language
