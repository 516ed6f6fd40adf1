#include <fmt/format.h>

#include "language/kinds.hh"

namespace hopyard::language {
namespace {

InterfaceDraft& interface(std::vector<InterfaceDraft>& list, const Text& name) {
  for (InterfaceDraft& one : list)
    if (one.name.value == name.value) return one;
  list.emplace_back().name = name;
  return list.back();
}

void read_interface(Values& values, const Yaml& value, InterfaceDraft& draft) {
  ImpairmentDraft impairment;
  values.each_key(value, interface_object, [&](const Object::Found& found, const Yaml& one) {
    if (found.object == &impairment_object)
      return read_impairment(values, as<ImpairmentKey>(found), one, impairment);
    if (found.object == &interface_type_object)
      return read_type_key(values, as<TypeKey>(found), found.key->name, one, draft.type);
    switch (as<InterfaceKey>(found)) {
      case InterfaceKey::Type:
        read_interface_type(values, one, draft.type);
        break;
      case InterfaceKey::Mac:
        draft.mac = values.mac(one);
        draft.mac_at = one.at;
        break;
      case InterfaceKey::Mtu:
        draft.mtu = values.mtu(one).value_or(0);
        break;
      case InterfaceKey::Addresses:
        draft.addresses = values.texts(one, "'addresses'");
        draft.addresses_at = one.at;
        break;
      case InterfaceKey::Dhcp:
        draft.dhcp = read_truth(values, one, "'dhcp'");
        draft.dhcp_at = one.at;
        break;
      case InterfaceKey::Vlan:
      case InterfaceKey::Vlans:
        read_vlans(values, as<InterfaceKey>(found), one, draft);
        break;
      case InterfaceKey::Labels:
        merge_labels(draft.labels, values.labels(one));
        break;
    }
  });
  draft.impairment.take(impairment);
}

}  // namespace

void read_interfaces(Values& values, const Yaml& value, std::vector<InterfaceDraft>& into) {
  values.each_entry(
      value, "'interfaces'",
      [&](const Text& name, const Yaml& body) {
        if (name.value == "lo")
          return values.context.report.error(
              name.at, "'lo' is there without being described",
              "its addresses are written under 'addresses': {lo: 10.0.0.1/32}");
        read_interface(values, body, interface(into, name));
      },
      "interfaces: {eth0: {mtu: 9000}}");
}

void read_addresses(Values& values, const Yaml& value, std::vector<AddressDraft>& into, std::string_view what,
                    std::string_view example) {
  values.each_entry(
      value, what,
      [&](const Text& key, const Yaml& body) {
        std::vector<Text> texts = values.texts(body, "an address");
        for (AddressDraft& one : into)
          if (one.key.value == key.value) {
            one = {key, std::move(texts)};
            return;
          }
        into.push_back({key, std::move(texts)});
      },
      example);
}

}  // namespace hopyard::language
