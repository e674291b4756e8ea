#!/usr/bin/env bash
# The cheap checks: scripts are sound, crates point one way, links in the documents lead somewhere.
. "$(dirname "$0")/lib.sh"
need_rust
need python shellcheck
cd "$ROOT"
shellcheck --external-sources --source-path scripts --exclude SC2015 scripts/*.sh .ci/run
python3 scripts/check-layers.py
python3 scripts/check-links.py
