#!/usr/bin/env bash
# Builds, starts on SQLite in a fresh folder with packs/ten and plays a short day; Ctrl-C ends it.
# Arguments go to `decurion demo`.
. "$(dirname "$0")/lib.sh"
decurion=$("$ROOT/scripts/build.sh")
cd "$ROOT"
exec "$decurion" demo "$@"
