"""A storm is one page and an exact count."""

from __future__ import annotations

import concurrent.futures
import threading

import httpx

from harness import Decurion, wait_until

SENDERS = 8
EACH = 250


def test_one_key_two_thousand_times_is_one_page(decurion: Decurion, recorder) -> None:
    key = decurion.integration("pagerduty")["key"]
    body = {
        "routing_key": key,
        "event_action": "trigger",
        "dedup_key": "storm",
        "payload": {"summary": "Link down", "source": "switch-3", "severity": "critical"},
    }
    start = threading.Barrier(SENDERS)

    def send(_: int) -> int:
        with httpx.Client(timeout=30) as client:
            start.wait()
            return sum(client.post(decurion.url + "/v2/enqueue", json=body).status_code == 202 for _ in range(EACH))

    with concurrent.futures.ThreadPoolExecutor(SENDERS) as pool:
        accepted = sum(pool.map(send, range(SENDERS)))
    assert accepted == SENDERS * EACH
    alert = decurion.wait_alert("storm", count=accepted)
    wait_until("the page", lambda: decurion.delivered(alert["incident_id"]))
    wait_until("an empty outbox", lambda: decurion.get("/status")["delivery"]["undelivered"] == 0)
    paged = [page["person_id"] for page in decurion.pages(alert["incident_id"])]
    assert len(paged) == len(set(paged)) == len(recorder.calls), "one page a person, whatever the count"
    assert len(decurion.alerts()) == 1
    kept = decurion.items(f"/alerts/{alert['id']}/signals")
    assert 2 <= len(kept) <= 100, "first, last and a bounded sample"
