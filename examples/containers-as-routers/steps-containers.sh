#!/bin/sh
# Names for the namespaces of containers, cables between them, and a network whose hosts and routers are all containers.
#
#   sudo sh examples/containers-as-routers/steps-containers.sh
#   sudo CONTAINERS="a b c d r1 r2 r3" sh examples/containers-as-routers/steps-containers.sh
#
# Seven containers have to run, made as lab.hop.yaml, beside this file, tells: h1 to h4 and R1 to R3, or four hosts and three routers
# by other names (NAME, lxc:NAME, docker:NAME, ... or the number of a process). The namespaces get their names in a world of its
# own (../steps.sh), which sees the machine's processes. The containers are left as they were, also after Ctrl-C.
. "$(dirname -- "$0")/../steps.sh"
world_beside

roles="h1 h2 h3 h4 R1 R2 R3"
# shellcheck disable=SC2086
set -- ${CONTAINERS:-$roles}
if [ $# != 7 ]; then
  echo "CONTAINERS has to name seven: four hosts and three routers" >&2
  exit 2
fi

step "A container's namespace has no name, and gets one"
init=$(hopyard netns attach net-container "$1" --json | sed -n 's/.*"pid": *\([0-9]*\).*/\1/p')
hopyard netns delete net-container
proved "its first process is known" test -e "/proc/$init/ns/net"
proved "$init lives in another namespace" test "$(readlink "/proc/$init/ns/net")" != "$(readlink /proc/self/ns/net)"
proved "which has no name" says "" hopyard netns identify "$init"
ln -sf "/proc/$init/ns/net" /run/netns/net-container
proved "by hand a link makes it one" says net-container hopyard netns identify "$init"
proved "which ip goes by, too" ip netns exec net-container ip link show lo
hopyard netns delete net-container
hopyard netns attach net-container "$init"
proved "hopyard takes the number of the process" says net-container hopyard netns identify "$init"
hopyard netns delete net-container
for role in $roles; do
  hopyard netns attach "net-$role" "$1"
  shift
done
proved "or the container's name" says net-h1 hopyard netns identify "$init"
proved "commands run there by that name" says "$(readlink "/proc/$init/ns/net")" hopyard netns exec net-h1 readlink /proc/self/ns/net

state() { # what of the containers' networks could change
  for role in $roles; do
    ip -n "net-$role" -json address
    ip -n "net-$role" -json route show table all
    ip -n "net-$role" -json -6 route show table all
    hopyard netns exec "net-$role" cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding
  done
}
before=$(state)
is_as_before() { [ "$(state)" = "$before" ]; }
made="" # ends of cables
forwarding="" # NAMESPACE/VALUE:SYSCTL, as they were
process=
put_back() {
  [ -z "$process" ] || kill "$process" || true
  for one in $made; do ip -n "${one%/*}" link delete "${one#*/}" 2>/dev/null || true; done
  for one in $forwarding; do
    hopyard netns exec "${one%%/*}" sh -c 'echo "$1" >"/proc/sys/net/$0"' "${one#*:}" "$(expr "$one" : '[^/]*/\([0-9]*\):')"
  done
  made= && forwarding= && process=
}
trap put_back EXIT

step "A cable between two containers"
ip link add v-1a type veth peer name v-1b
proved "both ends are here" ip link show v-1b
ip link delete v-1a
refuted "one end deleted, and the other goes too" ip link show v-1b
ip link add v-1a type veth peer name v-1b
ip link set dev v-1a netns net-h1
made="net-h1/v-1a"
ip link set dev v-1b netns net-h2
refuted "moved, they are not here any more" ip link show v-1a
ip -n net-h1 -batch - <<BATCH
address add 10.0.0.1/24 dev v-1a
address add fd00:10::1/64 dev v-1a nodad
link set v-1a up
BATCH
ip -n net-h2 -batch - <<BATCH
address add 10.0.0.2/24 dev v-1b
address add fd00:10::2/64 dev v-1b nodad
link set v-1b up
BATCH
proved "the containers reach each other" reaches net-h1 10.0.0.2
proved "and by IPv6" reaches net-h2 fd00:10::1
ip -n net-h2 link delete v-1b
no_end() { ! ip -n net-h1 link show v-1a; }
proved "an end deleted in one container takes the other with it" soon no_end
made=

step "Four hosts and three routers, all of them containers, and every link a cable"
cable() { # ROLE ROLE NUMBER: the first has .1 on it, and the second .2
  ip link add "to-$2" netns "net-$1" type veth peer name "to-$1" netns "net-$2"
  made="$made net-$1/to-$2"
  end "$1" "to-$2" "$3" 1
  end "$2" "to-$1" "$3" 2
}
end() { # ROLE INTERFACE NUMBER LAST
  ip -n "net-$1" -batch - <<BATCH
address add 192.168.$3.$4/24 dev $2
address add fd00:$3::$4/64 dev $2 nodad
link set $2 up
BATCH
}
route() { # ROLE TO VIA...: to the networks of that number, by the neighbour NUMBER.LAST
  ip -n "net-$1" route add "192.168.$2.0/24" via "192.168.$3"
  ip -n "net-$1" route add "fd00:$2::/64" via "fd00:${3%.*}::${3#*.}"
}
cable R1 h1 1
cable R1 h2 2
cable R2 h3 3
cable R3 h4 4
cable R1 R2 12
cable R2 R3 23
cable R3 R1 31
for one in h1:1 h2:2 h3:3 h4:4; do
  ip -n "net-${one%:*}" route add default via "192.168.${one#*:}.1"
  ip -n "net-${one%:*}" route add default via "fd00:${one#*:}::1"
done
for n in 1 2; do route R2 $n 12.1 && route R3 $n 31.2; done
route R1 3 12.2 && route R3 3 23.1
route R1 4 31.1 && route R2 4 23.2
proved "a host reaches its router" reaches net-h1 192.168.1.1
forwards() { # ROLE 0|1
  for sysctl in ipv4/ip_forward ipv6/conf/all/forwarding; do
    hopyard netns exec "net-$1" sh -c 'echo "$1" >"/proc/sys/net/$0"' $sysctl "$2"
  done
}
for router in R1 R2 R3; do
  for sysctl in ipv4/ip_forward ipv6/conf/all/forwarding; do
    forwarding="$forwarding net-$router/$(hopyard netns exec "net-$router" cat "/proc/sys/net/$sysctl"):$sysctl"
  done
  forwards $router 0
done
proved "and nobody beyond: the router does not forward" unanswered net-h1 192.168.2.2
for router in R1 R2 R3; do forwards $router 1; done
proved "a router's setting is its own" says 1 hopyard netns exec net-R1 cat /proc/sys/net/ipv4/ip_forward
for from in 1 2 3 4; do
  for to in 1 2 3 4; do
    [ $from = $to ] || proved "h$from reaches h$to" reaches "net-h$from" "192.168.$to.2"
    [ $from = $to ] || proved "h$from reaches h$to by IPv6" reaches "net-h$from" "fd00:$to::2"
  done
done
hops=$(hopyard netns exec net-h1 traceroute -n -I -q 1 192.168.4.2 | awk 'NR > 1 { printf "%s ", $2 }')
proved "h1 to h4 goes by R1 and R3" test "$hops" = "192.168.1.1 192.168.31.1 192.168.4.2 "

step "Which process lives where"
by_proc() { # PROCESS: all that live where it does
  find /proc -maxdepth 3 -path '/proc/[0-9]*/ns/net' -printf '%l %h\n' 2>/dev/null |
    awk -v where="$(readlink "/proc/$1/ns/net")" '$1 == where { split($2, part, "/"); print part[3] }' | sort -n
}
proved "all that /proc shows in h1's namespace are told" says "$(by_proc "$init")" hopyard netns pids net-h1
"${HOPYARD:-hopyard}" netns exec net-R2 sleep 1000 & # no function, so that its number is the command's
process=$!
lives_in_R2() { [ "$(hopyard netns identify "$process")" = net-R2 ]; }
proved "a process of R2 is told to live there" soon lives_in_R2
proved "by /proc it does" test "$(readlink "/proc/$process/ns/net")" = "$(hopyard netns exec net-R2 readlink /proc/self/ns/net)"
proved "and R2 is told to have it" tells "^$process\$" hopyard netns pids net-R2

step "All of it taken away"
put_back
proved "the containers are as they were" soon is_as_before
hopyard netns delete --all >/dev/null
proved "no name is left" says "" ip netns list
proved "and their processes go on" test -d "/proc/$init"
