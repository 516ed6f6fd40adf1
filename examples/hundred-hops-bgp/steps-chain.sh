#!/bin/sh
# A hundred and one routers in a chain, each with a BGP daemon that has a file system of its own; a session with one of them, how the
# default route spreads, and a trace across all.
#
#   sudo sh examples/hundred-hops-bgp/steps-chain.sh
#   sudo ROUTERS=20 sh examples/hundred-hops-bgp/steps-chain.sh     fewer, with limits that are lower in proportion
#
# FRR's daemons take 19 MiB a router. In a world of its own (../steps.sh), and as root proper: the daemons change their user.
# lab.hop.yaml, beside this file, is the same as a lab.
. "$(dirname -- "$0")/../steps.sh"
world

last=${ROUTERS:-100}
middle=$((last / 2))
daemons=${FRR:-/usr/lib/frr}
needs "$daemons/bgpd" "install frr, or say by FRR=FOLDER where its daemons are"

step "Namespaces ROUTER_0 to ROUTER_$last, in a chain between the internet and a network behind the last"
cable() { # NAMESPACE INTERFACE ADDRESS NAMESPACE INTERFACE ADDRESS
  ip link add "$2" netns "$1" type veth peer name "$5" netns "$4"
  printf 'address add %s dev %s\nlink set %s up\n' "$3" "$2" "$2" | ip -n "$1" -batch -
  printf 'address add %s dev %s\nlink set %s up\n' "$6" "$5" "$5" | ip -n "$4" -batch -
}
hopyard netns add internet
ip -n internet link set lo up
ip -n internet address add 8.8.8.8/32 dev lo
before=internet
for i in $(seq 0 "$last"); do
  hopyard netns add "ROUTER_$i"
  hopyard netns set "ROUTER_$i" "$i" # the number by which `ip monitor` tells it from the others
  hopyard netns exec "ROUTER_$i" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward; ip link set lo up'
  cable "$before" right "172.31.$i.2/24" "ROUTER_$i" left "172.31.$i.1/24"
  before=ROUTER_$i
done
hopyard netns add behind
cable "$before" right "172.31.$((last + 1)).2/24" behind left "172.31.$((last + 1)).1/24"
ip -n internet route add 172.31.0.0/16 via 172.31.0.1 # instead of NAT
ip -n ROUTER_0 route add default via 172.31.0.2
routers() { hopyard netns list | grep -c '^ROUTER_'; }
proved "they are all there" says $((last + 1)) routers
proved "each knows its neighbours" reaches "ROUTER_$middle" "172.31.$middle.2"
proved "and nobody else" tells 'unreachable' reaches "ROUTER_$middle" "172.31.$((middle - 1)).2"

step "A BGP daemon in each, AS 100 to AS $((last + 100))"
configuration() { # NUMBER
  cat <<CONFIGURATION
hostname ROUTER_$1
password zebra
router bgp $((100 + $1))
 bgp router-id 172.31.$1.1
 no bgp ebgp-requires-policy
 timers bgp 3 9
 network 172.31.$1.0/24
 network 172.31.$(($1 + 1)).0/24
CONFIGURATION
  [ "$1" = 0 ] || neighbour "172.31.$1.2" $((99 + $1))
  [ "$1" = "$last" ] || neighbour "172.31.$(($1 + 1)).1" $((101 + $1))
}
neighbour() { # ADDRESS AS
  cat <<CONFIGURATION
 neighbor $1 remote-as $2
 neighbor $1 timers connect 1
 neighbor $1 advertisement-interval 0
 neighbor $1 next-hop-self
CONFIGURATION
}
mkdir -p /run/frr /run/root # a place for each to have its own, and one to be the root
for i in $(seq 0 "$last"); do
  own=/run/own/ROUTER_$i
  mkdir -p "$own/etc" "$own/run" "$own/log"
  printf 'hostname ROUTER_%s\npassword zebra\n' "$i" >"$own/etc/zebra.conf"
  configuration "$i" >"$own/etc/bgpd.conf"
  chown -R frr:frr "$own"
  # What is mounted in `netns exec` is seen by nobody else, and goes with the last process there.
  hopyard netns exec "ROUTER_$i" sh -eu -c '
    mount --rbind / /run/root
    mount --bind "$1/etc" /run/root/etc/frr
    mount --bind "$1/run" /run/root/run/frr
    mount --bind "$1/log" /run/root/var/log/frr
    chroot /run/root "$2/zebra" -d -A 127.0.0.1 -f /etc/frr/zebra.conf 2>"$1/log/zebra"
    chroot /run/root "$2/bgpd" -d -A 127.0.0.1 -f /etc/frr/bgpd.conf 2>"$1/log/bgpd"
  ' sh "$own" "$daemons"
done
proved "$((last + 1)) bgpd run" soon says $((last + 1)) pgrep -c -x bgpd
proved "each sees its own files" test "$(readlink "/proc/$(cat /run/own/ROUTER_0/run/bgpd.pid)/root")" = /run/root
bgpd_of() { cat "/run/own/ROUTER_$1/run/bgpd.pid"; }
proved "hopyard knows which is whose" tells "^$(bgpd_of "$middle")\$" hopyard netns pids "ROUTER_$middle"
proved "and whose is which" says "ROUTER_$middle" hopyard netns identify "$(bgpd_of "$middle")"
prefixes() { ip -n "ROUTER_$1" route show | grep -c '^172\.31\.'; }
knows_all() { [ "$(prefixes "$1")" = $((last + 2)) ]; }
for i in $(seq 0 "$last"); do soon knows_all "$i"; done
proved "every router has all $((last + 2)) prefixes" knows_all "$last"
refuted "and none a default route, but for the first" tells default ip -n ROUTER_1 route show

