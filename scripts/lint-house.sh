#!/usr/bin/env bash
# The cheap checks: scripts parse, crates point one way, links in the documents lead somewhere.
. "$(dirname "$0")/lib.sh"
need_rust
need python
cd "$ROOT"
for script in scripts/*.sh .ci/run; do bash -n "$script"; done
python3 scripts/check-layers.py
python3 scripts/check-links.py
