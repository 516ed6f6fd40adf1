#!/bin/sh
# Every type of link that `ip link help` lists, made by hand: the running kernel has it, and hopyard doctor says so; or it does not, and
# doctor says what option or module of the kernel is missing.
#
#   sudo sh examples/inner-router/steps-link-types.sh
#
# In a world of its own (../steps.sh); asking for a type may load a module of the kernel. ../link-types has all of them as labs.
. "$(dirname -- "$0")/../steps.sh"
world

ip link add base type veth peer name other
ip -batch - <<BATCH
address add 192.0.2.1/24 dev base
address add 2001:db8::1/64 dev base nodad
link set base up
link set other up
BATCH
make() { # TYPE
  case $1 in
    vlan) ip link add link base name probe type vlan id 5 ;;
    macvlan | macvtap | ipvlan | macsec) ip link add link base name probe type "$1" ;;
    vxlan) ip link add probe type vxlan id 5 dstport 4789 remote 192.0.2.2 ;;
    geneve) ip link add probe type geneve id 5 remote 192.0.2.2 ;;
    vrf) ip link add probe type vrf table 10 ;;
    gre | gretap | ipip | sit | vti) ip link add probe type "$1" local 192.0.2.1 remote 192.0.2.2 ;;
    ip6gre | ip6gretap | ip6tnl) ip link add probe type "$1" local 2001:db8::1 remote 2001:db8::2 ;;
    veth) ip link add probe type veth peer name probe-peer ;;
    *) ip link add probe type "$1" ;;
  esac
}
remedy() { # NAME: doctor tells what would bring it
  awk -v name="($1)" 'index($0, name) && /: without it: / { getline; print }' /run/doctor
}

step "Each type: what the kernel does, and what doctor says"
for type in vlan veth vcan dummy ifb macvlan macvtap bridge bond team ip6tnl ipip sit vxlan gre gretap ip6gre ip6gretap vti nlmon ipvlan geneve \
  vrf macsec; do
  name="($type)"
  if make $type 2>/dev/null; then
    proved "$type is there, and doctor says so" says good doctor_says "$name"
    proved "$type is what the kernel calls it" tells " $type " ip -details link show probe
    ip link delete probe
  else
    proved "$type is missing, and doctor says so" says missing doctor_says "$name"
    proved "$type takes $(remedy $type | grep -o 'CONFIG_[A-Z0-9_]*' | head -n 1), says doctor" tells CONFIG_ remedy $type
  fi
done
