#include <array>

#include "language/keys.hh"

/// The words that a value may be one of.
namespace hopyard::language {
namespace {

constexpr std::array kinds{
    Choice{"host"},      Choice{"router"},   Choice{"switch"}, Choice{"hub"},
    Choice{"container"}, Choice{"external"}, Choice{"vm"},
};
constexpr std::array external_ways{Choice{"macvlan"}, Choice{"bridge"}, Choice{"nat"}, Choice{"move"}};
constexpr std::array routings{
    Choice{"static"}, Choice{"none"}, Choice{"bgp"}, Choice{"ospf"}, Choice{"rip"}, Choice{"isis"},
};
constexpr std::array neighbours{Choice{"learned"}, Choice{"static"}};
constexpr std::array memories{Choice{"own"}, Choice{"merge"}};
constexpr std::array isis_levels{Choice{"1"}, Choice{"2"}, Choice{"1-2"}};
constexpr std::array accelerators{Choice{"probe"}, Choice{"kvm"}, Choice{"tcg"}};
constexpr std::array betweens{Choice{"vxlan"}, Choice{"gretap"}, Choice{"wireguard"}};
constexpr std::array engines{Choice{"linux"}, Choice{"ovs"}};
constexpr std::array fail_modes{Choice{"standalone"}, Choice{"secure"}};
constexpr std::array daemons{Choice{"frr"}, Choice{"bird"}};
constexpr std::array link_types{
    Choice{"veth"},   Choice{"vxlan"},  Choice{"geneve"},    Choice{"gre"},
    Choice{"gretap"}, Choice{"ip6gre"}, Choice{"ip6gretap"}, Choice{"ipip"},
    Choice{"sit"},    Choice{"ip6tnl"}, Choice{"wireguard"}, Choice{"macsec"},
};
constexpr std::array interface_types{
    Choice{"vlan"},      Choice{"macvlan"}, Choice{"macvtap"}, Choice{"ipvlan"}, Choice{"dummy"},
    Choice{"ifb"},       Choice{"bond"},    Choice{"team"},    Choice{"vrf"},    Choice{"vxlan"},
    Choice{"geneve"},    Choice{"gre"},     Choice{"gretap"},  Choice{"ip6gre"}, Choice{"ip6gretap"},
    Choice{"ipip"},      Choice{"sit"},     Choice{"ip6tnl"},  Choice{"vti"},    Choice{"macsec"},
    Choice{"wireguard"}, Choice{"nlmon"},   Choice{"vcan"},    Choice{"tun"},    Choice{"tap"},
};
constexpr std::array route_types{Choice{"unreachable"}, Choice{"blackhole"}, Choice{"prohibit"}};
constexpr std::array restarts{Choice{"never"}, Choice{"on-failure"}, Choice{"always"}};
constexpr std::array stop_signals{Choice{"SIGTERM"},  Choice{"SIGINT"},  Choice{"SIGQUIT"},
                                  Choice{"SIGHUP"},   Choice{"SIGUSR1"}, Choice{"SIGUSR2"},
                                  Choice{"SIGWINCH"}, Choice{"SIGKILL"}};
constexpr std::array actions{Choice{"lookup"}, Choice{"unreachable"}, Choice{"blackhole"},
                             Choice{"prohibit"}};

}  // namespace

std::vector<std::string_view> offered(std::span<const Choice> choices) {
  std::vector<std::string_view> words;
  for (const Choice& one : choices)
    if (!one.reserved) words.push_back(one.word);
  return words;
}

std::span<const Choice> kind_words() {
  return kinds;
}
std::span<const Choice> external_words() {
  return external_ways;
}
std::span<const Choice> routing_words() {
  return routings;
}
std::span<const Choice> neighbours_words() {
  return neighbours;
}
std::span<const Choice> memory_words() {
  return memories;
}
std::span<const Choice> daemon_words() {
  return daemons;
}
std::span<const Choice> accelerator_words() {
  return accelerators;
}
std::span<const Choice> engine_words() {
  return engines;
}
std::span<const Choice> fail_mode_words() {
  return fail_modes;
}
std::span<const Choice> isis_level_words() {
  return isis_levels;
}
std::span<const Choice> between_words() {
  return betweens;
}
std::span<const Choice> link_type_words() {
  return link_types;
}
std::span<const Choice> interface_type_words() {
  return interface_types;
}
std::span<const Choice> route_type_words() {
  return route_types;
}
std::span<const Choice> action_words() {
  return actions;
}
std::span<const Choice> restart_words() {
  return restarts;
}
std::span<const Choice> signal_words() {
  return stop_signals;
}

}  // namespace hopyard::language
