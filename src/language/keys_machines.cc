#include <array>

#include "language/key.hh"

/// What a lab on several machines has.
namespace hopyard::language {
namespace {

constexpr std::array machine_keys{
    key(MachineKey::Address, "address", Type::Address,
        "where the other machines reach it, perhaps at the address of a NAT before it"),
    key(MachineKey::Port, "port", Type::Port,
        "UDP port where they reach it by wireguard; 51820 if not given"),
};

constexpr std::array between_keys{
    key(BetweenKey::By, "by", Type::BetweenWay,
        "what wires that span machines are made of: vxlan (if not given), gretap, wireguard"),
    key(BetweenKey::Vni, "vni", Type::Vni,
        "number of the first wire that spans machines, others count on from it; made from names if not "
        "given"),
    key(BetweenKey::Port, "port", Type::Port,
        "UDP port of vxlan, 4789 if not given, or of wireguard, 51820 if not given"),
    key(BetweenKey::Mtu, "mtu", Type::Mtu, "MTU of the way between the machines; 1500 if not given"),
    key(BetweenKey::Secret, "secret", Type::Config, "a text that the keys of wireguard are made from"),
};

}  // namespace

constinit const Object machine_object{"a machine", machine_keys};
constinit const Object between_object{"'between'", between_keys};

}  // namespace hopyard::language
