#!/bin/sh
# The chain of N routers as a page of ip commands: what Hopyard is held against. The same state at the end as `floor N --routes default`.
# Run it in a network and mount namespace of its own, with a tmpfs on /run.
set -eu
n=$1
last=$((n - 1))
for i in $(seq 0 $last); do
  ip netns add r$i
  ip -n r$i link set lo up
  ip netns exec r$i sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
done
for i in $(seq 0 $((last - 1))); do
  j=$((i + 1))
  right=eth1
  [ "$i" -gt 0 ] || right=eth0
  a=$((4 * i + 1))
  b=$((4 * i + 2))
  ip link add $right netns r$i type veth peer name eth0 netns r$j
  ip -n r$i addr add 10.$((a / 65536)).$((a / 256 % 256)).$((a % 256))/30 dev $right
  ip -n r$j addr add 10.$((b / 65536)).$((b / 256 % 256)).$((b % 256))/30 dev eth0
  ip -n r$i link set $right up
  ip -n r$j link set eth0 up
  ip -n r$j route add default via 10.$((a / 65536)).$((a / 256 % 256)).$((a % 256))
done
