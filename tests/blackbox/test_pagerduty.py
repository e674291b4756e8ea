"""PyPI's `pagerduty` client takes one alert from creation to a delivered page and to its end."""

from __future__ import annotations

import datetime
import ssl

import httpx
import pagerduty
import pytest

from harness import Decurion, wait_until
from life import Life
from tls import TlsFront

KEY = "db-7/disk"


@pytest.fixture
def client(decurion: Decurion, front: TlsFront) -> pagerduty.EventsApiV2Client:
    return client_of(decurion.integration("pagerduty")["key"], front)


def client_of(key: str, front: TlsFront) -> pagerduty.EventsApiV2Client:
    """The client as its users have it; it insists on https."""
    trust = ssl.create_default_context(cafile=str(front.certificate))
    return pagerduty.EventsApiV2Client(key, base_url=front.url, verify=trust)


def trigger(client: pagerduty.EventsApiV2Client, key: str | None = KEY) -> str:
    return client.trigger("Disk of db-7 is 97 % full", "db-7", dedup_key=key, severity="critical", custom_details={"free": "3%"})


@pytest.mark.parametrize("killed", [False, True], ids=["undisturbed", "killed after every step"])
def test_the_client_creates_repeats_acknowledges_and_resolves(decurion: Decurion, recorder, killed: bool, client) -> None:
    life = Life(decurion, recorder, killed)

    assert trigger(client) == KEY
    life.created(KEY, title="Disk of db-7 is 97 % full")
    trigger(client)
    life.repeated(KEY, 2)
    assert client.acknowledge(KEY) == KEY
    life.acknowledged(KEY)
    assert client.resolve(KEY) == KEY
    life.resolved(KEY)


def test_a_trigger_without_a_key_gets_one_that_the_client_can_resolve(decurion: Decurion, client) -> None:
    key = trigger(client, None)
    assert key
    decurion.wait_alert(key, status="open")
    client.resolve(key)
    decurion.wait_alert(key, status="resolved")


def test_the_same_key_after_a_resolve_is_a_new_alert(decurion: Decurion, client) -> None:
    trigger(client)
    first = decurion.wait_alert(KEY, status="open")
    client.resolve(KEY)
    decurion.wait_alert(KEY, status="resolved")
    trigger(client)
    second = decurion.wait_alert(KEY, status="open")
    assert second["id"] != first["id"]
    assert second["count"] == 1


def test_keys_belong_to_their_integration(decurion: Decurion, front: TlsFront) -> None:
    for name in ("one", "two"):
        key = decurion.integration("pagerduty", name)["key"]
        trigger(client_of(key, front))
    wait_until("an alert for each integration", lambda: len(decurion.alerts()) == 2)


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_what_names_no_open_alert_is_accepted_and_pages_nobody(decurion: Decurion, action: str, client) -> None:
    assert client.send_event(action, dedup_key="never seen") == "never seen"
    assert decurion.alerts() == []


def test_the_answer_carries_our_id(decurion: Decurion) -> None:
    key = decurion.integration("pagerduty")["key"]
    body = {
        "routing_key": key,
        "event_action": "trigger",
        "dedup_key": KEY,
        "payload": {"summary": "s", "source": "x", "severity": "error"},
    }
    answer = httpx.post(decurion.url + "/v2/enqueue", json=body)
    assert answer.status_code == 202
    assert answer.json()["status"] == "success"
    assert answer.headers["x-decurion-signal"].startswith("sig_")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"payload": {"source": "x", "severity": "error"}}, "summary"),
        ({"payload": {"summary": "s", "severity": "error"}}, "source"),
        ({"payload": {"summary": "s", "source": "x"}}, "severity"),
        ({"payload": {"summary": "s", "source": "x", "severity": "loud"}}, "severity"),
        ({"event_action": "explode"}, "event_action"),
        ({"event_action": None}, "event_action"),
        ({"dedup_key": "k" * 256}, "dedup_key"),
        ({"event_action": "resolve", "dedup_key": None}, "dedup_key"),
    ],
)
def test_a_bad_event_is_refused_in_the_vendors_words_and_names_the_field(decurion: Decurion, change: dict, field: str) -> None:
    key = decurion.integration("pagerduty")["key"]
    good = {"routing_key": key, "event_action": "trigger", "payload": {"summary": "s", "source": "x", "severity": "error"}}
    body = {k: v for k, v in {**good, **change}.items() if v is not None}
    answer = httpx.post(decurion.url + "/v2/enqueue", json=body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["status"] == "invalid event"
    assert field in " ".join(answer.json()["errors"])


def test_a_change_is_kept_over_a_kill_and_pages_nobody(decurion: Decurion, client, recorder) -> None:
    link = {"href": "https://ci.example/220", "text": "Build 220"}
    # What the client itself would put there; its 7.2 fails over the name of a class.
    stamp = datetime.datetime.now(tz=datetime.UTC).isoformat() + "Z"
    client.submit("Deploy of shop 1.2", source="ci-7", custom_details={"build": "220"}, links=[link], timestamp=stamp)
    decurion.restart_after_kill()
    (change,) = decurion.items("/changes")
    assert (change["summary"], change["source"], change["details"]) == ("Deploy of shop 1.2", "ci-7", {"build": "220"})
    assert change["links"] == [link]
    assert abs(change["at_us"] - change["received_us"]) < 60_000_000, "the client's own instant is understood"
    assert decurion.alerts() == []
    assert recorder.calls == []
