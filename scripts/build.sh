#!/usr/bin/env bash
# The console's bundle and the debug binary; prints the binary's path.
. "$(dirname "$0")/lib.sh"
need_rust
"$ROOT/scripts/web.sh" build
cd "$ROOT"
cargo build --locked --package decurion-cli >&2
echo "$CARGO_TARGET_DIR/debug/decurion"
