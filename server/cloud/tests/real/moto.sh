#!/bin/bash
# moto's EC2, IAM and STS on loopback: moto.sh PORT. Says "ready" when it answers, or "absent" with a reason; ends it when its
# standard input closes. Installed by scripts/setup test; signatures and rights are checked once the test asks for it.
set -u
port=$1
folder=${XDG_CACHE_HOME:-$HOME/.cache}/uncordon/moto
[ -e "$folder/.packages" ] || { echo "absent: moto is not installed (scripts/setup test)"; exit 0; }
"$folder/bin/moto_server" -H 127.0.0.1 -p "$port" > /dev/null 2>&1 &
server=$!
trap 'kill $server 2> /dev/null; wait' EXIT
n=0
until (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do
  kill -0 $server 2> /dev/null && [ $((n += 1)) -lt 600 ] || { echo "absent: moto did not start"; exit 0; }
  sleep 0.1
done
echo ready
while read -r _; do :; done
