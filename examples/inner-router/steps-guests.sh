#!/bin/sh
# Two virtual machines on a bridge of their own, a namespace r1 that is the router between it and the physical network, captures that
# show how far packets come, NAT in r1, and DHCP out of r1.
#
#   sudo sh examples/inner-router/steps-guests.sh
#
# QEMU, busybox-static, cpio and dnsmasq have to be there, and a kernel for the guests: guest.sh tells which. In a world of its own
# (../steps.sh), where eth1 is a cable to a namespace that stands for the physical network (../physical.sh). lab.hop.yaml,
# nat.hop.yaml and vms.hop.yaml, beside this file, are the same as labs; physical.hop.yaml is, on an interface of yours.
. "$(dirname -- "$0")/../steps.sh"
world
. "$(dirname -- "$0")/../physical.sh"
. "$(dirname -- "$0")/guest.sh"

step "Two machines, whose taps a script puts onto a bridge"
make_initrd
ip link add br-in type bridge
ip link set br-in up
cat >/run/guest/qemu-ifup <<'IFUP'
#!/bin/sh
ip link set "$1" up && ip link set "$1" master br-in
IFUP
chmod +x /run/guest/qemu-ifup
boot vm1 vif1.0 52:54:00:aa:bb:cc
boot vm2 vif2.0 52:54:00:aa:bb:dd
ports() { bridge link show | sed -n "s/^[0-9]*: \([^:@]*\).* master $1 .*/\1/p" | sort | tr '\n' ' '; }
soon is_up vm1
soon is_up vm2
proved "both taps are ports of the bridge" says "vif1.0 vif2.0 " ports br-in
for n in 1 2; do typed vm$n "ip address add 10.0.1.1$n/24 dev eth0 && ip -6 address add fd00:1::1$n/64 dev eth0"; done
proved "the machines reach each other" guest_reaches vm1 10.0.1.12
proved "and by IPv6" guest_reaches vm2 fd00:1::11

step "A router between them and the physical network"
physical_network
ip link add br0 type bridge
ip link set br0 up
like_eth1
ip link set eth1 master br0
move eth1 br0
hopyard netns add r1
join() { # NAMESPACE INTERFACE BRIDGE
  ip link add "$3-$1" type veth peer name inner
  ip link set "$3-$1" master "$3" up
  ip link set inner netns "$1" name "$2"
  ip -n "$1" link set "$2" up
}
join r1 inside br-in
join r1 outside br0
ip -n r1 -batch - <<BATCH
address add 10.0.1.1/24 dev inside
address add fd00:1::1/64 dev inside nodad
address add 192.168.10.3/24 dev outside
address add fd00:10::3/64 dev outside nodad
route add default via 192.168.10.1
route add default via fd00:10::1
BATCH
hopyard netns exec r1 sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding'
for n in 1 2; do typed vm$n "ip route add default via 10.0.1.1 && ip -6 route add default via fd00:1::1"; done
refuted "r1's interfaces are not seen here" ip link show inside
proved "a machine reaches r1, this side" guest_reaches vm1 10.0.1.1
proved "and the other side" guest_reaches vm2 192.168.10.3
proved "r1 reaches the machine of the physical network" reaches r1 192.168.10.1

