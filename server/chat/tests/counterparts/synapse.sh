#!/bin/bash
# A real Synapse on loopback, for example.test, where anybody may register: synapse.sh PORT. Says "ready" when it answers, or
# "absent" with a reason; ends it when its standard input closes. Installed by scripts/setup test.
set -u
port=$1
folder=${XDG_CACHE_HOME:-$HOME/.cache}/uncordon/synapse
[ -e "$folder/.packages" ] || { echo "absent: Synapse is not installed (scripts/setup test)"; exit 0; }
work=$(mktemp -d)
often='{per_second: 1000, burst_count: 1000}'
cat > "$work/homeserver.yaml" << C
server_name: example.test
pid_file: $work/pid
listeners: [{port: $port, type: http, bind_addresses: [127.0.0.1], resources: [{names: [client], compress: false}]}]
database: {name: sqlite3, args: {database: $work/db}}
media_store_path: $work/media
signing_key_path: $work/signing.key
log_config: $work/log.yaml
report_stats: false
trusted_key_servers: []
federation_domain_whitelist: []
presence: {enabled: false}
bcrypt_rounds: 4
enable_registration: true
enable_registration_without_verification: true
macaroon_secret_key: of-no-worth
form_secret: of-no-worth
rc_message: $often
rc_registration: $often
rc_login: {address: $often, account: $often, failed_attempts: $often}
rc_joins: {local: $often, remote: $often}
rc_invites: {per_room: $often, per_user: $often, per_issuer: $often}
C
cat > "$work/log.yaml" << C
{version: 1, handlers: {file: {class: logging.FileHandler, filename: $work/log}}, root: {level: WARNING, handlers: [file]}}
C
cd "$work" || exit 1
synapse=("$folder/bin/python" -m synapse.app.homeserver -c homeserver.yaml)
"${synapse[@]}" --generate-keys > out 2>&1
"${synapse[@]}" > out 2>&1 &
server=$!
trap 'kill $server 2> /dev/null; wait; rm -rf "$work"' EXIT
n=0
until (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do
  kill -0 $server 2> /dev/null && [ $((n += 1)) -lt 1200 ] || { echo "absent: it did not start: $(tail -n 1 out)"; exit 0; }
  sleep 0.1
done
echo ready
while read -r _; do :; done
