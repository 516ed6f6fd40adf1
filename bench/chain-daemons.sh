#!/bin/sh
# A routing daemon in each namespace that chain-ip.sh made, started as people do it: one command after the other.
#
# usage: chain-daemons.sh NODES bird|frr FOLDER         starts them; FOLDER/rN/ has the configuration of each
#        chain-daemons.sh NODES bird|frr FOLDER down    ends them
set -e
nodes=$1
daemon=$2
folder=$3

if [ "$4" = down ]; then
  cat "$folder"/r*/*.pid | xargs kill
  exit
fi

i=0
while [ "$i" -lt "$nodes" ]; do
  own=$folder/r$i
  if [ "$daemon" = bird ]; then
    ip netns exec "r$i" bird -c "$own/bird.conf" -s "$own/bird.ctl" -P "$own/bird.pid"
  else
    chown -R frr:frr "$own"
    for program in zebra bgpd; do
      ip netns exec "r$i" /usr/lib/frr/$program -d -A 127.0.0.1 -f "$own/$program.conf" -i "$own/$program.pid" \
        -z "$own/zserv.api" --vty_socket "$own"
    done
  fi
  i=$((i + 1))
done
