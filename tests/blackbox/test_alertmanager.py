"""Debian's prometheus-alertmanager as the sender, with its webhook and with its PagerDuty and Opsgenie receivers."""

from __future__ import annotations

import pathlib
from collections.abc import Callable

import pytest

from harness import Decurion, wait_until
from life import Life
from peers import Alertmanager

LABELS = {"alertname": "DiskFull", "instance": "db-7", "severity": "critical"}
ANNOTATIONS = {"summary": "Disk of db-7 is 97 % full"}


def webhook_receiver(decurion: Decurion) -> dict:
    return {"webhook_configs": [{"url": decurion.integration("alertmanager_webhook")["url"], "send_resolved": True}]}


def pagerduty_receiver(decurion: Decurion) -> dict:
    made = decurion.integration("pagerduty")
    return {"pagerduty_configs": [{"url": decurion.url + "/v2/enqueue", "routing_key": made["key"], "send_resolved": True}]}


def opsgenie_receiver(decurion: Decurion) -> dict:
    made = decurion.integration("opsgenie")
    told = {"api_key": made["key"], "priority": "P1", "responders": [{"name": "SOC-L1", "type": "team"}]}
    return {"opsgenie_configs": [{"api_url": decurion.url + "/", **told, "send_resolved": True}]}


@pytest.mark.parametrize("receiver", [webhook_receiver, pagerduty_receiver, opsgenie_receiver])
@pytest.mark.parametrize("killed", [False, True], ids=["undisturbed", "killed after every step"])
def test_one_alert_from_creation_to_its_end(
    decurion: Decurion, recorder, tmp_path: pathlib.Path, receiver: Callable[[Decurion], dict], killed: bool
) -> None:
    manager = Alertmanager(tmp_path / "alertmanager", receiver(decurion))
    try:
        life = Life(decurion, recorder, killed)
        manager.send(LABELS, ANNOTATIONS)
        key = wait_until("the alert", decurion.alerts)[0]["dedup_key"]
        alert = life.created(key)
        assert "DiskFull" in alert["title"] or "db-7" in alert["title"]

        # Alertmanager repeats by itself after repeat_interval.
        life.repeated(key, 2, at_least=True)

        # Alertmanager cannot acknowledge; the person who was paged does, by the link in the page.
        life.acknowledge_by_link()
        manager.send(LABELS, ANNOTATIONS, firing=False)
        life.resolved(key)
    finally:
        manager.close()


def test_a_second_alert_is_a_second_incident_or_grouped_but_never_lost(decurion: Decurion, tmp_path: pathlib.Path) -> None:
    manager = Alertmanager(tmp_path / "alertmanager", webhook_receiver(decurion))
    try:
        names = {f"Service{n}Down" for n in range(20)}
        for name in sorted(names):
            manager.send({**LABELS, "alertname": name}, ANNOTATIONS)
        found = wait_until("twenty alerts", lambda: a if len(a := decurion.alerts()) == 20 else None)
        assert {a["labels"]["alertname"] for a in found} == names
        assert all(a["incident_id"] for a in found)
    finally:
        manager.close()
