#!/usr/bin/env bash
# The console's packages and its bundle, each only when what they come from has changed.
#   scripts/web.sh install   node_modules as package-lock.json says
#   scripts/web.sh build     install, then web/dist
. "$(dirname "$0")/lib.sh"
cd "$ROOT/web"

install() {
  need_node
  local wanted
  wanted=$(node --version; cat package-lock.json)
  [ "$(cat node_modules/.stamp 2>/dev/null)" = "$wanted" ] && return
  say "npm ci"
  npm ci --no-audit --no-fund --loglevel=error >&2
  printf '%s' "$wanted" >node_modules/.stamp
}

build() {
  install
  local sources=(src index.html package-lock.json vite.config.*)
  [ ! -d public ] || sources+=(public)
  [ -f dist/index.html ] && [ -z "$(find "${sources[@]}" -newer dist/index.html -print -quit)" ] && return
  say "building the console"
  npm run build >&2
}

case ${1:-} in
  install | build) "$1" ;;
  *) die "usage: scripts/web.sh install | build" ;;
esac
