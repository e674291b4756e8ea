"""A silence made on the command line holds an alert back, over a kill, and nothing is lost when it ends."""

from __future__ import annotations

import httpx

from harness import Decurion, wait_until


def trigger(decurion: Decurion, key: str, dedup_key: str) -> None:
    payload = {"summary": f"{dedup_key} is full", "source": "db-7", "severity": "warning"}
    body = {"routing_key": key, "event_action": "trigger", "dedup_key": dedup_key, "payload": payload}
    assert httpx.post(decurion.url + "/v2/enqueue", json=body, timeout=20).status_code == 202


def test_a_silenced_alert_is_raised_when_the_silence_ends(decurion: Decurion, recorder) -> None:
    decurion.login()
    key = decurion.integration("pagerduty")["key"]
    words = ["source=db-7", "dedup_key=~disk-.*", "--reason", "the disks are replaced"]
    silence = decurion.json("silence", "add", *words, "--for", "1h")[0]
    assert (silence["state"], silence["holds"]) == ("active", 0)
    trigger(decurion, key, "disk-1")
    trigger(decurion, key, "disk-1")
    decurion.restart_after_kill()
    trigger(decurion, key, "disk-2")
    held = decurion.json("alert", "list", "--suppressed")
    assert {alert["dedup_key"]: alert["count"] for alert in held} == {"disk-1": 2, "disk-2": 1}
    assert all(alert["suppressed_by"] == silence["id"] and alert["incident_id"] is None for alert in held)
    assert not recorder.calls, "somebody was paged"
    decurion.run("silence", "expire", silence["id"])
    decurion.restart_after_kill()
    wait_until("both raised", lambda: not decurion.json("alert", "list", "--suppressed"))
    alert = decurion.wait_alert("disk-1", status="open")
    wait_until("a delivered page", lambda: decurion.delivered(alert["incident_id"], "webhook"), timeout_s=40)
    assert decurion.json("silence", "list") == []
    assert decurion.json("silence", "list", "--over")[0]["state"] == "expired"


def test_a_short_silence_ends_by_itself(decurion: Decurion, recorder) -> None:
    decurion.login()
    key = decurion.integration("pagerduty")["key"]
    decurion.run("silence", "add", "source=db-7", "--for", "3s", "--reason", "a moment")
    trigger(decurion, key, "disk-1")
    assert decurion.json("alert", "list", "--suppressed")
    wait_until("a page", lambda: recorder.calls)
    refused = decurion.run("silence", "add", "title=~.*", "--for", "1h", "--reason", "all", check=False)
    assert refused.returncode != 0 and "almost everything" in refused.stderr


def test_a_maintenance_window_is_made_in_advance(decurion: Decurion) -> None:
    decurion.login()
    hours = ["--every", "sun 02:00-04:00", "--every", "fri 22:00-sat 01:00", "--zone", "Europe/Stockholm"]
    made = decurion.json("silence", "add", "source=db-7", *hours, "--for", "30d", "--reason", "failover tests")[0]
    assert made["repeat"]["zone"] == "Europe/Stockholm"
    assert [w["days"] for w in made["repeat"]["windows"]] == [["sun"], ["fri"]]
    lengths = [(span["end_us"] - span["start_us"]) // 3_600_000_000 for span in made["next"]]
    assert len(lengths) == 3 and set(lengths[1:]) == {2, 3}, lengths
    decurion.restart_after_kill()
    assert "sun 02:00-04:00; fri 22:00-sat 01:00, Europe/Stockholm" in decurion.run("silence", "list").stdout
    wrong = decurion.run("silence", "add", "source=x", "--every", "02:00", "--for", "1d", "--reason", "x", check=False)
    assert wrong.returncode != 0 and "no window" in wrong.stderr
