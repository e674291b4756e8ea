"""PyPI's `opsgenie-sdk` takes one alert from creation to a delivered page and to its end, and reads it on the way."""

from __future__ import annotations

import httpx
import opsgenie_sdk
import pytest

from harness import Decurion, wait_until
from life import Life
from opsgenie import Client

KEY = "db-7/disk"
MESSAGE = "Disk of db-7 is 97 % full"


@pytest.fixture
def client(decurion: Decurion) -> Client:
    return Client(decurion.url, decurion.integration("opsgenie")["key"])


def notes(decurion: Decurion, incident: str) -> str:
    return httpx.get(
        f"{decurion.url}/api/v1/incidents/{incident}/timeline", headers={"Authorization": f"Bearer {decurion.token()}"}
    ).text


@pytest.mark.parametrize("killed", [False, True], ids=["undisturbed", "killed after every step"])
def test_the_client_creates_repeats_acknowledges_and_closes(decurion: Decurion, recorder, killed: bool, client: Client) -> None:
    life = Life(decurion, recorder, killed)

    client.create(KEY, MESSAGE, tags=["disk", "storage"], details={"free": "3%"}, entity="db-7")
    alert = life.created(KEY, title=MESSAGE)
    assert alert["severity"] == "critical"
    assert alert["labels"]["tags"] == "disk, storage"
    client.create(KEY, MESSAGE)
    life.repeated(KEY, 2)
    client.acknowledge(KEY, user="mara", note="looking at it")
    life.acknowledged(KEY)
    client.note(KEY, "a second disk is on its way")
    client.close(KEY, note="there is room again")
    life.resolved(KEY)
    told = notes(decurion, life.incident)
    for words in ("mara: looking at it", "a second disk is on its way", "there is room again"):
        assert words in told


def test_what_was_asked_is_answered_from_the_record(decurion: Decurion, client: Client) -> None:
    created = client.create(KEY, MESSAGE)
    decurion.restart_after_kill()
    said = client.progress(created)
    alert = decurion.alert(KEY)
    assert (said.is_success, said.action, said.alias) == (True, "Create", KEY)
    assert said.alert_id == alert["id"]

    closed = client.close(said.alert_id, by="id")
    decurion.wait_alert(KEY, status="resolved")
    assert (client.progress(closed).is_success, client.progress(closed).action) == (True, "Close")
    unknown = client.progress(client.close("never seen"))
    assert (unknown.is_success, unknown.status) == (False, "Alert does not exist")


def test_a_sender_reads_its_own_alerts_and_no_others(decurion: Decurion, client: Client) -> None:
    sent = {"tags": ["disk", "storage"], "details": {"free": "3%", "priority": "high"}, "entity": "db-7"}
    client.create(KEY, MESSAGE, description="Three per cent are free.", **sent)
    alert = client.alert(KEY)
    assert (alert.message, alert.alias, alert.status, alert.acknowledged) == (MESSAGE, KEY, "open", False)
    assert (alert.tags, alert.details, alert.entity) == (sent["tags"], sent["details"], sent["entity"])
    assert (alert.priority, alert.count, alert.source) == ("P1", 1, "db-7")
    assert alert.description == "Three per cent are free."
    assert client.alert(alert.id, by="id").id == client.alert(alert.tiny_id, by="tiny").id == alert.id
    assert client.api.count_alerts().data.count == 1
    assert [a.id for a in client.api.list_alerts(query="status: open").data] == [alert.id]

    other = Client(decurion.url, decurion.integration("opsgenie", "other")["key"])
    assert other.api.count_alerts().data.count == 0
    assert other.api.list_alerts().data == []
    for by, name in (("alias", KEY), ("id", alert.id)):
        with pytest.raises(opsgenie_sdk.ApiException) as refused:
            other.alert(name, by=by)
        assert refused.value.status == 404
        other.close(name, by=by)
    with pytest.raises(opsgenie_sdk.ApiException):
        other.progress(client.create(KEY, MESSAGE))
    assert decurion.alert(KEY)["status"] == "open", "somebody else's key closed it"


def test_the_same_alias_after_a_close_is_a_new_alert_and_the_old_id_does_not_close_it(decurion: Decurion, client: Client) -> None:
    client.create(KEY, MESSAGE)
    first = decurion.wait_alert(KEY, status="open")
    client.close(KEY)
    decurion.wait_alert(KEY, status="resolved")
    client.create(KEY, MESSAGE)
    second = wait_until("the second alert", lambda: next((a for a in decurion.alerts() if a["id"] != first["id"]), None))
    client.close(first["id"], by="id")
    assert decurion.get(f"/alerts/{second['id']}")["status"] == "open"
    assert client.alert(KEY).id == second["id"]


def test_an_alert_without_an_alias_is_closed_by_what_its_request_became(decurion: Decurion, client: Client) -> None:
    said = client.progress(client.create(None, MESSAGE))
    decurion.wait_alert(said.alias, status="open")
    client.close(said.alert_id, by="id")
    decurion.wait_alert(said.alias, status="resolved")


def test_what_names_no_open_alert_is_accepted_and_pages_nobody(decurion: Decurion, client: Client) -> None:
    assert client.acknowledge("never seen").startswith("sig_")
    assert client.close("never seen").startswith("sig_")
    assert client.note("never seen", "hello").startswith("sig_")
    assert decurion.alerts() == []


def test_the_answer_carries_our_id_in_the_vendors_header(decurion: Decurion) -> None:
    made = decurion.integration("opsgenie")
    answer = httpx.post(made["url"], json={"message": MESSAGE}, headers={"Authorization": f"GenieKey {made['key']}"})
    assert answer.status_code == 202
    assert answer.json()["result"] == "Request will be processed"
    assert answer.json()["took"] >= 0
    assert answer.headers["x-request-id"] == answer.headers["x-decurion-signal"] == answer.json()["requestId"]


@pytest.mark.parametrize(("header", "status"), [(None, 401), ("GenieKey", 401), ("Bearer x", 401), ("GenieKey wrong", 403)])
def test_a_bad_key_is_refused_in_the_vendors_shape(decurion: Decurion, header: str | None, status: int) -> None:
    url = decurion.integration("opsgenie")["url"]
    headers = {"Authorization": header} if header else {}
    for method, address in (("POST", url), ("GET", url), ("GET", url + "/x"), ("POST", url + "/x/close")):
        answer = httpx.request(method, address, headers=headers, json={"message": "m"} if method == "POST" else None)
        assert answer.status_code == status, answer.text
        assert {"message", "took", "requestId"} <= answer.json().keys()
    assert decurion.alerts() == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"message": None}, "message"),
        ({"message": " "}, "message"),
        ({"priority": "P9"}, "priority"),
        ({"tags": "disk"}, "tags"),
        ({"details": []}, "details"),
        ({"alias": 7}, "alias"),
    ],
)
def test_a_bad_alert_is_refused_and_names_the_field(decurion: Decurion, change: dict, field: str) -> None:
    made = decurion.integration("opsgenie")
    body = {"message": MESSAGE, **change}
    answer = httpx.post(made["url"], json=body, headers={"Authorization": f"GenieKey {made['key']}"})
    assert answer.status_code == 422, answer.text
    assert field in answer.json()["errors"]
    assert decurion.alerts() == []
