#!/bin/sh
# The same command in all namespaces, a firewall in one of them, a bridge with the host's own interface, which is put back when the
# gateway is lost by it, and a bridge that has namespaces alone.
#
#   sudo sh examples/inner-router/steps-bridges.sh
#
# In a world of its own (../steps.sh), where eth1 is a cable to a namespace that stands for the physical network (../physical.sh).
# bridges.hop.yaml and physical.hop.yaml, beside this file, are the same as labs.
. "$(dirname -- "$0")/../steps.sh"
world
. "$(dirname -- "$0")/../physical.sh"

step "The same command in all namespaces"
for name in netns1 netns2 netns3; do hopyard netns add $name; done
everywhere() { hopyard netns exec --all "$@"; }
links() { everywhere ip -brief link show "$@" | awk 'NF > 2 { print $1 }' | tr '\n' ' '; }
proved "each answers, and has lo alone" says "lo lo lo " links
proved "it is down in each" says "" links up
everywhere ip link set lo up >/dev/null
proved "and up after one command" says "lo lo lo " links up
proved "ip does the same" test "$(ip -all netns exec ip -brief link show lo | sort)" = "$(everywhere ip -brief link show lo | sort)"
refuted "what fails in one is told at the end" everywhere sh -c 'ip netns identify | grep -v netns2'

step "A firewall in one namespace only"
hopyard netns exec netns1 nft 'add table inet wall; add chain inet wall in { type filter hook input priority 0; policy drop; }'
proved "it is in that one" says "table inet wall" hopyard netns exec netns1 nft list tables
proved "and works there: it does not reach itself" unanswered netns1 127.0.0.1
proved "another one has none" says "" hopyard netns exec netns2 nft list tables
proved "and reaches itself" reaches netns2 127.0.0.1
proved "nor has the host" says "" nft list tables
hopyard netns exec netns1 nft flush ruleset

step "The interface of the host becomes a port of a bridge, and its addresses and routes move, in one go"
physical_network
ip link add br0 type bridge
ip link set br0 up
like_eth1
gateway_answers() { # by br0: asked a few times, since nobody may be cut off for one lost packet
  for _ in 1 2 3; do ping -n -c 1 -W 1 192.168.10.1 >/dev/null && return; done
  return 1
}
move_if_it_holds() {
  ip link set eth1 master br0
  move eth1 br0
  gateway_answers && return
  ip link set eth1 nomaster
  move br0 eth1
  return 1
}
has_it() { # INTERFACE: it has the address and the default routes
  [ "$(addresses "$1")" = 192.168.10.2/24 ] && ip route show default | grep -q "dev $1 " && ip -6 route show default | grep -q "dev $1 "
}
hopyard netns exec machine nft 'add table netdev deaf; add chain netdev deaf in { type filter hook ingress device eth0 priority 0; policy drop; }'
refuted "the gateway does not answer by the bridge: it is not kept" move_if_it_holds
proved "address and routes are back on the interface" has_it eth1
hopyard netns exec machine nft delete table netdev deaf
proved "and it works as before" host_reaches 192.168.10.1
proved "the gateway answers by the bridge: it is" move_if_it_holds
proved "address and routes are on the bridge" has_it br0
proved "and not on the interface" says "" addresses eth1
proved "the gateway answers" host_reaches 192.168.10.1
proved "and by IPv6" host_reaches fd00:10::1

own_ends() { links type veth | sed 's/@[^ ]*//g'; }

step "A bridge of namespaces alone: each one's end of the cable is called eth0"
ip link add br-in type bridge
ip link set br-in up
for n in 1 2 3; do
  ip link add port$n type veth peer name inner # two eth0 would be in each other's way: it is renamed as it moves
  ip link set port$n master br-in up
  ip link set inner netns netns$n name eth0
  ip -n netns$n -batch - <<BATCH
address add 10.0.1.$n/24 dev eth0
address add fd00:1::$n/64 dev eth0 nodad
link set eth0 up
BATCH
done
proved "three eth0, one in each, and the machine's" says "eth0 eth0 eth0 eth0 " own_ends
refuted "and none here" ip link show eth0
proved "netns1 reaches netns2" reaches netns1 10.0.1.2
proved "and by IPv6" reaches netns1 fd00:1::2
proved "netns3 reaches netns1" reaches netns3 10.0.1.1
proved "nobody here is reached: the bridge is no way out" tells "unreachable" reaches netns1 192.168.10.2

step "A cable between two namespaces, without a bridge"
ip link add direct netns netns1 type veth peer name direct netns netns2
for n in 1 2; do
  ip -n netns$n address add 10.0.9.$n/30 dev direct
  ip -n netns$n link set direct up
done
proved "its ends reach each other" reaches netns2 10.0.9.1
refuted "and are not seen here" ip link show direct

step "All of it taken away"
ip link set eth1 nomaster
move br0 eth1
proved "the interface has its address and routes again" has_it eth1
hopyard netns delete --all >/dev/null
proved "no name is left" says "" ip netns list
