# shellcheck shell=bash
# Shared by the scripts: where things are, how to speak, how to install what is missing.
# Sourced, never run.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$ROOT/target}
TOOLS=$CARGO_TARGET_DIR/tools

say() { printf '==> %s\n' "$*" >&2; }

die() {
  printf '\nERROR: %s\n' "$*" >&2
  exit 1
}

# as_root CMD...: runs CMD as root, or says which command a person with root must run.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    sudo "$@"
  else
    die "this needs root. As root, run: $*"
  fi
}

# without_services CMD...: runs a Debian package command with its services kept from starting; the tests
# start the servers they need, on their own ports, and stop them again.
without_services() {
  local policy=/usr/sbin/policy-rc.d ours=
  if [ ! -e $policy ]; then
    ours=$(mktemp)
    printf '#!/bin/sh\nexit 101\n' >"$ours"
    as_root install -m 755 "$ours" $policy
    rm -f "$ours"
    ours=yes
  fi
  local status=0
  as_root "$@" || status=$?
  [ -z "$ours" ] || as_root rm -f $policy
  return $status
}

# install_packages PACKAGE...: from Debian's archive, with one `apt-get update` per run of make.
install_packages() {
  command -v apt-get >/dev/null || die "missing: $*. Install these with your system's package manager."
  say "installing $*"
  local stamp
  stamp=${TMPDIR:-/tmp}/decurion-apt-updated.$(id -u)
  if [ -z "$(find "$stamp" -mmin -720 2>/dev/null)" ]; then
    as_root apt-get -q -q -o DPkg::Lock::Timeout=300 update || die "apt-get update failed"
    touch "$stamp"
  fi
  without_services env DEBIAN_FRONTEND=noninteractive apt-get -q -q -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 install --yes --no-install-recommends "$@" >&2 || die "could not install: $*"
}

# have_thing THING: is it there and usable?
have_thing() {
  case $1 in
    python) python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ;;
    postgres) postgres_bin >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# package_of THING: the Debian packages that bring it.
package_of() {
  case $1 in
    cc) echo gcc libc6-dev ;;
    python) echo python3 python3-venv ;;
    postgres) echo postgresql ;;
    *) echo "$1" ;;
  esac
}

# need THING...: installs what is missing of cc, python, postgres, chromium, prometheus ...; fast when all is there.
need() {
  local thing missing=()
  for thing in "$@"; do
    # shellcheck disable=SC2207 # package names hold no blanks
    have_thing "$thing" || missing+=($(package_of "$thing"))
  done
  [ ${#missing[@]} = 0 ] && return
  install_packages "${missing[@]}"
  for thing in "$@"; do
    have_thing "$thing" || die "$thing is still missing after installing $(package_of "$thing")"
  done
}

# postgres_bin: the folder of initdb and pg_ctl, the newest version there.
postgres_bin() {
  local dir
  for dir in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) $(dirname "$(command -v initdb || echo /nonexistent/initdb)"); do
    [ -x "$dir/initdb" ] && echo "$dir" && return
  done
  return 1
}

# need_rust: cargo with rustfmt and clippy, new enough for the workspace.
need_rust() {
  command -v cargo >/dev/null || die "missing: Rust. Install it from https://rustup.rs and run this again."
  local wanted have
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml")
  have=$(rustc --version | cut -d' ' -f2)
  [ "$(printf '%s\n%s\n' "$wanted" "$have" | sort -V | head -n 1)" = "$wanted" ] ||
    die "Rust $wanted or newer is needed, this is $have. Run: rustup update stable"
  need cc
}

# need_node: node and npm, new enough for Vite.
need_node() {
  have_thing node && have_thing npm ||
    die "missing: Node.js 20.19 or newer with npm. Install it from https://nodejs.org and run this again."
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    die "Node.js 20.19 or newer is needed, this is $(node --version)."
}

# venv NAME REQUIREMENTS: a Python environment with exactly these packages; prints its folder. Made once per content.
venv() {
  local dir=$TOOLS/venv-$1 wanted
  need python
  wanted=$(python3 --version; cat "$2")
  if [ "$(cat "$dir/.stamp" 2>/dev/null)" != "$wanted" ]; then
    say "Python environment $1"
    rm -rf "$dir"
    mkdir -p "$TOOLS"
    python3 -m venv "$dir" >&2
    "$dir/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$2" >&2 ||
      die "pip could not install the packages of $2"
    printf '%s' "$wanted" >"$dir/.stamp"
  fi
  echo "$dir"
}
