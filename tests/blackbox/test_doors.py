"""What comes through the doors from outside is bounded and answered, and nothing of it ends the server."""

from __future__ import annotations

import json
import socket
import time

import httpx
import pytest

from harness import Decurion, wait_until

KINDS = ["pagerduty", "opsgenie", "alertmanager_webhook", "alertmanager_api", "generic"]
MAPPING = {"dedup_key": "body.id", "title": "body.name", "severity": "body.level"}


class Door:
    """One intake address, and how a good body for it looks."""

    def __init__(self, decurion: Decurion, kind: str):
        more = {"mapping": MAPPING} if kind == "generic" else {}
        made = decurion.integration(kind, **more)
        self.kind, self.key, self.decurion = kind, made["key"], decurion
        self.url = made["url"] + ("/api/v2/alerts" if kind == "alertmanager_api" else "")

    def good(self, key: str = "k") -> object:
        alert = {"labels": {"alertname": key, "severity": "critical"}, "annotations": {}}
        match self.kind:
            case "pagerduty":
                payload = {"summary": "s", "source": "x", "severity": "error"}
                return {"routing_key": self.key, "event_action": "trigger", "dedup_key": key, "payload": payload}
            case "opsgenie":
                return {"message": "s", "alias": key, "source": "x", "priority": "P2"}
            case "alertmanager_api":
                return [alert]
            case "alertmanager_webhook":
                full = {**alert, "status": "firing", "startsAt": "2026-01-01T00:00:00Z", "fingerprint": key}
                more = {"groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "", "receiver": "us"}
                return {"version": "4", "groupKey": key, "status": "firing", "alerts": [full], **more}
            case _:
                return {"id": key, "name": "n", "level": "critical"}

    def post(self, body: bytes, **headers: str) -> httpx.Response:
        # Only Opsgenie's door looks at the header; the others have the key in the body or in the address.
        known = {"Content-Type": "application/json", "Authorization": f"GenieKey {self.key}"}
        return httpx.post(self.url, content=body, headers={**known, **headers}, timeout=30)


@pytest.fixture(params=KINDS)
def door(decurion: Decurion, request: pytest.FixtureRequest) -> Door:
    return Door(decurion, request.param)


def refused(answer: httpx.Response, *statuses: int) -> None:
    assert answer.status_code in statuses, f"{answer.status_code}: {answer.text[:300]}"
    kind = answer.headers["content-type"]
    if kind.startswith("application/problem+json"):
        assert answer.json()["code"]
    else:
        # PagerDuty lists errors; Alertmanager gives a message, or bare text where single alerts are at fault.
        body = answer.json()
        vendor = body if isinstance(body, str) else body.get("errors") or body.get("message")
        assert vendor, "neither problem+json nor the vendor's shape"


def test_bad_bodies_are_refused_and_the_door_stays_open(door: Door) -> None:
    good = json.dumps(door.good("after")).encode()
    refused(door.post(b""), 400, 422)
    refused(door.post(b"{"), 400)
    refused(door.post(b"null"), 400, 422)
    refused(door.post(b'"text"'), 400, 422)
    refused(door.post(good.replace(b'"after"', b'"\xff\xfe"')), 400, 415)
    refused(door.post(json.dumps(door.good()).encode("utf-16")), 400, 415)
    refused(door.post(b"[" * 100_000 + b"]" * 100_000), 400, 413)
    refused(door.post(b'{"a":' * 50_000 + b"1" + b"}" * 50_000), 400, 413)
    refused(door.post(b'{"a":1,"a":2}'), 400, 422)
    refused(door.post(good.replace(b"{", b'{"version":"4","version":"5",', 1)), 400, 422)
    refused(door.post(b'{"x":"' + b"y" * 10_000_000 + b'"}'), 413)
    # A sender of Opsgenie's may read with its key; without one nothing answers but a refusal. The key of an
    # Alertmanager stands in its address, and `amtool` reads there.
    reads = (200,) if door.url.endswith(f"/{door.key}/api/v2/alerts") else (401, 404, 405)
    assert httpx.get(door.url).status_code in reads
    assert door.post(good).status_code in (200, 202)


def test_text_that_databases_dislike_is_kept(door: Door) -> None:
    body = json.dumps(door.good("nul-\x00-\ud83d\ude00-\u202e")).encode()
    assert door.post(body).status_code in (200, 202)
    wait_until("the alert", door.decurion.alerts)


def test_a_wrong_key_is_refused(door: Door) -> None:
    wrong = json.dumps(door.good()).replace(door.key, "0" * len(door.key)).encode()
    url = door.url.replace(door.key, "0" * len(door.key))
    other = {"Content-Type": "application/json", "Authorization": f"GenieKey {'0' * len(door.key)}"}
    answer = httpx.post(url, content=wrong, headers=other)
    assert answer.status_code in (400, 401, 403, 404)
    assert door.decurion.alerts() == []


def test_a_slow_sender_is_cut_off_and_others_do_not_wait(door: Door) -> None:
    host, port = "127.0.0.1", door.decurion.port
    path = httpx.URL(door.url).path
    slow = [socket.create_connection((host, port)) for _ in range(30)]
    for s in slow:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"
        s.sendall(head.encode())
    started = time.monotonic()
    assert door.post(json.dumps(door.good()).encode()).status_code in (200, 202)
    assert time.monotonic() - started < 3
    victim = slow[0]
    victim.settimeout(60)
    # An answer (408) or the end of the connection, in bounded time.
    answer = victim.recv(4096)
    assert answer == b"" or b" 408 " in answer.split(b"\r\n", 1)[0], answer
    for s in slow:
        s.close()


def test_headers_that_never_end_are_cut_off(decurion: Decurion) -> None:
    with socket.create_connection(("127.0.0.1", decurion.port)) as slow:
        slow.sendall(b"POST /v2/enqueue HTTP/1.1\r\nHost: x\r\n")
        slow.settimeout(60)
        answer = slow.recv(4096)
    assert answer == b"" or b" 408 " in answer.split(b"\r\n", 1)[0], answer


def test_what_cannot_be_interpreted_is_kept_shown_and_replayed_after_the_mapping_is_mended(decurion: Decurion, recorder) -> None:
    made = decurion.integration("generic", mapping={**MAPPING, "title": "body.missing"})
    answer = httpx.post(made["url"], json={"id": "k1", "name": "Login from Mars", "level": "critical"})
    assert answer.status_code == 202, answer.text
    signal = answer.json()["signal_id"]
    assert answer.json()["alert_ids"] == []

    waiting = decurion.items("/signals", outcome="uninterpretable")
    assert [s["id"] for s in waiting] == [signal]
    assert waiting[0]["reason"]
    assert "Login from Mars" in waiting[0]["body"]

    changed = decurion.request("PATCH", f"/integrations/{made['id']}", json={"mapping": MAPPING})
    assert changed.status_code == 200, changed.text
    replayed = decurion.post(f"/signals/{signal}/replay")
    assert replayed["alert_ids"]
    alert = decurion.wait_alert("k1", title="Login from Mars")
    wait_until("the page", lambda: decurion.delivered(alert["incident_id"]))
    assert decurion.items("/signals", outcome="uninterpretable") == []
