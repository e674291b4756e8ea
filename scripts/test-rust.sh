#!/usr/bin/env bash
# The crates' tests on SQLite and on a throw-away PostgreSQL. Arguments go to the test runner: `-p decurion-core rotation`.
. "$(dirname "$0")/lib.sh"
need_rust
cd "$ROOT"

scope=(--workspace)
[ $# = 0 ] || scope=()

if command -v cargo-nextest >/dev/null; then
  runner=(cargo nextest run "${scope[@]}" --locked --profile "$([ -n "${CI:-}" ] && echo ci || echo default)" "$@")
else
  runner=(cargo test "${scope[@]}" --locked --all-targets "$@")
fi
scripts/postgres.sh run "${runner[@]}"
# Examples in the documentation; nextest does not run these.
[ $# != 0 ] || cargo test --workspace --locked --doc --quiet
