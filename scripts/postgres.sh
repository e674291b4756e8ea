#!/usr/bin/env bash
# A throw-away PostgreSQL for tests, on a loopback port, in a folder of its own.
#   scripts/postgres.sh run CMD...   starts one, runs CMD with DECURION_TEST_POSTGRES set, stops and removes it
#   scripts/postgres.sh start DIR    starts one in the new folder DIR and prints its URL
#   scripts/postgres.sh stop DIR     stops it and removes DIR
# With DECURION_POSTGRES_DURABLE=1 commits reach the disk (benchmarks); otherwise they do not, because no test
# kills the database itself, and the suite is minutes faster.
. "$(dirname "$0")/lib.sh"

# PostgreSQL refuses to run as root; Debian's package brings the user `postgres` for it.
unprivileged() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && setpriv --reuid postgres --regid postgres --clear-groups "$@")
  else
    "$@"
  fi
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

start() {
  local dir=$1 bin port settings
  need postgres python
  bin=$(postgres_bin)
  mkdir -p "$dir"
  chmod 755 "$dir"
  [ "$(id -u)" != 0 ] || chown postgres "$dir"
  unprivileged "$bin/initdb" --pgdata "$dir/data" --username decurion --auth trust --encoding UTF8 \
    --locale C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 || die "initdb failed: $(cat "$dir/initdb.log")"
  port=$(free_port)
  settings="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$dir -c max_connections=300"
  [ -n "${DECURION_POSTGRES_DURABLE:-}" ] || settings="$settings -c fsync=off -c full_page_writes=off"
  unprivileged "$bin/pg_ctl" --pgdata "$dir/data" --log "$dir/data/log" --options "$settings" --wait --silent start >&2 ||
    die "PostgreSQL did not start: $(cat "$dir/data/log")"
  unprivileged "$bin/createdb" --host 127.0.0.1 --port "$port" --username decurion decurion
  echo "postgres://decurion@127.0.0.1:$port/decurion" | tee "$dir/url"
}

stop() {
  local dir=$1
  if [ -d "$dir/data" ]; then
    unprivileged "$(postgres_bin)/pg_ctl" --pgdata "$dir/data" --mode immediate --silent stop >&2 || true
  fi
  rm -rf "$dir"
}

run() {
  local dir
  dir=$(mktemp -d "${TMPDIR:-/tmp}/decurion-postgres.XXXXXX")
  # shellcheck disable=SC2064 # the folder of this run
  trap "stop '$dir'" EXIT
  start "$dir" >/dev/null
  DECURION_TEST_POSTGRES=$(cat "$dir/url") "$@"
}

case ${1:-} in
  run | start | stop) "$@" ;;
  *) die "usage: scripts/postgres.sh run CMD... | start DIR | stop DIR" ;;
esac
