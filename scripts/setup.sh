#!/usr/bin/env bash
# Everything that the other targets would install one by one, in one go.
. "$(dirname "$0")/lib.sh"
need_rust
need_node
need python shellcheck postgres curl openssl prometheus prometheus-alertmanager chromium
"$ROOT/scripts/web.sh" install
venv lint "$ROOT/scripts/requirements-lint.txt"
venv blackbox "$ROOT/tests/blackbox/requirements.txt"
