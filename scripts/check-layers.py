"""Crates are layers: an arrow that ARCHITECTURE.md does not draw fails here, with the arrow named.

Also holds core pure: what would let it do I/O, wait or roll dice may not be among its direct dependencies.
"""

import json
import subprocess
import sys

# crate -> the workspace crates it may link.
ARROWS = {
    "core": set(),
    "store": {"core"},
    "channels": {"core"},
    "engine": {"core", "store"},
    "api": {"core", "store", "engine"},
    "cli": {"core", "store", "engine", "channels", "api"},
    "sim": {"core", "store", "engine"},
    "bench": {"core"},
}
IMPURE = {"tokio", "rand", "getrandom", "reqwest", "sqlx", "axum", "uuid", "tempfile", "async-trait", "futures-util"}
PREFIX = "decurion-"


def main() -> int:
    out = subprocess.run(
        ["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"], check=True, capture_output=True, text=True
    )
    faults = []
    for package in json.loads(out.stdout)["packages"]:
        crate = package["name"].removeprefix(PREFIX)
        if crate not in ARROWS:
            faults.append(f"{package['name']}: unknown crate; draw its arrows in scripts/check-layers.py and ARCHITECTURE.md")
            continue
        linked = {d["name"] for d in package["dependencies"] if d["kind"] != "dev"}
        for name in sorted(n.removeprefix(PREFIX) for n in linked if n.startswith(PREFIX)):
            if name not in ARROWS[crate]:
                faults.append(f"{crate} -> {name}: this arrow points the wrong way")
        if crate == "core":
            faults += [f"core -> {name}: core decides, it does no I/O and rolls no dice" for name in sorted(linked & IMPURE)]
    for fault in faults:
        print(f"layers: {fault}", file=sys.stderr)
    if not faults:
        print(f"layers: {len(ARROWS)} crates, every arrow points down")
    return 1 if faults else 0


sys.exit(main())
