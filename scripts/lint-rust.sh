#!/usr/bin/env bash
# rustfmt and clippy, warnings as errors.
. "$(dirname "$0")/lib.sh"
need_rust
cd "$ROOT"
cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 ||
  rustup component add rustfmt clippy >&2 || die "rustfmt or clippy is missing. Run: rustup component add rustfmt clippy"
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
