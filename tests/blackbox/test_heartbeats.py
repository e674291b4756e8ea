"""A job that falls silent is a page, also when its first beat never comes; PyPI's `opsgenie-sdk` beats for it."""

from __future__ import annotations

import httpx
import opsgenie_sdk
import pytest

from harness import Decurion, wait_until
from life import Life
from opsgenie import heartbeats

NAME = "nightly-backup"


@pytest.mark.parametrize("killed", [False, True], ids=["undisturbed", "killed after every step"])
def test_a_first_beat_that_never_comes_pages_and_a_beat_ends_it(decurion: Decurion, recorder, killed: bool) -> None:
    life = Life(decurion, recorder, killed)
    client = heartbeats(decurion.url, decurion.integration("opsgenie")["key"])
    decurion.integration("heartbeat", NAME, quiet_after_s=10, default_severity="critical")
    if killed:
        decurion.restart_after_kill()
    key = wait_until("the alert", decurion.alerts, timeout_s=30)[0]["dedup_key"]
    life.created(key, title=f"{NAME} has been quiet for 10s")
    assert client.get_heartbeat(NAME).data.expired
    life.acknowledge_by_link()
    assert "PONG" in client.ping(NAME).result
    life.resolved(key)
    assert not client.get_heartbeat(NAME).data.expired
    assert [one.name for one in client.list_heart_beats().data.heartbeats] == [NAME]


def test_beats_by_an_address_of_their_own_keep_it_quiet(decurion: Decurion) -> None:
    made = decurion.integration("heartbeat", NAME, quiet_after_s=10)
    wait_until_us = 0
    for method in ("GET", "POST", "GET", "POST"):
        answer = httpx.request(method, made["url"], timeout=20)
        assert answer.status_code == 202, answer.text
        assert answer.json()["due_us"] > wait_until_us
        wait_until_us = answer.json()["due_us"]
        if method == "POST":
            decurion.restart_after_kill()
    assert decurion.alerts() == []
    kinds = [record["kind"] for record in decurion.export()]
    assert "source.watched" in kinds and "source.heard" not in kinds, "beats are no records"
    with pytest.raises(opsgenie_sdk.ApiException) as refused:
        heartbeats(decurion.url, decurion.integration("opsgenie")["key"]).ping("nobody")
    assert refused.value.status == 404
