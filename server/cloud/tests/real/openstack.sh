#!/bin/bash
# A real Keystone and Nova (fake hypervisor) on loopback, without root: openstack.sh KEYSTONE_PORT NOVA_PORT PLACEMENT_PORT
# Says "ready" when both answer; ends both when its standard input closes. The Python packages and the databases are
# made once and kept under the user's cache; one instance at a time.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
keystone=$1 nova=$2 placement=$3
cache=${XDG_CACHE_HOME:-$HOME/.cache}/uncordon/openstack
bin=$cache/venv/bin run=$cache/run golden=$cache/golden
packages='nova==34.* keystone==30.* openstack-placement==16.* fixtures testtools oslotest wsgi_intercept cheroot requests'
export PYTHONWARNINGS=ignore
mkdir -p "$cache"
exec 9> "$cache/lock"
flock -w 600 9

if ! [ "$(cat "$cache/venv/packages" 2>/dev/null)" = "$packages" ]; then
  echo "installing Keystone and Nova into $cache (about two minutes)" >&2
  rm -rf "$cache/venv" "$golden"
  python3 -m venv "$cache/venv"
  # shellcheck disable=SC2086
  "$bin/pip" install -q --disable-pip-version-check $packages >&2
  echo "$packages" > "$cache/venv/packages"
fi

# auth SECTION-USER: how a service signs in to Keystone
auth() {
  printf '%s\n' "auth_url=http://127.0.0.1:$keystone/v3" auth_type=password "username=$1" "password=$1" \
    project_name=service user_domain_id=default project_domain_id=default
}

configure() {
  cat > "$run/keystone.conf" <<C
[DEFAULT]
log_file=$run/log/keystone.log
[database]
connection=sqlite:///$run/keystone.db
[token]
provider=fernet
[fernet_tokens]
key_repository=$run/fernet
[credential]
key_repository=$run/credential
[cache]
enabled=false
C
  cat > "$run/placement.conf" <<C
[DEFAULT]
log_file=$run/log/placement.log
[placement_database]
connection=sqlite:///$run/placement.db?timeout=30
sync_on_startup=true
[api]
auth_strategy=keystone
[keystone_authtoken]
service_token_roles_required=true
$(auth placement)
C
  cat > "$run/nova.conf" <<C
[DEFAULT]
transport_url=fake:/
log_file=$run/log/nova.log
state_path=$run/state
instances_path=$run/instances
compute_driver=fake.FakeDriver
host=host-1
my_ip=127.0.0.1
concurrency_backend=threading
report_interval=10
service_down_time=60
sync_power_state_interval=-1
[api_database]
connection=sqlite:///$run/api.db?timeout=30
[database]
connection=sqlite:///$run/cell1.db?timeout=30
[oslo_concurrency]
lock_path=$run/state
[api]
auth_strategy=keystone
[keystone_authtoken]
service_token_roles_required=true
$(auth nova)
[service_user]
send_service_user_token=true
$(auth nova)
[placement]
region_name=RegionOne
$(auth placement)
[conductor]
workers=1
[scheduler]
workers=1
[workarounds]
skip_cpu_compare_on_dest=true
C
}

# answers URL PID: waits until the address answers, or gives up when the process is gone
answers() {
  local n=0
  until "$bin/python" -c "import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=2)" "$1" 2> /dev/null; do
    kill -0 "$2" 2> /dev/null && [ $((n += 1)) -lt 600 ] || { tail -n 30 "$run"/log/*.out >&2; exit 1; }
    sleep 0.1
  done
}

start_keystone() {
  "$bin/python" "$here/serve_keystone.py" "$run/keystone.conf" "$keystone" > "$run/log/keystone.out" 2>&1 &
  keystone_pid=$!
  answers "http://127.0.0.1:$keystone/v3" $keystone_pid
}

# The fake hypervisor has a new identity at every start, so every start needs databases nobody has used.
make_golden() {
  echo "making the databases of Keystone and Nova (about 40 seconds)" >&2
  rm -rf "$run"
  mkdir -p "$run"/{fernet,credential,state,instances,log}
  configure
  local k="$bin/keystone-manage --config-file $run/keystone.conf" n="$bin/nova-manage --config-file $run/nova.conf"
  $k db_sync
  $n api_db sync
  "$bin/placement-manage" --config-file "$run/placement.conf" db sync
  $k fernet_setup --keystone-user "$(id -un)" --keystone-group "$(id -gn)"
  $k credential_setup --keystone-user "$(id -un)" --keystone-group "$(id -gn)"
  $k bootstrap --bootstrap-password admin --bootstrap-region-id RegionOne \
    --bootstrap-public-url "http://127.0.0.1:$keystone/v3/" --bootstrap-internal-url "http://127.0.0.1:$keystone/v3/"
  $n cell_v2 map_cell0 --database_connection "sqlite:///$run/cell0.db?timeout=30"
  $n cell_v2 create_cell --name cell1 --database_connection "sqlite:///$run/cell1.db?timeout=30" --transport-url fake:/
  $n db sync
  start_keystone
  "$bin/python" "$here/seed.py" people "$keystone" "$nova" "$placement"
  kill $keystone_pid
  wait $keystone_pid || true
  "$bin/python" "$here/seed.py" wal "$run"
  echo "$keystone $nova $placement" > "$run/ports"
  rm -rf "$golden"
  cp -a "$run" "$golden"
}

[ -e "$golden/ports" ] || make_golden >&2
rm -rf "$run"
cp -a "$golden" "$run"
configure
# shellcheck disable=SC2046
"$bin/python" "$here/seed.py" move "$run" $(cat "$run/ports") "$keystone" "$nova" "$placement"
start_keystone
"$bin/python" "$here/serve_nova.py" "$run" "$nova" "$placement" > "$run/log/nova.out" 2>&1 &
nova_pid=$!
trap 'kill $nova_pid $keystone_pid 2> /dev/null; wait' EXIT
answers "http://127.0.0.1:$nova/" $nova_pid
"$bin/python" "$here/seed.py" machines "$keystone" "$nova" >&2
echo ready
while read -r _; do :; done
