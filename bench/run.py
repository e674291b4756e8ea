"""The benchmarks: runs Decurion and Debian's Alertmanager by turns on this machine and writes docs/benchmarks.md.

Started by scripts/bench.sh, which builds and installs what is needed. `--quick` runs a tenth of everything, to see
whether the benchmarks themselves work; its figures are not written.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "blackbox"))

import packs  # noqa: E402
import settings  # noqa: E402
from harness import Decurion, free_port, wait_until  # noqa: E402
from peers import Alertmanager  # noqa: E402

ROUNDS = 3


class Bench:
    def __init__(self, binary: pathlib.Path, driver: pathlib.Path, work: pathlib.Path, scale: float):
        self.binary, self.driver, self.work, self.scale = binary, driver, work, scale
        self.number = 0

    def folder(self) -> pathlib.Path:
        self.number += 1
        folder = self.work / str(self.number)
        folder.mkdir()
        return folder

    def count(self, full: int) -> int:
        return max(100, int(full * self.scale))

    def drive(self, target: str, wire: str, sink: int | None, count: int, **more: Any) -> dict[str, Any]:
        words = [str(self.driver), "--target", target, "--format", wire, "--count", str(count)]
        if sink:
            words += ["--sink", f"127.0.0.1:{sink}"]
        for name, value in more.items():
            words += [f"--{name.replace('_', '-')}", str(value)]
        return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)

    def decurion(self, sink: int, database: str | None = None) -> Decurion:
        """Started and set up with packs/ten, in which everybody is reached by webhook at `sink`."""
        folder = self.folder()
        pack = packs.ten_with_contacts(folder / "pack", ("webhook",), f"http://127.0.0.1:{sink}")
        made = Decurion(self.binary, folder, pack, database)
        made.environment = settings.environment(free_port())
        made.init()
        made.serve()
        return made


def alertmanager(bench: Bench, sink: int) -> Alertmanager:
    receiver = {"webhook_configs": [{"url": f"http://127.0.0.1:{sink}/webhook", "send_resolved": False}]}
    return Alertmanager(bench.folder() / "alertmanager", receiver, repeat="4h", group_interval="5m")


def cpu_s(pid: int) -> float:
    """What a process has used of all cores so far."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def watched(pid: int, drive: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """A run, with what each alert of it cost the server's process."""
    before = cpu_s(pid)
    run = drive()
    return {**run, "cpu_us": (cpu_s(pid) - before) * 1e6 / max(1, run["accepted"])}


def against_alertmanager(bench: Bench, count: int, **more: Any) -> dict[str, Any]:
    sink = free_port()
    peer = alertmanager(bench, sink)
    try:
        url = peer.url + "/api/v2/alerts"
        return watched(peer.process.pid, lambda: bench.drive(url, "alertmanager", sink, count, **more))
    finally:
        peer.close()


def against_us(bench: Bench, count: int, database: str | None = None, **more: Any) -> dict[str, Any]:
    sink = free_port()
    decurion = bench.decurion(sink, database)
    try:
        key = decurion.integration("pagerduty")["key"]
        url = decurion.url + "/v2/enqueue"
        return watched(decurion.process.pid, lambda: bench.drive(url, "pagerduty", sink, count, key=key, **more))
    finally:
        decurion.stop()


def sqlite_commits_per_s(bench: Bench, seconds: float = 3) -> float:
    """One row a transaction, one connection, WAL, synchronous=FULL: what the disk and SQLite allow."""
    db = sqlite3.connect(bench.folder() / "commits.db", isolation_level=None)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, text TEXT)")
    started, count = time.perf_counter(), 0
    while time.perf_counter() - started < seconds * max(bench.scale, 0.2):
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT INTO t(text) VALUES (?)", ("x" * 200,))
        db.execute("COMMIT")
        count += 1
    return count / (time.perf_counter() - started)


def memory_mb(pid: int, field: str) -> float:
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.M).group(1)) / 1024


