#!/bin/sh
# No packet of the demonstration leaves the machine.
#
#     deploy/smoke/sealed.sh          from the repository's root, after a build
#
# Runs FirstMail.java (which also writes to an outside address) and Pages.java in a network namespace with two interfaces: lo, and one named
# « outside » that carries the default route and the name server, and counts what is sent. The count must stay 0. At the end the
# script itself sends one packet, to show that the count counts. Where namespaces are not permitted, it says so and runs
# both without.
set -eu
cd "$(dirname -- "$0")/../.."

for java in "${MESSAGERIE_JAVA:-}/bin/java" "${JAVA_HOME:-}/bin/java" /usr/lib/jvm/*25*/bin/java java; do
  "$java" -version 2>&1 | grep -q '"25' && break
done

smoke() {
  "$java" deploy/smoke/FirstMail.java
  "$java" deploy/smoke/Pages.java
}

unsealed() {
  echo "sealed: not checked: $1"
  smoke
  exit
}

if [ "${1:-}" != inside ]; then
  command -v unshare >/dev/null && command -v ip >/dev/null ||
    unsealed "the commands unshare (util-linux) and ip (iproute2) are needed"
  # Root enters a namespace as it is; another user needs a namespace of users too, where it stays itself.
  if [ "$(id -u)" = 0 ]; then enter='--net --mount'; else enter='--user --map-current-user --keep-caps --net --mount'; fi
  # shellcheck disable=SC2086 # several words
  if ! unshare $enter ip link add outside type veth peer name nobody 2>/dev/null; then
    unsealed "this machine does not let us make a network namespace"
  fi
  # shellcheck disable=SC2086
  exec unshare $enter "$0" inside
fi

sent() { ip -statistics link show outside | awk '/TX:/ { getline; print $2 }'; }

ip link set lo up
ip link add outside type veth peer name nobody # a cable to nobody: every packet goes out, none is answered
# Neither ARP nor IPv6 announce themselves on it: nothing is sent unless a program makes it.
for end in outside nobody; do
  echo 1 2>/dev/null >"/proc/sys/net/ipv6/conf/$end/disable_ipv6" || true
  ip link set "$end" arp off up
done
ip address add 192.0.2.1/24 dev outside
ip route add default via 192.0.2.254
names=$(mktemp)
printf 'nameserver 192.0.2.53\noptions timeout:1 attempts:1\n' >"$names"
mount --bind "$names" "$(readlink -f /etc/resolv.conf)"
rm "$names"

smoke
packets=$(sent)
if [ "$packets" != 0 ]; then
  echo "sealed: $packets packets were sent towards the outside"
  exit 1
fi

getent hosts messagerie-control.example >/dev/null || true
if [ "$(sent)" = 0 ]; then
  echo "sealed: the count does not count: a look-up of ours was not seen"
  exit 1
fi
echo "sealed: 0 packets towards the outside, the program's whole life long"
