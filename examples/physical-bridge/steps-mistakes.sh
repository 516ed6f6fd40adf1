#!/bin/sh
# What goes wrong on the way to a namespace on the physical network: each mistake with what it looks like, and what puts it right.
#
#   sudo sh examples/physical-bridge/steps-mistakes.sh
#
# In a world of its own (../steps.sh), where eth1 is a cable to a namespace that stands for the physical network (../physical.sh). A
# lab file cannot make these mistakes: lab.hop.yaml, beside this file.
. "$(dirname -- "$0")/../steps.sh"
world
. "$(dirname -- "$0")/../physical.sh"
bridge_and_blue
ip -n blue address add 192.168.10.21/24 dev eth0
ip -n blue link set eth0 up

step "lo is left down"
proved "it is down in a new namespace" tells 'state DOWN' ip -n blue link show lo
proved "127.0.0.1 does not answer" tells "Network is unreachable\|100% packet loss" hopyard netns exec blue ping -n -c 1 -W 1 127.0.0.1
proved "blue does not even reach its own address" unanswered blue 192.168.10.21
proved "hopyard why names it" tells 'lo is down' hopyard why --netns blue
ip -n blue link set lo up
proved "with lo up it does" reaches blue 192.168.10.21
proved "and 127.0.0.1" reaches blue 127.0.0.1

step "An address without its prefix, on a port of the bridge"
ip address add 192.168.10.20 dev veth0
proved "without a length it is a /32: no network" says 192.168.10.20/32 addresses veth0
refuted "so there is no route to blue's network by it" tells 'dev veth0' ip route
proved "blue gets no answer: there is no way back" unanswered blue 192.168.10.20
proved "hopyard why names it" tells 'veth0 is a port of br0 and has the address 192.168.10.20/32' hopyard why --host
ip address delete 192.168.10.20/32 dev veth0
ip address add 192.168.10.20/24 dev br0
proved "on the bridge, with its /24, it answers" reaches blue 192.168.10.20
ip address delete 192.168.10.20/24 dev br0

step "The interface becomes a port of the bridge and keeps its address"
physical_network
like_eth1
proved "the machine is reached before" host_reaches 192.168.10.1
ip link set eth1 master br0
ip neighbour flush dev eth1
proved "and not after: answers come to the bridge, which has no address" host_unanswered 192.168.10.1
proved "by the route, packets still leave by eth1" tells 'dev eth1' ip route get 192.168.10.1
proved "nor does blue reach the host" unanswered blue 192.168.10.2
proved "though it reaches the machine: the bridge itself works" reaches blue 192.168.10.1
proved "hopyard why names it" tells 'eth1 is a port of br0 and has the address 192.168.10.2/24' hopyard why --host
move eth1 br0
refuted "with the address on br0 it has nothing more to say of eth1" tells 'eth1 is a port' hopyard why --host
proved "and the host reaches the machine" host_reaches 192.168.10.1
proved "and blue the host" reaches blue 192.168.10.2

step "Addresses on the bridge, and the default route forgotten"
ip route delete default dev br0
proved "what is far away is not reached" tells "Network is unreachable" ping -n -c 1 -W 1 203.0.113.1
proved "though the gateway is" host_reaches 192.168.10.1
ip route add default via 192.168.10.1 dev br0
proved "with the route there is a way" tells 'via 192.168.10.1 dev br0' ip route get 203.0.113.1

hopyard netns delete --all >/dev/null
