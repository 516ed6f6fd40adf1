# What the steps by hand in these folders share: a world of their own, and the proof after each step. They read this file; it
# does nothing by itself.
#
# The world has a network, mounts and a /run of its own, so the machine's network and the names in /run/netns stay as they are,
# and all of it ends with the script, whatever ends that. It takes root; or run the script inside of: unshare -Urnm.
# HOPYARD names another hopyard than the one that is installed.
set -eu
if [ -n "${HOPYARD:-}" ]; then
  hopyard() { "$HOPYARD" "$@"; }
fi

stage=${1:-} # an argument, which nobody inherits by accident as they would a variable
world() { # it has processes of its own, too
  world_beside --pid --fork --kill-child --mount-proc
}
world_beside() { # [OPTION OF unshare...]: the machine's processes are seen from there
  [ "$stage" = in-the-world ] || exec unshare --net --mount "$@" sh "$0" in-the-world
  trap 'exit 130' INT TERM HUP # as process 1 it would not hear of Ctrl-C otherwise
  mount -t tmpfs -o mode=755 tmpfs /run
  ip link set lo up
}

needs() { # FILE WORDS: what to do if it is not there
  [ -e "$1" ] || { echo "$1 is not there: $2" >&2; exit 1; }
}
needs_program() { # PROGRAM PACKAGE
  command -v "$1" >/dev/null || { echo "$1 is not there: it comes with Debian's package $2" >&2; exit 1; }
}
step() { echo "$*"; }

# The proofs: a line "ok", or the script ends with status 1 and the line says which one failed.
proved() { # WORDS COMMAND...: it succeeds
  words=$1 && shift
  if "$@" >/dev/null 2>&1; then echo "  ok  $words"; else echo "  NOT $words: $*" >&2; exit 1; fi
}
refuted() { # WORDS COMMAND...: it fails
  words=$1 && shift
  if "$@" >/dev/null 2>&1; then echo "  NOT $words: $*" >&2; exit 1; else echo "  ok  $words"; fi
}
says() { # TEXT COMMAND...: it prints just that
  text=$1 && shift
  [ "$("$@")" = "$text" ]
}
tells() { # TEXT COMMAND...: that is in what it prints
  text=$1 && shift
  "$@" 2>&1 | grep -q -e "$text"
}
soon() { # COMMAND...: it succeeds within two minutes
  left=1200
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    [ $left -gt 0 ] || { echo "  NOT within two minutes: $*" >&2; return 1; }
    sleep 0.1
  done
}
reaches() { # NAMESPACE ADDRESS
  hopyard netns exec "$1" ping -n -c 1 -W 5 "$2"
}
unanswered() { # NAMESPACE ADDRESS: a ping is sent there, and nothing comes back
  tells "100% packet loss" hopyard netns exec "$1" ping -n -c 1 -W 1 "$2"
}
addresses() { # [-n NAMESPACE] INTERFACE: those of IPv4
  if [ "$1" = -n ]; then ip -n "$2" -4 -br address show dev "$3"; else ip -4 -br address show dev "$1"; fi | awk '{ print $3 }'
}
doctor_says() { # NAME: good or missing
  [ -e /run/doctor ] || hopyard doctor >/run/doctor || true
  awk -v name="$1" -F '  +' 'index($1, name) { print $2; exit }' /run/doctor
}
