#include <array>

#include "language/key.hh"

/// What only some types of interfaces and links have; link_types.cc says which.
namespace hopyard::language {
namespace {

constexpr Key id = key(TypeKey::Id, "id", Type::Count, "of a vlan: its number; of vxlan and geneve: the VNI");
constexpr Key port = key(TypeKey::Port, "port", Type::Port,
                         "UDP port of vxlan, geneve and wireguard; the usual one if not given");
constexpr Key gre_key = key(TypeKey::Key, "key", Type::Count,
                            "of gre and its kind, and vti: tells tunnels of the same two apart");
constexpr Key ttl = key(TypeKey::Ttl, "ttl", Type::Count, "of a tunnel's outer packets; 64 if not given");

constexpr std::array interface_type_keys{
    key(TypeKey::On, "on", Type::InterfaceName, "the interface that it stands on: of vlan, macvlan …"),
    key(TypeKey::Of, "of", Type::Names, "the interfaces that it is made of: of bond, team and vrf"),
    id,
    key(TypeKey::Mode, "mode", Type::Text, "of bond, team, macvlan, macvtap and ipvlan"),
    key(TypeKey::Miimon, "miimon", Type::Duration, "how often a bond looks at its ports; 100ms if not given"),
    key(TypeKey::Table, "table", Type::Count, "the routing table of a vrf"),
    key(TypeKey::Local, "local", Type::Address, "a tunnel's outer address here"),
    key(TypeKey::Remote, "remote", Type::Address, "a tunnel's outer address there"),
    port,
    gre_key,
    ttl,
    key(TypeKey::Owner, "owner", Type::UserId,
        "number of the user who alone may open a tun or tap, beside root"),
    key(TypeKey::Group, "group", Type::UserId,
        "number of the group whose members alone may open a tun or tap"),
    key(TypeKey::MultiQueue, "multi-queue", Type::Truth,
        "true: a program may open a tun or tap several times"),
    key(TypeKey::PrivateKey, "private-key", Type::Text,
        "of wireguard, in base64; made from the names of lab, node and interface if not given"),
    key(TypeKey::Peers, "peers", Type::WireguardPeers, "of wireguard: the other ends"),
    key(TypeKey::Peer, "peer", Type::Text, "of macsec: the other end, a macsec of the lab (b:mac0) or a MAC"),
    key(TypeKey::SendKey, "send-key", Type::Text, "of macsec: 32 hexadecimal digits, for what it sends"),
    key(TypeKey::ReceiveKey, "receive-key", Type::Text, "of macsec: the same for what the other end sends"),
};

constexpr std::array wireguard_peer_keys{
    key(WireguardPeerKey::PublicKey, "public-key", Type::Text,
        "in base64, or the interface of the lab that has it: b:wg0"),
    key(WireguardPeerKey::PresharedKey, "preshared-key", Type::Text, "a secret of both, in base64"),
    key(WireguardPeerKey::Endpoint, "endpoint", Type::Text,
        "where it is reached: ADDRESS:PORT; not given: it speaks first"),
    key(WireguardPeerKey::Allowed, "allowed", Type::Prefixes,
        "what it may send, and is sent; all if not given"),
    key(WireguardPeerKey::Keepalive, "keepalive", Type::Duration, "how often it is spoken to at least"),
};

constexpr std::array link_type_keys{
    key(TypeKey::Over, "over", Type::Texts,
        "interface or outer address that a tunnel goes by: one for both ends, or a list of two"),
    id,
    port,
    gre_key,
    ttl,
    key(TypeKey::Keepalive, "keepalive", Type::Duration, "how often wireguard speaks to keep its way open"),
};

}  // namespace

constinit const Object interface_type_object{"an interface", interface_type_keys, &impairment_object};
constinit const Object wireguard_peer_object{"a peer of wireguard", wireguard_peer_keys};
constinit const Object link_type_object{"a link", link_type_keys, &impairment_object};

}  // namespace hopyard::language
