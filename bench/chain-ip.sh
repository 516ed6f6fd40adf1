#!/bin/sh
# The chain of the benchmark as people write it: one `ip` command after the other.
#
# usage: chain-ip.sh NODES             makes it
#        chain-ip.sh NODES connected   makes it without a route but to what a node is connected to
#        chain-ip.sh NODES down        takes it down
set -e
nodes=$1

if [ "$2" = down ]; then
  i=0
  while [ "$i" -lt "$nodes" ]; do
    ip netns del "r$i"
    i=$((i + 1))
  done
  exit
fi

# The first or second address of a wire's subnet: wire number, 1 or 2.
address() {
  offset=$(($1 * 4 + $2))
  echo "10.$((offset / 65536)).$((offset / 256 % 256)).$((offset % 256))"
}

i=0
while [ "$i" -lt "$nodes" ]; do
  ip netns add "r$i"
  ip -n "r$i" link set lo up
  ip netns exec "r$i" sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  if [ "$i" -gt 0 ]; then
    wire=$((i - 1))
    left=eth1
    [ "$wire" = 0 ] && left=eth0
    ip -n "r$wire" link add "$left" type veth peer name eth0 netns "r$i"
    ip -n "r$wire" addr add "$(address "$wire" 1)/30" dev "$left"
    ip -n "r$i" addr add "$(address "$wire" 2)/30" dev eth0
    ip -n "r$wire" link set "$left" up
    ip -n "r$i" link set eth0 up
    [ "$2" = connected ] || ip -n "r$i" route add default via "$(address "$wire" 1)"
  fi
  i=$((i + 1))
done
[ "$2" = connected ] || ip -n r0 route add default via "$(address 0 2)"
