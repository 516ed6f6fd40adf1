#include <array>

#include "language/key.hh"

/// What a node says of its routing daemons.
namespace hopyard::language {
namespace {

constexpr std::array bgp_keys{
    key(BgpKey::Announce, "announce", Type::Announced,
        "prefixes to announce beside those that the node is connected to"),
    key(BgpKey::RouterId, "router-id", Type::RouterId,
        "an IPv4 address; the first one of the node if not given"),
    key(BgpKey::Reflector, "reflector", Type::Truth,
        "true to reflect routes between neighbours of its own AS"),
    key(BgpKey::Unnumbered, "unnumbered", Type::Truth,
        "true to need no addresses on links to others that are unnumbered"),
    key(BgpKey::Mesh, "mesh", Type::Truth,
        "true for sessions with all of its AS that are in the mesh, between addresses on lo"),
    key(BgpKey::Bfd, "bfd", Type::Truth, "true to watch neighbours by BFD"),
    key(BgpKey::Timers, "timers", Type::BgpTimers, "its timers"),
};

constexpr std::array ospf_keys{
    key(OspfKey::Area, "area", Type::Area, "the area of all its interfaces; 0 if not given"),
    key(OspfKey::Passive, "passive", Type::Names,
        "interfaces or networks that are announced and not spoken on"),
    key(OspfKey::Bfd, "bfd", Type::Truth, "true to watch neighbours by BFD"),
    key(OspfKey::Timers, "timers", Type::OspfTimers, "its timers"),
    key(OspfKey::Interfaces, "interfaces", Type::OspfInterfaces,
        "area and cost of single interfaces or networks"),
};

constexpr std::array ospf_interface_keys{
    key(OspfInterfaceKey::Area, "area", Type::Area, "its area; that of the node if not given"),
    key(OspfInterfaceKey::Cost, "cost", Type::Cost, "of leaving the node here; the link's if not given"),
};

constexpr std::array bgp_timers_keys{
    key(BgpTimersKey::Keepalive, "keepalive", Type::Duration, "how often a neighbour hears of it"),
    key(BgpTimersKey::Hold, "hold", Type::Duration, "how long a neighbour may be silent"),
    key(BgpTimersKey::ConnectRetry, "connect-retry", Type::Duration, "how often it tries to connect"),
};
constexpr std::array ospf_timers_keys{
    key(OspfTimersKey::Hello, "hello", Type::Duration, "how often a neighbour hears of it"),
    key(OspfTimersKey::Dead, "dead", Type::Duration, "how long a neighbour may be silent"),
};

constexpr std::array rip_keys{
    key(RipKey::Passive, "passive", Type::Names,
        "interfaces or networks that are announced and not spoken on"),
};

constexpr std::array isis_keys{
    key(IsisKey::Area, "area", Type::IsisArea, "its area's address: 49.0001, if not given"),
    key(IsisKey::Level, "level", Type::IsisLevel, "1, 2 or 1-2; 2 if not given"),
    key(IsisKey::Passive, "passive", Type::Names,
        "interfaces or networks that are announced and not spoken on"),
    key(IsisKey::Bfd, "bfd", Type::Truth, "true to watch neighbours by BFD"),
};

constexpr std::array frr_keys{
    key(DaemonKey::Config, "config", Type::Config, "the text of /etc/frr/frr.conf, or {file: PATH}"),
};
constexpr std::array bird_keys{
    key(DaemonKey::Config, "config", Type::Config, "the text of /etc/bird/bird.conf, or {file: PATH}"),
};
constexpr std::array config_keys{
    key(ConfigKey::File, "file", Type::Path, "a file to take it from, relative to the lab file"),
};

}  // namespace

constinit const Object bgp_object{"'bgp'", bgp_keys};
constinit const Object bgp_timers_object{"'timers' of BGP", bgp_timers_keys};
constinit const Object ospf_timers_object{"'timers' of OSPF", ospf_timers_keys};
constinit const Object ospf_object{"'ospf'", ospf_keys};
constinit const Object rip_object{"'rip'", rip_keys};
constinit const Object isis_object{"'isis'", isis_keys};
constinit const Object frr_object{"'frr'", frr_keys};
constinit const Object bird_object{"'bird'", bird_keys};
constinit const Object config_object{"'config'", config_keys};
constinit const Object ospf_interface_object{"an interface of OSPF", ospf_interface_keys};

}  // namespace hopyard::language
