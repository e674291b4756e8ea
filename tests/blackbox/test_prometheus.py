"""Debian's prometheus sends to us as if we were its Alertmanager."""

from __future__ import annotations

import pathlib

import httpx
import pytest

from harness import Decurion, wait_until
from life import Life
from peers import Prometheus


@pytest.mark.parametrize("killed", [False, True], ids=["undisturbed", "killed after every step"])
def test_a_rule_fires_repeats_and_recovers(decurion: Decurion, recorder, tmp_path: pathlib.Path, killed: bool) -> None:
    url = httpx.URL(decurion.integration("alertmanager_api")["url"])
    prometheus = Prometheus(tmp_path / "prometheus", url)
    try:
        life = Life(decurion, recorder, killed)
        alert = wait_until("the alert", decurion.alerts)[0]
        assert alert["labels"]["alertname"] == "DiskFull"
        assert alert["labels"]["cluster"] == "test"
        key = alert["dedup_key"]
        life.created(key)
        life.repeated(key, 2, at_least=True)
        life.acknowledge_by_link()
        prometheus.fire(False)
        life.resolved(key)
    finally:
        prometheus.close()
