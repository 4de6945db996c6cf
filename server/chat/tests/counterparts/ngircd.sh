#!/bin/bash
# Debian's ngIRCd on loopback: ngircd.sh PORT. Says "ready" when it answers, or "absent" with a reason; ends it when its
# standard input closes. Installed by scripts/setup test.
set -u
port=$1
program=$(PATH=$PATH:/usr/sbin command -v ngircd) || { echo "absent: ngircd is not installed (scripts/setup test)"; exit 0; }
work=$(mktemp -d)
cat > "$work/conf" << C
[Global]
Name = irc.example.test
Info = for tests
Listen = 127.0.0.1
Ports = $port
ServerUID = $(id -un)
ServerGID = $(id -gn)
[Limits]
MaxConnectionsIP = 0
[Options]
PAM = no
DNS = no
Ident = no
C
"$program" -n -f "$work/conf" > "$work/log" 2>&1 &
server=$!
trap 'kill $server 2> /dev/null; wait; rm -rf "$work"' EXIT
n=0
until (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do
  kill -0 $server 2> /dev/null && [ $((n += 1)) -lt 600 ] || { echo "absent: it did not start: $(tail -n 1 "$work/log")"; exit 0; }
  sleep 0.1
done
echo ready
while read -r _; do :; done
