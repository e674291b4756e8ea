"""What vendors post opens one alert, pages once however often it is sent, and ends it; whatever is killed meanwhile."""

from __future__ import annotations

import httpx
import pytest

import vendors
from harness import Decurion
from life import Life


@pytest.mark.parametrize("killed", [False, True], ids=["undisturbed", "killed after every step"])
@pytest.mark.parametrize("vendor", vendors.VENDORS)
def test_what_a_vendor_posts_is_one_alert_to_its_end(decurion: Decurion, recorder, vendor: str, killed: bool) -> None:
    made = decurion.integration_of(vendor)
    life = Life(decurion, recorder, killed)

    def say(firing: bool) -> None:
        answer = vendors.send(vendor, made, decurion.url, firing)
        assert vendors.answered_well(vendor, answer), f"{answer.status_code}: {answer.text}"

    key = vendors.KEYS[vendor]
    say(True)
    alert = life.created(key)
    assert vendors.TITLE in alert["title"]
    assert alert["severity"] == ("error" if vendor == "grafana_oncall" else "critical")
    say(True)
    life.repeated(key, 2)
    life.acknowledge_by_link()
    say(False)
    life.resolved(key)


def test_github_is_taken_only_with_its_signature(decurion: Decurion) -> None:
    made = decurion.integration_of("github")
    forged = vendors.send("github", {**made, "signing_secret": "guessed"}, decurion.url, firing=True)
    assert (forged.status_code, forged.json()["code"]) == (401, "signature")
    assert httpx.post(made["url"], json=vendors.github(True)).status_code == 401
    assert decurion.alerts() == []
    assert vendors.send("github", made, decurion.url, firing=True).status_code == 202
