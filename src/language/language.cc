#include "language/language.hh"

#include <fmt/format.h>

#include "language/checks.hh"
#include "language/draft.hh"
#include "language/include.hh"
#include "language/machines.hh"

namespace hopyard::language {
namespace {

/// The sections of a lab file that are read after all others are known.
struct Sections {
  const Yaml* networks = nullptr;
  const Yaml* nodes = nullptr;
  const Yaml* links = nullptr;
  const Yaml* checks = nullptr;
  MachinesDraft machines;
};

void read_defaults(Draft& draft, Values& values, const Yaml& value) {
  if (!values.map(value, "'defaults'", "defaults: {nodes: {sysctl: {net.ipv4.ip_forward: 1}}}")) return;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Yaml& key = value.key(i);
    const bool of_node = node_object.find(key.text).key != nullptr;
    if (defaults_object.find(key.text).key == nullptr &&
        (of_node || link_object.find(key.text).key != nullptr)) {
      draft.context.report.error(
          key.at, fmt::format("'{}' cannot stand here", key.text),
          fmt::format("defaults: {{{}: {{{}: ...}}}}", of_node ? "nodes" : "links", key.text));
      continue;
    }
    const auto found = values.known_key(key, defaults_object);
    if (found.key == nullptr) continue;
    switch (as<DefaultsKey>(found)) {
      case DefaultsKey::Nodes:
        draft.node_defaults = &value.value(i);
        break;
      case DefaultsKey::Links:
        draft.link_defaults = &value.value(i);
        break;
      case DefaultsKey::Networks:
        draft.network_defaults = &value.value(i);
        break;
    }
  }
}

void set_name(Draft& draft, const Text& name) {
  if (const auto reason = bad_lab_name(name.value))
    return draft.context.report.error(name.at, fmt::format("'{}' cannot be the name of a lab", name.value),
                                      *reason);
  draft.lab.name = name.value;
}

void read_pool(Draft& draft, Values& values, const Yaml& value) {
  draft.pool_given = true;
  draft.pool_at = value.at;
  if (!value.is_null()) draft.lab.pool = values.prefixes(value, "'pool'");
}

Sections read_root(Draft& draft, const Yaml& root) {
  Sections sections;
  Values values(draft.context, {});
  values.each_key(root, lab_object, [&](const Object::Found& found, const Yaml& value) {
    switch (as<LabKey>(found)) {
      case LabKey::Lab:
        if (const auto name = values.text(value, "'lab'")) set_name(draft, *name);
        break;
      case LabKey::Description:
        if (const auto text = values.text(value, "'description'", Braces::Free))
          draft.lab.description = text->value;
        break;
      case LabKey::Include:
      case LabKey::Variables:
        break;  // done with when the files were read
      case LabKey::Pool:
        read_pool(draft, values, value);
        break;
      case LabKey::Neighbours:
        if (const auto chosen = values.choice(value, "'neighbours'", neighbours_words()))
          draft.lab.neighbours = *chosen == 0 ? lab::Neighbours::Learned : lab::Neighbours::Static;
        break;
      case LabKey::Memory:
        if (const auto chosen = values.choice(value, "'memory'", memory_words()))
          draft.lab.merges_memory = *chosen == 1;
        break;
      case LabKey::Defaults:
        read_defaults(draft, values, value);
        break;
      case LabKey::Kinds:
        draft.kinds = &value;
        break;
      case LabKey::Networks:
        sections.networks = &value;
        break;
      case LabKey::Nodes:
        sections.nodes = &value;
        break;
      case LabKey::Links:
        sections.links = &value;
        break;
      case LabKey::Labels:
        draft.lab.labels = values.labels(value);
        break;
      case LabKey::Checks:
        sections.checks = &value;
        break;
      case LabKey::Machines:
        sections.machines.machines = &value;
        break;
      case LabKey::Between:
        sections.machines.between = &value;
        break;
    }
  });
  return sections;
}

void read_lab(Context& context, const Yaml& root, lab::Lab& lab, std::vector<lab::Check>& checks) {
  Draft draft(context, lab);
  lab.at = root.at;
  lab.name = name_of_file(context.options.path);
  lab.pool = {Prefix{IpAddress::v4(10U << 24U), 8}};
  const Sections sections = read_root(draft, root);
  if (context.options.name) set_name(draft, {*context.options.name, {}});
  read_networks(draft, sections.networks);
  read_node_names(draft, sections.nodes);
  read_links(draft, sections.links);
  read_nodes(draft);
  read_machines(draft, sections.machines);
  add_uplinks(draft);
  attach(draft);
  give_switches_addresses(draft);
  number(draft);
  fit_machines(draft);
  resolve_tunnels(draft);
  resolve(draft);
  finish_uplinks(draft);
  check(draft);
  checks = read_checks(draft, sections.checks);
  if (lab.nodes.empty() && context.report.errors() == 0)
    context.report.error(root.at, "the lab has no nodes", "links: [a -- b]");
}

}  // namespace

Reading read(const Options& options, const Loader& load) {
  Reading reading;
  Context context{options, load, reading.sources, Report(reading.diagnostics)};
  Variables variables(options, context.arena, context.report);
  if (const Yaml* root = read_files(context, variables))
    read_lab(context, *root, reading.lab, reading.checks);
  reading.diagnostics.sort();
  return reading;
}

}  // namespace hopyard::language