def storm(bench: Bench) -> dict[str, Any]:
    """Many signals, a hundred keys."""
    sink = free_port()
    decurion = bench.decurion(sink)
    try:
        key = decurion.integration("pagerduty")["key"]
        count = bench.count(1_000_000)
        run = bench.drive(decurion.url + "/v2/enqueue", "pagerduty", sink, count, key=key, keys=100, connections=64)
        counted = sum(alert["count"] for alert in decurion.alerts(limit=200))
        peak = memory_mb(decurion.process.pid, "VmHWM")
        return {**run, "counted": counted, "peak_mb": peak}
    finally:
        decurion.stop()


def at_rest(bench: Bench) -> dict[str, float]:
    decurion = bench.decurion(free_port())
    try:
        starts = []
        for _ in range(7):
            decurion.stop()
            began = time.perf_counter()
            decurion.serve(wait=False)
            wait_until("the server", decurion.ready, interval_s=0.002)
            starts.append((time.perf_counter() - began) * 1000)
        time.sleep(5)
        idle = memory_mb(decurion.process.pid, "VmRSS")
        began = time.perf_counter()
        subprocess.run([str(bench.binary), "check", str(ROOT / "packs" / "ten")], check=True, capture_output=True)
        check_ms = (time.perf_counter() - began) * 1000
        size = bench.binary.stat().st_size / 1e6
        return {"start_ms": statistics.median(starts), "idle_mb": idle, "check_ms": check_ms, "binary_mb": size}
    finally:
        decurion.stop()


def middle(runs: list[dict[str, Any]], *path: str) -> float:
    def value(run: Any) -> float:
        for name in path:
            run = run[name]
        return run

    return statistics.median(value(run) for run in runs)