step "The default route, which ROUTER_0 alone announces: how it spreads"
ip -o -ts monitor route all-nsid >/run/monitor &
monitor=$!
watching() { # it hears the first namespace and the last
  for i in 0 "$last"; do
    ip -n "ROUTER_$i" route replace 192.0.2.0/24 dev lo
    ip -n "ROUTER_$i" route delete 192.0.2.0/24 dev lo
  done
  grep -q 'nsid 0\]192' /run/monitor && grep -q "nsid $last\\]192" /run/monitor
}
proved "the kernel tells of every route that comes or goes" soon watching
vtysh --vty_socket /run/own/ROUTER_0/run -c 'configure terminal' -c 'router bgp 100' -c 'no bgp network import-check' -c 'network 0.0.0.0/0'
proved "the last router has it" soon tells default ip -n "ROUTER_$last" route show
for i in $(seq 1 "$last"); do soon tells default ip -n "ROUTER_$i" route show; done
soon grep -q "nsid $last\\]default" /run/monitor
kill $monitor
# [2026-01-31T12:00:00.123456] [nsid 7]default via …: the moment, and where
sed -n 's/^\[.*T\(.*\)\] \[nsid \([0-9]*\)\]default.*/\1 \2/p' /run/monitor | sort -s -k 1,1 | awk -F '[: ]' -v last="$last" '
  { moment = $1 * 3600 + $2 * 60 + $3; if (!begun++) begin = moment; if (!($4 in come)) { come[$4] = 1; far = $4 > far ? $4 : far } }
  far >= stage * last / 4 { printf "      after %7.1f ms it has come to ROUTER_%d\n", (moment - begin) * 1000, far; stage = int(far * 4 / last) + 1 }
  END { for (i = 1; i <= last; i++) if (!(i in come)) exit 1 }' >/run/stages && seen=all || seen=some
cat /run/stages
proved "it was seen to come to each of them" says all echo "$seen"
proved "to the last one later than to the first" test "$(sed 1q /run/stages | awk '{ print $2 }')" != "$(sed -n '$p' /run/stages | awk '{ print $2 }')"

step "A session with the daemon in the middle: telnet 127.0.0.1 2605"
mkfifo /run/typed
hopyard netns exec "ROUTER_$middle" telnet 127.0.0.1 2605 </run/typed >/run/session 2>&1 &
exec 3>/run/typed
soon grep -q 'Password:' /run/session
echo zebra >&3
soon grep -q "ROUTER_$middle> " /run/session
echo "show ip bgp summary" >&3
soon grep -q "Total number of neighbors" /run/session
echo exit >&3
exec 3>&-
wait $!
grep '^172' /run/session | sed 's/^/      /'
session() { # ADDRESS: the neighbour's AS, and how many prefixes it has announced
  awk -v neighbour="$1" '$1 == neighbour { print $3, $10 }' /run/session
}
proved "2 neighbours" says 2 grep -c '^172' /run/session
# Nobody announces a network back to where it is learned from; the default counts as one.
proved "AS $((middle + 99)) announces $((middle + 2))" says "$((middle + 99)) $((middle + 2))" session "172.31.$middle.2"
proved "AS $((middle + 101)) announces $((last - middle + 1))" says "$((middle + 101)) $((last - middle + 1))" session "172.31.$((middle + 1)).1"

step "A trace across all of them"
limit=$((30 * last / 100)) # 30 hops are traceroute's own limit, and 64 Linux's
life=$((64 * last / 100))
set_life() { # HOPS
  for i in internet $(seq -f 'ROUTER_%.0f' 0 "$last"); do
    hopyard netns exec "$i" sh -c 'echo "$0" >/proc/sys/net/ipv4/ip_default_ttl' "$1"
  done
}
[ "$last" = 100 ] || set_life $life
trace() { # HOPS: how far it goes at most
  hopyard netns exec "ROUTER_$last" traceroute -n -q 1 -w 2 -N 40 -m "$1" 8.8.8.8 >/run/trace
}
hops() { awk 'NR > 1 && $2 != "*"' /run/trace | wc -l; }
arrived() { tail -n 1 /run/trace | grep -q ' 8\.8\.8\.8 '; }
hopyard netns exec internet sh -c 'echo 0 >/proc/sys/net/ipv4/icmp_ratelimit' # it is to answer every probe
trace $limit
refuted "it ends before it arrives, after $limit hops" arrived
proved "having seen as many routers" says $limit hops
trace $((last + 20))
refuted "-m $((last + 20)) alone is not enough" arrived
proved "answers live for $life hops" says $life hops
set_life 255
trace $((last + 20))
proved "with net.ipv4.ip_default_ttl raised it arrives" arrived
proved "by every router" says $((last + 1)) hops
trace $limit
refuted "though not within $limit hops" arrived

step "All of it taken away"
hopyard netns delete --kill --all >/dev/null
proved "no name is left" says "" ip netns list
refuted "and no daemon" pgrep bgpd
