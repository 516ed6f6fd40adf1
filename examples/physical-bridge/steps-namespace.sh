#!/bin/sh
# One namespace, looked at from all sides: made, listed, joined to the host by a cable, and apart from it in everything else.
#
#   sudo sh examples/physical-bridge/steps-namespace.sh
#
# In a world of its own (../steps.sh). blue.hop.yaml, beside this file, is the same as a lab.
. "$(dirname -- "$0")/../steps.sh"
world

step "Made and listed"
hopyard netns add blue
proved "ip lists it" says blue ip netns list
proved "hopyard does, too" says blue hopyard netns list
refuted "it cannot be made twice" hopyard netns add blue
proved "it has lo and nothing else" says lo hopyard netns exec blue ls /sys/class/net
proved "no address" says "" ip -n blue -brief address show up
proved "and no route" says "" ip -n blue route

step "A cable: one end stays with the host, the other moves into blue"
ip link add veth0 type veth peer name veth1
proved "one command has made both ends" ip link show veth1
ip link set veth1 netns blue
refuted "veth1 is not here any more" ip link show veth1
proved "it is in blue" hopyard netns exec blue ip link show veth1
refuted "and does not move twice" ip link set veth1 netns blue

step "Addresses and routes of its own"
ip -n blue -batch - <<BATCH
address add 10.1.1.1/24 dev veth1
address add fd00:1::1/64 dev veth1 nodad
link set veth1 up
link set lo up
BATCH
ip -batch - <<BATCH
address add 10.1.1.2/24 dev veth0
address add fd00:1::2/64 dev veth0 nodad
link set veth0 up
link add lan0 type veth peer name lan1
address add 172.16.1.9/24 dev lan0
link set lan0 up
link set lan1 up
route add default via 172.16.1.1
BATCH
ip -n blue route add default via 10.1.1.2
proved "the host's other network is not seen in blue" says 10.1.1.1/24 addresses -n blue veth1
refuted "nor blue's address here" tells '10\.1\.1\.1/' ip address
proved "the default routes differ: here" says "default via 172.16.1.1 dev lan0 " ip route show default
proved "and in blue" says "default via 10.1.1.2 dev veth1 " hopyard netns exec blue ip route show default
proved "blue reaches the host" reaches blue 10.1.1.2
proved "and by IPv6" reaches blue fd00:1::2
proved "the host reaches blue" ping -n -c 1 -W 5 10.1.1.1

step "Taken away, with what is in it"
hopyard netns delete blue
proved "no name is left" says "" ip netns list
gone() { ! ip link show veth0; }
proved "the cable's other end has gone as well" soon gone
refuted "what is not there cannot be taken away" hopyard netns delete blue
