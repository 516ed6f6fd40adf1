#!/bin/sh
# Two hosts, each behind a router that translates addresses, and a tunnel between them that makes their bridges one network.
#
#   sudo sh examples/two-hosts/steps-tunnel.sh
#
# In a world of its own (../steps.sh), where namespaces stand for the hosts (a, b), their routers (nat-a, nat-b) and the internet.
# lab.hop.yaml, beside this file, is the same as a lab, on two real machines.
. "$(dirname -- "$0")/../steps.sh"
world

step "Two hosts at home, and an internet"
for name in a nat-a internet nat-b b pc1 pc2; do hopyard netns add $name; done
cable() { # NAMESPACE INTERFACE ADDRESS OTHER ITS-INTERFACE ITS-ADDRESS
  ip link add "$2" netns "$1" type veth peer name "$5" netns "$4"
  ip -n "$1" address add "$3" dev "$2"
  ip -n "$4" address add "$6" dev "$5"
  ip -n "$1" link set "$2" up
  ip -n "$4" link set "$5" up
}
cable a eth0 192.168.1.2/24 nat-a lan 192.168.1.1/24
cable nat-a wan 198.18.1.2/24 internet to-a 198.18.1.1/24
cable nat-b wan 198.18.2.2/24 internet to-b 198.18.2.1/24
cable b eth0 192.168.1.2/24 nat-b lan 192.168.1.1/24 # the same addresses as at a's home: nobody sees both
for name in a b; do
  ip -n $name route add default via 192.168.1.1
  hopyard netns exec nat-$name nft -f - <<RULES
table inet nat {
  chain postrouting { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
  chain input { type filter hook input priority filter; iifname "wan" ct state new meta l4proto { tcp, udp } drop; }
  chain forward { type filter hook forward priority filter; iifname "wan" ct state new drop; }
}
RULES
done
ip -n nat-a route add default via 198.18.1.1
ip -n nat-b route add default via 198.18.2.1
for name in nat-a internet nat-b; do hopyard netns exec $name sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'; done
proved "each host reaches the other one's router" reaches a 198.18.2.2
proved "and the other way round" reaches b 198.18.1.2
ip -n nat-b route add 192.168.1.0/25 via 198.18.2.1 # as if somebody out there knew a way to a's home
ip -n internet route add 192.168.1.0/25 via 198.18.1.2
proved "nobody outside reaches a host" unanswered internet 192.168.1.2
ip -n nat-b route del 192.168.1.0/25
ip -n internet route del 192.168.1.0/25

step "On each host a bridge br-in with a namespace"
inside() { # HOST NAMESPACE NUMBER
  ip -n "$1" link add br-in type bridge
  ip -n "$1" link set br-in up
  ip link add port netns "$1" type veth peer name eth0 netns "$2"
  ip -n "$1" link set port master br-in up
  ip -n "$2" -batch - <<BATCH
address add 10.1.0.$3/24 dev eth0
address add fd00:1::$3/64 dev eth0 nodad
link set eth0 up
BATCH
}
inside a pc1 11
inside b pc2 12
refuted "pc1 does not reach pc2" reaches pc1 10.1.0.12

step "A tunnel between the bridges"
# Outer packets leave by the port that they go to: what each sends opens its own router for what the other one sends.
tunnel() { # HOST ADDRESS-OF-THE-OTHER-ROUTER
  ip -n "$1" link add vx0 type vxlan id 700 dev eth0 remote "$2" dstport 4789 srcport 4789 4790
  ip -n "$1" link set vx0 master br-in up
}
tunnel a 198.18.2.2
tunnel b 198.18.1.2
proved "its frames take 50 bytes: vx0 has room for 1450" tells "mtu 1450" ip -n a link show vx0
for n in 1 2; do ip -n pc$n link set eth0 mtu 1450; done
soon reaches pc1 10.1.0.12
proved "pc1 reaches pc2" reaches pc1 10.1.0.12
proved "and pc2 reaches pc1" reaches pc2 10.1.0.11
proved "by IPv6" reaches pc1 fd00:1::12
whole() { hopyard netns exec pc1 ping -n -c 1 -W 5 -M do -s "$1" 10.1.0.12; }
proved "a packet of 1450 bytes passes whole" whole 1422
refuted "one of 1451 does not" whole 1423
mac() { ip -n "$1" -brief link show eth0 | awk '{ print $3 }'; }
proved "a's bridge has learned pc2 behind the tunnel" tells "$(mac pc2) dev vx0 master br-in" hopyard netns exec a bridge fdb show
proved "pc2's neighbour is pc1 itself: no router is between" tells "$(mac pc1)" ip -n pc2 neighbour show 10.1.0.11
refuted "the internet knows nothing of 10.1.0.0/24" reaches internet 10.1.0.11

step "The tunnel taken away"
ip -n a link delete vx0
proved "pc1 does not reach pc2 any more" unanswered pc1 10.1.0.12
hopyard netns delete --all >/dev/null
proved "no name is left" says "" ip netns list
