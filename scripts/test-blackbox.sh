#!/usr/bin/env bash
# The real binary against real clients, on SQLite and on PostgreSQL; arguments go to pytest.
. "$(dirname "$0")/lib.sh"
need curl openssl prometheus prometheus-alertmanager
DECURION_BIN=${DECURION_BIN:-$("$ROOT/scripts/build.sh")}
export DECURION_BIN
python=$(venv blackbox "$ROOT/tests/blackbox/requirements.txt")/bin/python
cd "$ROOT"
scripts/postgres.sh run "$python" -m pytest tests/blackbox "$@"