step "How far packets come: a capture at each interface on the way"
capture() { # NAMESPACE INTERFACE
  hopyard netns exec "$1" tcpdump -n -l -i "$2" icmp >"/run/seen-$1-$2" 2>"/run/tcpdump-$1-$2" &
  soon grep -q "listening on" "/run/tcpdump-$1-$2"
}
saw() { # NAMESPACE INTERFACE TEXT
  grep -q -e "$3" "/run/seen-$1-$2"
}
capture r1 inside
capture r1 outside
capture machine eth0
proved "a machine gets no answer from outside" guest_unanswered vm1 192.168.10.1
proved "its question comes to r1" saw r1 inside "10.0.1.11 > 192.168.10.1: ICMP echo request"
proved "leaves r1 as it came" soon saw r1 outside "10.0.1.11 > 192.168.10.1: ICMP echo request"
proved "and arrives" soon saw machine eth0 "10.0.1.11 > 192.168.10.1: ICMP echo request"
reaches r1 192.168.10.1 >/dev/null # a ping that is answered, and seen later than all that came before
soon saw machine eth0 "> 192.168.10.3: ICMP echo reply"
soon saw r1 outside "> 192.168.10.3: ICMP echo reply"
refuted "no answer leaves" saw machine eth0 "> 10.0.1.11: ICMP echo reply"
refuted "or comes to r1" saw r1 outside "> 10.0.1.11: ICMP echo reply"
proved "because nobody outside knows a way back" tells "unreachable" ip -n machine route get 10.0.1.11

step "r1 puts its own address on what leaves"
hopyard netns exec r1 nft -f - <<RULES
table inet hide {
  chain out {
    type nat hook postrouting priority srcnat;
    ip saddr 10.0.1.0/24 oifname "outside" snat ip to 192.168.10.3
    ip6 saddr fd00:1::/64 oifname "outside" snat ip6 to fd00:10::3
  }
}
RULES
proved "the machines get answers" guest_reaches vm1 192.168.10.1
proved "both" guest_reaches vm2 192.168.10.1
proved "and by IPv6" guest_reaches vm1 fd00:10::1
hopyard netns add pc # on a second inner bridge
ip link add br-lab type bridge
ip link set br-lab up
join r1 lab br-lab
join pc eth0 br-lab
ip -n r1 address add 10.0.2.1/24 dev lab
ip -n pc address add 10.0.2.11/24 dev eth0
ip -n pc route add default via 10.0.2.1
proved "a second inner bridge: its namespace reaches r1" reaches pc 192.168.10.3
proved "and gets no answer from outside: the rule is not for it" unanswered pc 192.168.10.1
hopyard netns exec r1 nft add rule inet hide out ip saddr 10.0.2.0/24 oifname outside snat ip to 192.168.10.3
proved "with a rule of its own it does" reaches pc 192.168.10.1

step "dnsmasq in r1 gives the machines address and gateway"
for n in 1 2; do typed vm$n "ip -4 address flush dev eth0; ip -4 route"; done
hopyard netns exec r1 dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --port=0 --interface=inside --bind-interfaces \
  --dhcp-range=10.0.1.100,10.0.1.199 --dhcp-leasefile=/run/leases --pid-file=/run/dnsmasq.pid --dhcp-authoritative --no-ping --user=root
for n in 1 2; do
  proved "vm$n is given a lease" in_guest vm$n "udhcpc -i eth0 -s /bin/lease -n -q -f -t 20 -T 1"
  proved "with an address of the range" tells 'inet 10\.0\.1\.1[0-9][0-9]/24' in_guest vm$n "ip address show dev eth0"
  proved "and r1 as gateway, though nobody told dnsmasq so" tells 'default via 10\.0\.1\.1 ' in_guest vm$n "ip route"
  proved "by which it reaches the outside" guest_reaches vm$n 192.168.10.1
done
proved "dnsmasq has noted two leases" says 2 grep -c 'aa:bb:[cd][cd]' /run/leases
proved "its process is seen here" says "$(cat /run/dnsmasq.pid)" pgrep -x dnsmasq
proved "where it is told to live in r1" says r1 hopyard netns identify "$(cat /run/dnsmasq.pid)"
proved "its socket is in r1" tells ':67 ' hopyard netns exec r1 ss -lun
refuted "and not here" tells ':67 ' ss -lun
refuted "nor in another namespace" tells ':67 ' hopyard netns exec machine ss -lun

step "All of it taken away"
move br0 eth1
hopyard netns delete --kill --all >/dev/null
proved "no name is left" says "" ip netns list
refuted "and no server" pgrep -x dnsmasq
