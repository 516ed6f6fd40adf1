# A physical network to try the steps on: eth1 is the host's interface, with the address .2 and a default route, and the machine
# behind it is .1, its gateway. Steps by hand read this file after steps.sh, in its world.
physical_network() {
  hopyard netns add machine
  ip link add eth1 type veth peer name eth0 netns machine
  ip -n machine -batch - <<BATCH
address add 192.168.10.1/24 dev eth0
address add fd00:10::1/64 dev eth0 nodad
link set eth0 up
BATCH
  ip -batch - <<BATCH
address add 192.168.10.2/24 dev eth1
address add fd00:10::2/64 dev eth1 nodad
link set eth1 up
route add default via 192.168.10.1
route add default via fd00:10::1
BATCH
}
like_eth1() { # else the bridge takes the lowest address of its ports, and changes with them
  ip link set br0 address "$(ip -brief link show eth1 | awk '{ print $3 }')"
}
bridge_and_blue() { # br0, and a namespace with a cable to it
  ip link add br0 type bridge
  ip link set br0 up
  hopyard netns add blue
  ip link add veth0 type veth peer name eth0 netns blue
  ip link set veth0 master br0 up
}
move() { # FROM TO: addresses and default routes of the host, in one go; IPv4's route goes with the address by itself
  ip -batch - <<BATCH
route del default via fd00:10::1 dev $1
address del 192.168.10.2/24 dev $1
address del fd00:10::2/64 dev $1
address add 192.168.10.2/24 dev $2
address add fd00:10::2/64 dev $2 nodad
route add default via 192.168.10.1 dev $2
route add default via fd00:10::1 dev $2
BATCH
}
host_reaches() { ping -n -c 1 -W 5 "$1"; }
host_unanswered() { tells "100% packet loss" ping -n -c 1 -W 1 "$1"; }
