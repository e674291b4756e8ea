#!/usr/bin/env bash
# cargo-deny over the dependency graph: bans, licences and sources always; advisories where their database can be had.
. "$(dirname "$0")/lib.sh"
need_rust
cd "$ROOT"

if ! command -v cargo-deny >/dev/null; then
  PATH=$(venv lint scripts/requirements-lint.txt)/bin:$PATH
fi
cargo-deny --locked check bans licenses sources

if timeout 60 cargo-deny --log-level off fetch db >/dev/null 2>&1; then
  cargo-deny --locked check advisories
else
  cat >&2 <<'NOTICE'

  **********************************************************************************************
  * NOT CHECKED: security advisories. The RustSec database cannot be reached from this machine. *
  * Run scripts/deny.sh on one that reaches github.com before a release.                        *
  **********************************************************************************************

NOTICE
fi
