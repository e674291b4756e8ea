"""kill -9 at random instants under load, again and again, on both databases.

What must hold afterwards: every alert that was answered with 2xx is there with an exact count, every decided page was
delivered or is due, nothing was decided twice, and the journal verifies.
"""

from __future__ import annotations

import collections
import json
import os
import random
import threading
import time

import httpx

from harness import Decurion, wait_until
from recorders import HttpRecorder

KILLS = int(os.environ.get("DECURION_KILLS", "50"))
SENDERS = 4
SEED = 20260101


class Load:
    """Senders that never stop; they know what was promised and what may have happened."""

    def __init__(self, decurion: Decurion, key: str):
        self.url, self.key = decurion.url + "/v2/enqueue", key
        self.accepted: collections.Counter[str] = collections.Counter()
        self.attempted: collections.Counter[str] = collections.Counter()
        self.resolved: set[str] = set()
        self.faults: list[str] = []
        self._running = True
        self._lock = threading.Lock()
        self.threads = [threading.Thread(target=self._send, args=(n,), daemon=True) for n in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def _send(self, sender: int) -> None:
        dice, number = random.Random(SEED + sender), 0
        with httpx.Client(timeout=20) as client:
            while self._running:
                number += 1
                key = f"{sender}-{number}"
                for _ in range(dice.choice((1, 1, 2, 3))):
                    self._event(client, "trigger", key)
                if dice.random() < 0.2 and self.accepted[key]:
                    if self._event(client, "resolve", key):
                        self.resolved.add(key)
                time.sleep(dice.random() * 0.02)

    def _event(self, client: httpx.Client, action: str, key: str) -> bool:
        payload = {"summary": f"Alert {key}", "source": "load", "severity": "critical"}
        body = {"routing_key": self.key, "event_action": action, "dedup_key": key, "payload": payload}
        if action == "trigger":
            with self._lock:
                self.attempted[key] += 1
        try:
            answer = client.post(self.url, json=body)
        except httpx.TransportError:
            time.sleep(0.02)
            return False
        if answer.status_code == 202:
            if action == "trigger":
                with self._lock:
                    self.accepted[key] += 1
            return True
        if answer.status_code not in (429, 503):
            self.faults.append(f"{action} {key}: {answer.status_code} {answer.text[:200]}")
        return False

    def stop(self) -> None:
        self._running = False
        for thread in self.threads:
            thread.join(timeout=30)


def test_no_kill_loses_an_alert_or_a_page(decurion: Decurion, recorder: HttpRecorder) -> None:
    load = Load(decurion, decurion.integration("pagerduty")["key"])
    dice = random.Random(SEED)
    started = time.monotonic()
    for _ in range(KILLS):
        time.sleep(0.1 + dice.random() * 0.5)
        decurion.kill()
        decurion.serve()
    load.stop()
    print(f"{KILLS} kills in {time.monotonic() - started:.0f} s, {sum(load.accepted.values())} events accepted")

    assert load.faults == []
    assert sum(load.accepted.values()) > KILLS, "the load was no load"
    every_promised_alert_is_there(decurion, load)
    every_page_arrived(decurion, recorder)
    decurion.stop()
    nothing_was_decided_twice(decurion)
    assert decurion.journal("verify").returncode == 0


def every_promised_alert_is_there(decurion: Decurion, load: Load) -> None:
    found: dict[str, list[dict]] = collections.defaultdict(list)
    for alert in decurion.alerts(limit=500):
        found[alert["dedup_key"]].append(alert)
    lost = [key for key in load.accepted if key not in found]
    assert lost == [], f"{len(lost)} alerts were answered with 2xx and are gone: {lost[:5]}"
    for key, promised in load.accepted.items():
        count = sum(alert["count"] for alert in found[key])
        assert promised <= count <= load.attempted[key], f"{key}: {promised} promised, {load.attempted[key]} sent, {count} kept"
    for key in load.resolved:
        assert all(alert["status"] == "resolved" for alert in found[key]), f"{key} was resolved with 2xx and is open"


def every_page_arrived(decurion: Decurion, recorder: HttpRecorder) -> None:
    """The outbox runs dry, and what the ledger calls delivered did arrive."""
    wait_until("every page to be sent", lambda: decurion.get("/status")["delivery"]["undelivered"] == 0, timeout_s=60)
    arrived = {call.headers["webhook-id"] for call in recorder.calls}
    for incident in decurion.incidents():
        for page in decurion.pages(incident["id"]):
            told = page["notifications"]
            assert told, f"page {page['id']} of {incident['reference']} was decided and nobody was told"
            for notification in told:
                if notification["status"] == "delivered":
                    assert notification["id"] in arrived, f"{notification['id']} is called delivered and never arrived"
            if page["status"] == "open":
                assert any(n["status"] in ("delivered", "due") for n in told), f"open page {page['id']} is neither sent nor due"


def nothing_was_decided_twice(decurion: Decurion) -> None:
    decided: collections.Counter[str] = collections.Counter()
    opened: collections.Counter[tuple[str, int]] = collections.Counter()
    for record in decurion.export():
        opened[record["stream"], record["version"]] += 1
        if record["kind"] == "page.decided":
            page = json.loads(record["payload"])
            decided[page["page"]] += 1
    assert decided, "no page was decided at all"
    assert [key for key, n in decided.items() if n > 1] == []
    assert [key for key, n in opened.items() if n > 1] == []
