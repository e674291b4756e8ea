"""Chat channels against recorders of their vendors' shapes: the message, the rate limit, and what is gone for good."""

from __future__ import annotations

import json
import time

import httpx
import pytest

import packs
from harness import Decurion, wait_until
from settings import TELEGRAM_TOKEN
from test_delivery import SUMMARY, alert, link_in


def ledger(decurion: Decurion, incident: str, channel: str) -> dict:
    found = [n for page in decurion.pages(incident) for n in page["notifications"] if n["channel"] == channel]
    assert found, f"no message over {channel}"
    return found[0]


def telegram_sent(text: str) -> bytes:
    chat = {"id": packs.TELEGRAM_CHAT, "type": "private"}
    return json.dumps({"ok": True, "result": {"message_id": 17, "chat": chat, "text": text}}).encode()


def telegram_refused(code: int, description: str, **parameters: int) -> tuple[int, bytes]:
    body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return code, json.dumps(body).encode()


@pytest.mark.contacts("telegram")
def test_telegram_gets_plain_text_whose_link_acknowledges(decurion: Decurion, recorder) -> None:
    recorder.answer = (200, telegram_sent("as it was sent"))
    incident = alert(decurion)
    call = recorder.wait()[0]
    assert (call.method, call.path) == ("POST", f"/telegram/bot{TELEGRAM_TOKEN}/sendMessage")
    body = call.json()
    assert body["chat_id"] == packs.TELEGRAM_CHAT
    assert "parse_mode" not in body and body["link_preview_options"] == {"is_disabled": True}
    assert SUMMARY in body["text"]
    wait_until("the ledger to say so", lambda: decurion.delivered(incident, "telegram"))
    assert ledger(decurion, incident, "telegram")["answer"].endswith("message 17")
    httpx.post(link_in(body["text"], decurion)).raise_for_status()
    wait_until("the incident to be held", lambda: decurion.get(f"/incidents/{incident}")["status"] == "acknowledged")


@pytest.mark.contacts("telegram")
def test_telegrams_rate_limit_is_waited_for(decurion: Decurion, recorder) -> None:
    recorder.answer = (200, telegram_sent("in the end"))
    recorder.answers = [telegram_refused(429, "Too Many Requests: retry after 4", retry_after=4)]
    incident = alert(decurion)
    first, second = recorder.wait(2)[:2]
    assert second.at_s - first.at_s >= 4
    wait_until("the ledger to say so", lambda: decurion.delivered(incident, "telegram"))


@pytest.mark.contacts("telegram", "email")
@pytest.mark.parametrize(
    "refusal",
    [
        telegram_refused(429, "Too Many Requests: retry after 600", retry_after=600),
        telegram_refused(403, "Forbidden: bot was blocked by the user"),
    ],
)
def test_whatever_telegram_refuses_the_next_way_goes_out_at_once(decurion: Decurion, recorder, mail, refusal) -> None:
    recorder.answer = refusal
    incident = alert(decurion)
    refused_s = recorder.wait()[0].at_s
    mail.wait(1, timeout_s=5)
    assert time.monotonic() - refused_s < 5
    known = ledger(decurion, incident, "telegram")
    assert str(refusal[0]) in known["answer"]
    assert (known["status"] == "failed") == (refusal[0] == 403)


@pytest.mark.contacts("telegram", "email")
def test_a_bots_token_shows_nowhere(decurion: Decurion, recorder, mail) -> None:
    recorder.answer = (404, f"no method /bot{TELEGRAM_TOKEN}/sendMessage".encode())
    incident = alert(decurion)
    mail.wait(1)
    shown = json.dumps(decurion.pages(incident)) + json.dumps(decurion.items(f"/incidents/{incident}/timeline"))
    assert TELEGRAM_TOKEN not in shown + decurion.tail() and "redacted" in shown


@pytest.mark.contacts("slack")
def test_the_url_of_a_webhook_shows_nowhere(decurion: Decurion, recorder) -> None:
    recorder.answer = (404, b"no_service")
    incident = alert(decurion)
    recorder.wait()
    known = wait_until("the refusal", lambda: [n for p in decurion.pages(incident) for n in p["notifications"]])[0]
    assert known["address"] == f"{recorder.url}/…"
    assert "/slack/" not in json.dumps(decurion.pages(incident)) + json.dumps(decurion.get("/organisation"))
