"""Everything works without a browser: the verbs that scripts and containers use."""

from __future__ import annotations

import json
import pathlib
import time

import httpx
import pytest

from harness import Decurion, wait_until


def listed(answer: object) -> list[dict]:
    return answer["items"] if isinstance(answer, dict) else answer


def test_a_script_sets_up_sends_an_alert_and_reads_the_page(decurion: Decurion) -> None:
    decurion.login()
    made = decurion.json("integration", "create", "--kind", "pagerduty", "--name", "script")
    assert made["key"] in httpx.Request("GET", made["url"]).url.path or made["url"].endswith("/v2/enqueue")
    body = {
        "routing_key": made["key"],
        "event_action": "trigger",
        "payload": {"summary": "By script", "source": "x", "severity": "critical"},
    }
    httpx.post(decurion.url + "/v2/enqueue", json=body).raise_for_status()
    wait_until("the incident", lambda: listed(decurion.json("incident", "list")))
    reference = listed(decurion.json("incident", "list"))[0]["reference"]
    decurion.run("incident", "ack", reference)
    assert listed(decurion.json("incident", "list"))[0]["status"] == "acknowledged"


def test_health_and_metrics_answer_without_login(decurion: Decurion) -> None:
    assert httpx.get(decurion.url + "/health/live").status_code == 200
    assert httpx.get(decurion.url + "/health/ready").status_code == 200
    metrics = httpx.get(decurion.url + "/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    names = {line.split("{")[0].split(" ")[0] for line in metrics.text.splitlines() if line and not line.startswith("#")}
    assert any("timer" in name for name in names), names
    assert any("unsent" in name or "outbox" in name for name in names), names


def test_the_journal_exports_and_the_export_verifies(decurion: Decurion, tmp_path: pathlib.Path) -> None:
    decurion.integration("pagerduty")
    decurion.stop()
    assert decurion.journal("verify").returncode == 0
    lines = decurion.journal("export").stdout
    assert [json.loads(line)["seq"] for line in lines.splitlines()] == list(range(1, lines.count("\n") + 1))

    good = tmp_path / "journal.jsonl"
    good.write_text(lines)
    decurion.run("journal", "verify", str(good))

    broken = lines.splitlines()
    record = json.loads(broken[-1])
    record["actor"] = "somebody else"
    broken[-1] = json.dumps(record)
    bad = tmp_path / "broken.jsonl"
    bad.write_text("\n".join(broken) + "\n")
    verdict = decurion.run("journal", "verify", str(bad), check=False)
    assert verdict.returncode != 0
    assert str(record["seq"]) in verdict.stdout + verdict.stderr


def test_a_polite_end_is_quick_and_clean(decurion: Decurion) -> None:
    assert decurion.stop() == 0


def test_an_open_console_does_not_hold_up_the_end(decurion: Decurion) -> None:
    headers = {"Authorization": f"Bearer {decurion.token()}"}
    with httpx.stream("GET", decurion.url + "/api/v1/events", headers=headers, timeout=30) as live:
        assert live.status_code == 200
        began = time.monotonic()
        assert decurion.stop() == 0
        assert time.monotonic() - began < 8


@pytest.mark.parametrize("words", [["serve"], ["incident", "ack"], ["nonsense"], ["check", "/nonexistent"]])
def test_a_wrong_command_says_what_is_wrong(decurion: Decurion, words: list[str]) -> None:
    done = decurion.run(*words, check=False)
    assert done.returncode != 0
    assert done.stderr.strip()
    assert "panicked" not in done.stderr
