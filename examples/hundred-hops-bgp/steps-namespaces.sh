#!/bin/sh
# A namespace, a cable into it, and a way out; then what each namespace has for itself, and what the kernel has to be able to do.
#
#   sudo sh examples/hundred-hops-bgp/steps-namespaces.sh
#
# In a world of its own (../steps.sh). way-out.hop.yaml and twins.hop.yaml, beside this file, are the same as labs.
. "$(dirname -- "$0")/../steps.sh"
world

step "Is the kernel able?"
proved "processes have a network namespace: NET_NS" test -e /proc/self/ns/net
ip link add below type veth
for type in veth macvlan; do
  kernel=missing
  if ip link add link below name probe type $type 2>/dev/null; then kernel=good; fi
  proved "doctor says of $type what the kernel does: $kernel" says $kernel doctor_says "($type)"
  ip link delete probe 2>/dev/null || true
done
ip link delete below
explained() {
  awk -F '  +' '$2 == "missing" { print $1 }' /run/doctor | while read -r what; do grep -qF "$what: without it: " /run/doctor || exit 1; done
}
proved "and of everything that is missing what that costs" explained

step "A namespace, and a cable: one end stays, the other moves into R0"
hopyard netns add R0
ip link add name ve0a type veth peer name ve0b
proved "both ends are here" ip link show ve0b
ip link set dev ve0b netns R0
refuted "ve0b is not here any more" ip link show ve0b
proved "it is in R0, and still down" tells 've0b.*state DOWN' hopyard netns exec R0 ip link show

step "Addresses, and a default route: a way out"
hopyard netns add internet # stands for all that lies outside, and knows no way back to R0
ip link add out type veth peer name eth0 netns internet
ip -batch - <<BATCH
address add 203.0.113.2/24 dev out
address add 2001:db8::2/64 dev out nodad
link set out up
address add 172.19.0.2/24 dev ve0a
address add fd00:19::2/64 dev ve0a nodad
link set ve0a up
BATCH
ip -n internet -batch - <<BATCH
address add 203.0.113.1/24 dev eth0
address add 2001:db8::1/64 dev eth0 nodad
link set eth0 up
link set lo up
address add 8.8.8.8/32 dev lo
address add 2001:4860:4860::8888/128 dev lo
BATCH
ip -n R0 -batch - <<BATCH
address add 172.19.0.1/24 dev ve0b
address add fd00:19::1/64 dev ve0b nodad
link set ve0b up
route add default via 172.19.0.2
route add default via fd00:19::2
BATCH
ip route add default via 203.0.113.1
ip route add default via 2001:db8::1
proved "the other end of the cable answers" reaches R0 172.19.0.2
proved "and by IPv6" reaches R0 fd00:19::2
proved "nothing beyond it does: forwarding is off" unanswered R0 8.8.8.8
echo 1 >/proc/sys/net/ipv4/ip_forward
echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
proved "with forwarding neither: nobody outside knows the way back" unanswered R0 8.8.8.8
nft -f - <<RULES
table inet nat {
  chain postrouting {
    type nat hook postrouting priority srcnat;
    oifname "out" masquerade
  }
}
RULES
proved "with NAT the outside answers" reaches R0 8.8.8.8
proved "and by IPv6" reaches R0 2001:4860:4860::8888
trace() { # WORD ADDRESS
  hopyard netns exec R0 traceroute "$1" -n -I -q 1 "$2" | awk 'NR > 1 { printf "%s ", $2 }'
}
proved "a trace goes by 172.19.0.2" says "172.19.0.2 8.8.8.8 " trace -4 8.8.8.8
proved "and by fd00:19::2" says "fd00:19::2 2001:4860:4860::8888 " trace -6 2001:4860:4860::8888

step "The same address twice"
for n in 1 2; do
  hopyard netns add twin$n
  hopyard netns add peer$n
  ip link add eth0 netns twin$n type veth peer name eth0 netns peer$n
  for one in twin:1 peer:2; do
    ip -n "${one%:*}$n" -batch - <<BATCH
address add 10.0.0.${one#*:}/24 dev eth0
address add fd00:10::${one#*:}/64 dev eth0 nodad
link set eth0 up
BATCH
  done
done
for n in 1 2; do proved "10.0.0.1 of twin$n reaches its peer" reaches twin$n 10.0.0.2; done
for n in 1 2; do proved "and by IPv6, twin$n" reaches twin$n fd00:10::2; done

step "Sysctls, firewalls and routing tables: each namespace has its own"
hopyard netns exec twin1 sh -c 'echo 99 >/proc/sys/net/ipv4/ip_default_ttl'
proved "a sysctl is set in one" says 99 hopyard netns exec twin1 cat /proc/sys/net/ipv4/ip_default_ttl
proved "and not in the other" says 64 hopyard netns exec twin2 cat /proc/sys/net/ipv4/ip_default_ttl
hopyard netns exec twin1 nft 'add table inet wall; add chain inet wall in { type filter hook input priority 0; policy drop; }'
proved "a firewall closes one" unanswered peer1 10.0.0.1
proved "and not the other" reaches peer2 10.0.0.1
proved "where nobody sees it" says "" hopyard netns exec twin2 nft list tables
proved "nor here" says "table inet nat" nft list tables
ip -n twin1 route add 192.0.2.0/24 via 10.0.0.2 table 100
ip -n twin1 rule add from 10.0.0.1 lookup 100
proved "a table is in one, beside its main one" tells '192.0.2.0/24 via 10.0.0.2' ip -n twin1 route show table 100
refuted "and not in the other" tells 192.0.2.0 ip -n twin2 route show table 100
refuted "nor is the rule that leads there" tells 'lookup 100' ip -n twin2 rule

step "All of it taken away"
hopyard netns delete --all >/dev/null
proved "no name is left" says "" ip netns list
