#!/usr/bin/env bash
# Builds for release, installs the peer, measures both and writes docs/benchmarks.md. `--quick` only tries it out.
. "$(dirname "$0")/lib.sh"
need_rust
need curl prometheus-alertmanager
"$ROOT/scripts/web.sh" build
cd "$ROOT"
cargo build --locked --release --package decurion-cli --package decurion-bench >&2
python=$(venv blackbox "$ROOT/tests/blackbox/requirements.txt")/bin/python
DECURION_POSTGRES_DURABLE=1 scripts/postgres.sh run "$python" bench/run.py \
  --binary "$CARGO_TARGET_DIR/release/decurion" --driver "$CARGO_TARGET_DIR/release/decurion-bench" "$@"
