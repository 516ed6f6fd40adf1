#include <array>

#include "language/keys.hh"

/// The words that a value may be one of.
namespace hopyard::language {
namespace {

constexpr std::array kinds{
    Choice{"host"},     Choice{"router"},          Choice{"switch"},         Choice{"hub"},
    Choice{"vm", true}, Choice{"container", true}, Choice{"external", true},
};
constexpr std::array routings{
    Choice{"static"}, Choice{"none"}, Choice{"bgp"}, Choice{"ospf"}, Choice{"rip"}, Choice{"isis"},
};
constexpr std::array neighbours{Choice{"learned"}, Choice{"static"}};
constexpr std::array memories{Choice{"own"}, Choice{"merge"}};
constexpr std::array isis_levels{Choice{"1"}, Choice{"2"}, Choice{"1-2"}};
constexpr std::array daemons{Choice{"frr"}, Choice{"bird"}};
constexpr std::array link_types{
    Choice{"veth"},          Choice{"vxlan", true},  Choice{"gre", true},    Choice{"gretap", true},
    Choice{"ipip", true},    Choice{"sit", true},    Choice{"geneve", true}, Choice{"wireguard", true},
    Choice{"macvlan", true}, Choice{"ipvlan", true}, Choice{"vlan", true},   Choice{"vrf", true},
    Choice{"bond", true},    Choice{"dummy", true},
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
std::span<const Choice> isis_level_words() {
  return isis_levels;
}
std::span<const Choice> link_type_words() {
  return link_types;
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