def by_turns(bench: Bench, count: int, **more: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Ours and theirs by turns, so that what else the machine does falls on both."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(against_alertmanager(bench, count, **more))
        ours.append(against_us(bench, count, **more))
    return ours, theirs


def lost(runs: list[dict[str, Any]]) -> int:
    return sum(run["accepted"] - run["delivered"] for run in runs)


FLOOR = """The goal, to be as fast as it, is missed. Work stands in the way: for an alert
Alertmanager keeps an entry of a map and forgets it later. We write 7 journal records, chained by hash, and the
rows of a signal, an alert, an incident, a page, a notification, an outbox entry and its timers with their indexes (about
65 entries of B-trees) in one synced transaction with those of the alerts that arrived meanwhile, and some of them again
after the receiver's answer. A third of our CPU is SQLite, a seventh deciding, a sixth making rows and hashes; the rest is
HTTP in and out and the system's. What helped so far: values bound instead of taken out of JSON, lazily
read rules, another allocator (35 % less CPU together); deciding the next batch while one commits (8 % more alerts);
fewer checkpoints (2 %)."""


def measure(bench: Bench, postgres: str | None) -> str:
    where = machine()
    commits = statistics.median(sqlite_commits_per_s(bench) for _ in range(ROUNDS))
    ours, theirs = by_turns(bench, bench.count(20_000), connections=64)
    calm_ours, calm_theirs = by_turns(bench, bench.count(600), rate=20)
    busy_ours, busy_theirs = by_turns(bench, bench.count(10_000), rate=500)
    on_postgres = against_us(bench, bench.count(20_000), database=postgres, connections=64) if postgres else None
    words = [str(bench.driver.with_name("rosters"))]
    rosters = subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()
    storming, rest = storm(bench), at_rest(bench)
    rate, peer_rate = middle(ours, "delivered_per_s"), middle(theirs, "delivered_per_s")

    def latency(name: str, mine: list[dict[str, Any]], peers: list[dict[str, Any]]) -> str:
        row = [middle(r, "webhook_ms", q) for r in (mine, peers) for q in ("p50", "p99")]
        return f"| {name} | {row[0]:.1f} | {row[1]:.1f} | {row[2]:.1f} | {row[3]:.1f} |"

    postgres_line = (
        f"| Decurion on PostgreSQL, fsync on | {on_postgres['accepted_per_s']:,.0f} | {on_postgres['delivered_per_s']:,.0f} | {on_postgres['cpu_us']:,.0f} us (without the database's) | yes |\n"
        if on_postgres
        else ""
    )
    return f"""# Benchmarks

Written by `make bench` on {datetime.date.today().isoformat()}. Figures of one machine on one day; run it on yours.

## Machine and method

{where}

Release build. Sender, receiver and server share the machine and talk over loopback. `decurion-bench` (folder `bench/`)
sends alerts over kept-alive connections, and is itself the webhook receiver, so one clock measures both ends. Latency
counts from the instant an alert was *due* to be sent, so a sender that waits counts against the server. Ours and the
peer's runs take turns, {ROUNDS} each; figures are medians. Each alert is one incident, decided by the escalation policy
of `packs/ten` and delivered to the person on call by a signed webhook. The peer is Debian's prometheus-alertmanager with `group_by: [...]`,
`group_wait: 0s`: one webhook an alert. It keeps alerts in memory; ours are on disk (`synchronous=FULL`) before the answer.

## Intake to webhook, as fast as it goes

64 connections, {bench.count(20_000):,} alerts a run.

| | accepted/s | delivered/s | server's CPU an alert | durable |
|---|---|---|---|---|
| Decurion on SQLite | {middle(ours, "accepted_per_s"):,.0f} | {rate:,.0f} | {middle(ours, "cpu_us"):,.0f} us | yes |
{postgres_line}| prometheus-alertmanager | {middle(theirs, "accepted_per_s"):,.0f} | {peer_rate:,.0f} | {middle(theirs, "cpu_us"):,.0f} us | no |
| bare SQLite, one row a commit, one writer | | {commits:,.0f} | | yes |

{rate / peer_rate:.2f} times Alertmanager. {FLOOR}

Accepted and not delivered: {lost(ours)} of ours, {lost(theirs)} of the peer's.

## Alert to webhook, in milliseconds

| | ours p50 | ours p99 | Alertmanager p50 | Alertmanager p99 |
|---|---|---|---|---|
{latency("20 a second", calm_ours, calm_theirs)}
{latency("500 a second", busy_ours, busy_theirs)}

## A storm

{storming["accepted"]:,} signals with 100 dedup keys over 64 connections: {storming["accepted_per_s"]:,.0f} a second accepted,
{storming["counted"]:,} counted, {storming["webhooks"]} pages, peak memory {storming["peak_mb"]:.0f} MB.

## From rosters alone

The middle of several runs in one thread, nothing else running (`cargo run --release -p decurion-bench --bin rosters`).

| | |
|---|---|
{rosters}

## At rest

| | |
|---|---|
| start to ready | {rest["start_ms"]:.0f} ms |
| memory, idle for five seconds | {rest["idle_mb"]:.0f} MB |
| `decurion check packs/ten` with its coverage of 90 days | {rest["check_ms"]:.0f} ms |
| size of the binary | {rest["binary_mb"]:.0f} MB |
"""


def machine() -> str:
    cpu = next((l.split(":")[1].strip() for l in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if "model name" in l), "?")
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text()).group(1)) / 1024 / 1024
    peer = subprocess.run(["prometheus-alertmanager", "--version"], capture_output=True, text=True)
    version = (peer.stdout + peer.stderr).splitlines()[0].split("(")[0].strip()
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores of {cpu}, {memory:.0f} GiB, Linux {platform.release().split('-')[0]}, {version}; "
        f"load average {load:.1f} when the run began."
    )


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--binary", type=pathlib.Path, required=True)
    arguments.add_argument("--driver", type=pathlib.Path, required=True)
    arguments.add_argument("--quick", action="store_true")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="decurion-bench.") as work:
        bench = Bench(given.binary, given.driver, pathlib.Path(work), 0.1 if given.quick else 1)
        text = measure(bench, os.environ.get("DECURION_TEST_POSTGRES"))
    print(text)
    if not given.quick:
        (ROOT / "docs" / "benchmarks.md").write_text(text)


if __name__ == "__main__":
    main()
