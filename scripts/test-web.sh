#!/usr/bin/env bash
# The console's types, unit tests and bundle.
. "$(dirname "$0")/lib.sh"
"$ROOT/scripts/web.sh" install
cd "$ROOT/web"
npm run --silent typecheck
npm run --silent test
"$ROOT/scripts/web.sh" build
