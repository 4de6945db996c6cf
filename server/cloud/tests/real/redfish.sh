#!/bin/bash
# sushy-tools' Redfish emulator on loopback with two machines that are off: redfish.sh PORT FOLDER [tls]. User ops, password
# ops-pass. With tls its certificate is signed by FOLDER/ca.pem. Says "ready" when it answers, or "absent" with a reason; ends
# it when its standard input closes. Installed by scripts/setup test.
set -u
port=$1 work=$2 tls=${3:-}
folder=${XDG_CACHE_HOME:-$HOME/.cache}/uncordon/redfish
[ -e "$folder/.packages" ] || { echo "absent: sushy-tools is not installed (scripts/setup test)"; exit 0; }
"$folder/bin/python" -c 'import bcrypt; print("ops:" + bcrypt.hashpw(b"ops-pass", bcrypt.gensalt(4)).decode())' > "$work/htpasswd"
cat > "$work/redfish.conf" <<C
SUSHY_EMULATOR_LISTEN_IP = '127.0.0.1'
SUSHY_EMULATOR_LISTEN_PORT = $port
SUSHY_EMULATOR_FAKE_DRIVER = True
SUSHY_EMULATOR_STATE_DIR = '$work'
SUSHY_EMULATOR_AUTH_FILE = '$work/htpasswd'
SUSHY_EMULATOR_FAKE_SYSTEMS = [
    {'uuid': '48eb9f8a-1111-4a4c-8f6f-00000000000%d' % n, 'name': 'node-%d' % n, 'power_state': 'Off',
     'fake_driver_config': {}, 'nics': [{'mac': '00:5c:52:31:3a:9%d' % n, 'ip': '172.22.0.10%d' % n}]} for n in (1, 2)]
C
if [ "$tls" = tls ]; then
  command -v openssl > /dev/null || { echo "absent: openssl is not installed"; exit 0; }
  (
    cd "$work" || exit 1
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=lab \
      -addext basicConstraints=critical,CA:TRUE
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout bmc.key -out bmc.csr -subj /CN=bmc
    printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' > ext
    openssl x509 -req -in bmc.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out bmc.pem -days 2 -extfile ext
  ) > "$work/openssl.log" 2>&1 || { echo "absent: no certificate could be made: $(tail -n 1 "$work/openssl.log")"; exit 0; }
  printf "SUSHY_EMULATOR_SSL_CERT = '%s'\nSUSHY_EMULATOR_SSL_KEY = '%s'\n" "$work/bmc.pem" "$work/bmc.key" >> "$work/redfish.conf"
fi
"$folder/bin/sushy-emulator" --config "$work/redfish.conf" --fake > "$work/redfish.log" 2>&1 &
server=$!
trap 'kill $server 2> /dev/null; wait' EXIT
n=0
until (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do
  kill -0 $server 2> /dev/null && [ $((n += 1)) -lt 600 ] || { echo "absent: it did not start: $(tail -n 1 "$work/redfish.log")"; exit 0; }
  sleep 0.1
done
echo ready
while read -r _; do :; done
