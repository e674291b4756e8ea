"""Debian's amtool silences, looks and ends silences at an integration's door, over a kill."""

from __future__ import annotations

import datetime

import httpx

from harness import Decurion, wait_until
from peers import Amtool


def fire(amtool: Amtool, name: str) -> None:
    ends = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(hours=1)).isoformat()
    amtool.run("alert", "add", name, "instance=db-7", "severity=critical", f"--end={ends}", "--annotation=summary=it is full")


def test_a_silence_of_amtool_holds_alerts_back_until_amtool_ends_it(decurion: Decurion, recorder) -> None:
    decurion.login()
    amtool = Amtool(decurion.integration("alertmanager_api")["url"])
    add = ["silence", "add", "alertname=~Disk.*", "instance=db-7", "--duration=2h", "--author=ops"]
    refused = amtool.run("silence", "add", "alertname=~.*", "--author=ops", "--comment=all", check=False)
    assert refused.returncode != 0 and "almost everything" in refused.stderr, refused
    silence = amtool.run(*add, "--comment=disks are replaced").stdout.strip()
    assert silence.startswith("sil_")
    decurion.restart_after_kill()

    fire(amtool, "DiskFull")
    wait_until("the alert", decurion.alerts)
    assert not recorder.calls, "somebody was paged"
    held = amtool.json("alert", "query", "--silenced")
    assert [(a["labels"]["alertname"], a["status"]["silencedBy"]) for a in held] == [("DiskFull", [silence])]
    assert amtool.json("alert", "query", "alertname=Other") == []

    listed = amtool.json("silence", "query", "alertname=~Disk.*")
    assert [(s["id"], s["status"]["state"], s["createdBy"], s["comment"]) for s in listed] == [
        (silence, "active", "ops", "disks are replaced")
    ]
    assert {m["name"]: (m["value"], m["isRegex"]) for m in listed[0]["matchers"]} == {
        "alertname": ("Disk.*", True),
        "instance": ("db-7", False),
    }
    assert silence in amtool.run("silence", "query").stdout
    assert decurion.json("silence", "list")[0]["holds"] == 1

    renewed = amtool.run("silence", "update", "--duration=4h", "--comment=takes longer", silence).stdout
    assert silence not in decurion.json("silence", "list")[0]["id"]
    current = amtool.json("silence", "query")
    assert [s["comment"] for s in current] == ["takes longer"], renewed
    assert not recorder.calls, "the change left no gap"

    amtool.run("silence", "expire", current[0]["id"])
    decurion.restart_after_kill()
    alert = wait_until("it is raised", lambda: next((a for a in decurion.alerts() if a["incident_id"]), None))
    wait_until("a delivered page", lambda: decurion.delivered(alert["incident_id"], "webhook"), timeout_s=40)
    assert amtool.json("silence", "query") == []
    assert {s["id"] for s in amtool.json("silence", "query", "--expired")} == {silence, current[0]["id"]}
    assert amtool.run("silence", "expire", "sil_none", check=False).returncode != 0


def test_amtool_reads_the_status(decurion: Decurion) -> None:
    decurion.login()
    amtool = Amtool(decurion.integration("alertmanager_api")["url"])
    assert "receiver: decurion" in amtool.run("config", "show").stdout
    assert amtool.run("config", "routes", "test", "severity=critical").stdout.strip() == "decurion"
    assert "disabled" in amtool.run("cluster", "show").stdout
    other = Amtool(decurion.url + "/integrations/none")
    assert other.run("silence", "query", check=False).returncode != 0
    receivers = httpx.get(amtool.url + "/api/v2/receivers", timeout=20).json()
    assert receivers == [{"name": "decurion"}]
