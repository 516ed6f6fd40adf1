#!/bin/sh
# A namespace on the physical network: a bridge that holds the host's interface and one end of a cable.
#
#   sudo sh examples/physical-bridge/steps-bridge.sh
#
# In a world of its own (../steps.sh), where eth1 is a cable to a namespace that stands for the physical network (../physical.sh).
# lab.hop.yaml, beside this file, is the same as a lab, on an interface of yours.
. "$(dirname -- "$0")/../steps.sh"
world
. "$(dirname -- "$0")/../physical.sh"
physical_network
proved "the host reaches the machine by eth1" host_reaches 192.168.10.1

step "A bridge, and a namespace with a cable to it"
bridge_and_blue
like_eth1
ip -n blue -batch - <<BATCH
address add 192.168.10.21/24 dev eth0
address add fd00:10::21/64 dev eth0 nodad
link set eth0 up
link set lo up
route add default via 192.168.10.1
BATCH
proved "the machine is not reached: eth1 is no port of the bridge" unanswered blue 192.168.10.1

ports() { bridge link show master br0 | wc -l; }

step "The interface onto the bridge, and the host's addresses and routes with it, in one go"
ip link set eth1 master br0
move eth1 br0
proved "the interface has no address" says "" addresses eth1
proved "nor has the other port" says "" addresses veth0
proved "the bridge has it, with its /24" says 192.168.10.2/24 addresses br0
proved "the default route leaves by the bridge" says "default via 192.168.10.1 dev br0 " ip route show default
proved "both are ports" says 2 ports
proved "the host reaches the machine as before" host_reaches 192.168.10.1
proved "and by IPv6" host_reaches fd00:10::1
proved "blue reaches it" reaches blue 192.168.10.1
proved "and by IPv6" reaches blue fd00:10::1
proved "blue reaches the host" reaches blue 192.168.10.2
proved "the machine reaches blue" reaches machine 192.168.10.21

step "All of it taken away, and the address back on the interface"
ip link set eth1 nomaster
move br0 eth1
ip link delete br0
proved "the machine is still reached" host_reaches 192.168.10.1
proved "by eth1" says "default via 192.168.10.1 dev eth1 " ip route show default
hopyard netns delete --all >/dev/null
proved "no name is left" says "" ip netns list
