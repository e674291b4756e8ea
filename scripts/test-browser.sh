#!/usr/bin/env bash
# The console in Debian's Chromium against the real binary.
. "$(dirname "$0")/lib.sh"
need chromium
DECURION_BIN=${DECURION_BIN:-$("$ROOT/scripts/build.sh")}
export DECURION_BIN
export DECURION_CHROMIUM=${DECURION_CHROMIUM:-$(command -v chromium)}
"$ROOT/scripts/web.sh" build
cd "$ROOT/web"
npm run --silent e2e
