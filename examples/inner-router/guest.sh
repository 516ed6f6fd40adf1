# Guests for the steps by hand: QEMU's machines with a kernel, an initrd that is made here, and a command line by the serial console.
# Read after ../steps.sh, in its world.
#
# KERNEL is a Linux kernel, MODULES the folder where lib/modules has its modules; without them, those of Debian's kernel that runs
# here. ACCEL is QEMU's way to run it: kvm where hopyard doctor has seen that one runs, else tcg.
kernel=${KERNEL:-/boot/vmlinuz-$(uname -r)}
modules=${MODULES:-/}
accel=${ACCEL:-$(if [ "$(doctor_says /dev/kvm)" = good ]; then echo kvm; else echo tcg; fi)}

needs "$kernel" "say by KERNEL=FILE which kernel the guests are to run, and by MODULES=FOLDER where its lib/modules is"

needs_program qemu-system-x86_64 qemu-system-x86
needs_program cpio cpio
needs_program busybox busybox-static
needs_program tcpdump tcpdump
needs_program dnsmasq dnsmasq-base

make_initrd() { # /run/guest/initrd: busybox (of the package busybox-static), and the modules that a virtio network card needs
  root=/run/guest/root
  mkdir -p $root/bin $root/modules
  cp "$(command -v busybox)" $root/bin/busybox
  : >$root/modules/order
  version=$(uname -r)
  [ "$modules" = / ] || version=$(ls "$modules/lib/modules")
  for module in virtio_pci virtio_net; do
    modprobe -d "$modules" -S "$version" --show-depends $module
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r file; do
    name=${file##*/}
    case $name in
      *.xz) xz -dc "$file" >"$root/modules/${name%.xz}" ;;
      *.zst) zstd -dcq "$file" >"$root/modules/${name%.zst}" ;;
      *) cp "$file" "$root/modules/" ;;
    esac
    echo "${name%.ko*}.ko" >>$root/modules/order
  done
  cat >$root/init <<'INIT'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin
mkdir -p /proc /sys /dev
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
while read -r module; do insmod "/modules/$module"; done </modules/order
ip link set lo up
echo 0 >/proc/sys/net/ipv6/conf/eth0/accept_dad
ip link set eth0 up
stty -echo </dev/console
echo "status up"
while read -r line; do
  eval "$line"
  echo "status $?"
done </dev/console
INIT
  cat >$root/bin/lease <<'LEASE'
#!/bin/sh
[ "$1" = bound ] || exit 0
ip address add "$ip/$mask" dev "$interface"
ip route add default via "${router%% *}"
LEASE
  chmod +x $root/init $root/bin/lease
  (cd $root && find . | cpio --quiet -o -H newc | gzip -1) >/run/guest/initrd
}

boot() { # NAME TAP MAC
  mkfifo "/run/guest/$1.in" "/run/guest/$1.out"
  cat "/run/guest/$1.out" >"/run/guest/$1.log" &
  qemu-system-x86_64 -M q35 -accel "$accel" -m 128 -smp 1 -name "$1" -nodefaults -no-user-config -no-reboot -display none \
    -kernel "$kernel" -initrd /run/guest/initrd -append "console=ttyS0 quiet no_timer_check tsc=reliable mitigations=off panic=-1" \
    -netdev "tap,id=n0,ifname=$2,script=/run/guest/qemu-ifup,downscript=no" -device "virtio-net-pci,romfile=,netdev=n0,mac=$3" \
    -serial "pipe:/run/guest/$1" &
}
answers() { grep -c '^status ' "/run/guest/$1.log" || true; }
is_up() { grep -q '^status up' "/run/guest/$1.log"; }
in_guest() { # NAME COMMAND: at the guest's console; what it prints, and its status
  asked=$(answers "$1")
  lines=$(wc -l <"/run/guest/$1.log")
  echo "$2" >"/run/guest/$1.in"
  soon more_answers "$1" "$asked"
  tail -n "+$((lines + 1))" "/run/guest/$1.log" | tr -d '\r'
  [ "$(grep '^status ' "/run/guest/$1.log" | tail -n 1 | tr -d '\r')" = "status 0" ]
}
typed() { # NAME COMMAND: it has to succeed
  in_guest "$1" "$2" >/run/guest/typed && return
  { echo "  NOT done in $1: $2" && cat /run/guest/typed; } >&2
  exit 1
}
more_answers() { [ "$(answers "$1")" -gt "$2" ]; }
guest_reaches() { in_guest "$1" "ping -c 1 -W 10 $2"; }
guest_unanswered() { tells "100% packet loss" in_guest "$1" "ping -c 1 -W 2 $2"; }
