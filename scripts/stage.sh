#!/usr/bin/env bash
# scripts/stage.sh NAME CMD...: runs CMD as a named stage, says how long it took, and notes it in $DECURION_STAGES.
set -euo pipefail
name=$1
shift
printf '\n######## %s\n' "$name"
start=$(date +%s)
status=0
"$@" || status=$?
seconds=$(($(date +%s) - start))
printf '######## %s: %s after %d s\n' "$name" "$([ $status = 0 ] && echo passed || echo FAILED)" $seconds
[ -z "${DECURION_STAGES:-}" ] || printf '%s\t%d\t%d\n' "$name" $seconds $status >>"$DECURION_STAGES"
exit $status
