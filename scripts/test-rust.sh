#!/usr/bin/env bash
# The crates' tests on SQLite and on a throw-away PostgreSQL; arguments go to the test runner.
. "$(dirname "$0")/lib.sh"
need_rust
cd "$ROOT"

if command -v cargo-nextest >/dev/null; then
  runner=(cargo nextest run --workspace --locked --profile "$([ -n "${CI:-}" ] && echo ci || echo default)" "$@")
else
  runner=(cargo test --workspace --locked --all-targets "$@")
fi
scripts/postgres.sh run "${runner[@]}"
# Examples in the documentation; nextest does not run these.
cargo test --workspace --locked --doc --quiet
