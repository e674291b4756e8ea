"""Chats, push and text messages against recorders of their vendors' shapes: the message, the rate limit, and what is gone for good."""

from __future__ import annotations

import json
import time
import urllib.parse

import httpx
import pytest

import packs
from harness import Decurion, wait_until
from settings import PUSHOVER_TOKEN, TELEGRAM_TOKEN, TWILIO_ACCOUNT, TWILIO_SECRET
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


DISCORD_LIMIT = (429, json.dumps({"message": "You are being rate limited.", "retry_after": 2.3, "global": False}).encode())
DISCORD_GONE = (404, json.dumps({"message": "Unknown Webhook", "code": 10015}).encode())
MATTERMOST_GONE = (400, json.dumps({"id": "web.incoming_webhook.invalid.app_error", "message": "Invalid webhook"}).encode())
TEAMS_GONE = (404, json.dumps({"error": {"code": "WorkflowNotFound", "message": "The workflow was not found."}}).encode())


@pytest.mark.contacts("discord")
def test_discord_gets_text_whose_link_acknowledges(decurion: Decurion, recorder) -> None:
    recorder.answer = (200, b'{"id": "998", "type": 0}')
    incident = alert(decurion)
    call = recorder.wait()[0]
    assert call.path.startswith("/api/webhooks/12/discord-") and call.path.endswith("?wait=true")
    body = call.json()
    assert SUMMARY in body["content"] and len(body["content"]) <= 2000 and body["allowed_mentions"] == {"parse": []}
    wait_until("the ledger to say so", lambda: decurion.delivered(incident, "discord"))
    httpx.post(link_in(body["content"], decurion)).raise_for_status()


@pytest.mark.contacts("mattermost")
def test_mattermost_gets_an_urgent_post_whose_link_acknowledges(decurion: Decurion, recorder) -> None:
    incident = alert(decurion)
    body = recorder.wait()[0].json()
    assert SUMMARY in body["text"]
    assert body["priority"]["priority"] in ("urgent", "important") and body["priority"]["requested_ack"] is True
    wait_until("the ledger to say so", lambda: decurion.delivered(incident, "mattermost"))
    httpx.post(link_in(body["text"], decurion)).raise_for_status()


@pytest.mark.contacts("teams")
def test_teams_gets_a_card_whose_button_acknowledges(decurion: Decurion, recorder) -> None:
    recorder.answer = (202, b"")
    incident = alert(decurion)
    call = recorder.wait()[0]
    card = call.json()["attachments"][0]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive" and len(call.body) <= 28 * 1024
    assert SUMMARY in json.dumps(card["content"]["body"])
    wait_until("the ledger to say so", lambda: decurion.delivered(incident, "teams"))
    httpx.post(link_in(card["content"]["actions"][0]["url"], decurion)).raise_for_status()


@pytest.mark.parametrize(
    ("limit", "headers"),
    [
        pytest.param(DISCORD_LIMIT, {}, marks=pytest.mark.contacts("discord")),
        pytest.param((429, b"limit exceeded"), {"Retry-After": "3"}, marks=pytest.mark.contacts("mattermost")),
        pytest.param((429, b"throttled"), {"Retry-After": "3"}, marks=pytest.mark.contacts("teams")),
    ],
)
def test_a_rate_limit_is_waited_for(decurion: Decurion, recorder, limit, headers) -> None:
    recorder.answers, recorder.headers = [limit], headers
    incident = alert(decurion)
    first, second = recorder.wait(2)[:2]
    assert second.at_s - first.at_s >= 3
    wait_until("a delivery", lambda: decurion.delivered(incident))


@pytest.mark.parametrize(
    "refusal",
    [
        pytest.param(DISCORD_GONE, marks=pytest.mark.contacts("discord", "email")),
        pytest.param(MATTERMOST_GONE, marks=pytest.mark.contacts("mattermost", "email")),
        pytest.param(TEAMS_GONE, marks=pytest.mark.contacts("teams", "email")),
    ],
)
def test_what_is_gone_for_good_falls_to_the_next_way_at_once(decurion: Decurion, recorder, mail, refusal) -> None:
    recorder.answer = refusal
    incident = alert(decurion)
    mail.wait(1, timeout_s=5)
    known = next(n for page in decurion.pages(incident) for n in page["notifications"] if n["channel"] != "email")
    assert known["status"] == "failed" and str(refusal[0]) in known["answer"]
    assert known["address"] == f"{recorder.url}/…"
    assert len(recorder.calls) == len({call.path for call in recorder.calls}), "what is gone is not asked again"


PUSHOVER_TAKEN = (200, b'{"status":1,"request":"647d2300-702c-4b38","receipt":"r0000000000000000000000000000a"}')
PUSHOVER_INVALID = (400, b'{"user":"invalid","errors":["user identifier is not a valid user"],"status":0,"request":"x"}')


@pytest.mark.contacts("pushover")
def test_pushover_rings_until_it_is_seen_and_its_link_acknowledges(decurion: Decurion, recorder) -> None:
    recorder.answer = PUSHOVER_TAKEN
    incident = alert(decurion)
    call = recorder.wait()[0]
    assert (call.method, call.path) == ("POST", "/pushover/1/messages.json")
    body = dict(urllib.parse.parse_qsl(call.body.decode()))
    assert (body["token"], body["user"]) == (PUSHOVER_TOKEN, packs.PUSHOVER_USER)
    assert SUMMARY in body["title"]
    assert (body["priority"], body.get("retry")) in (("2", "60"), ("1", None))
    wait_until("the ledger to say so", lambda: ledger(decurion, incident, "pushover")["status"] == "sent")
    known = ledger(decurion, incident, "pushover")
    assert known["address"] == packs.PUSHOVER_USER[:4] + "…" and "receipt r0" in known["answer"]
    httpx.post(link_in(body["url"], decurion)).raise_for_status()
    wait_until("the incident to be held", lambda: decurion.get(f"/incidents/{incident}")["status"] == "acknowledged")
    wait_until("the ringing to be stopped", lambda: any(call.path.endswith("/cancel.json") for call in recorder.calls))
    stopped = next(call for call in recorder.calls if call.path.endswith("/cancel.json"))
    assert stopped.path == "/pushover/1/receipts/r0000000000000000000000000000a/cancel.json"
    wait_until("the ledger to say so", lambda: decurion.delivered(incident, "pushover"))


@pytest.mark.contacts("pushover", "email")
def test_pushovers_quota_keeps_nobody_waiting(decurion: Decurion, recorder, mail) -> None:
    recorder.answer = (429, b'{"status":0,"errors":["application is over its quota"]}')
    recorder.headers = {"X-Limit-App-Reset": str(int(time.time()) + 86_400)}
    incident = alert(decurion)
    mail.wait(1, timeout_s=5)
    known = ledger(decurion, incident, "pushover")
    assert known["status"] == "failed" and "over its quota" in known["answer"]
    assert len(recorder.calls) == len(decurion.pages(incident)), "what is used up until tomorrow is not asked again"


@pytest.mark.contacts("pushover", "email")
def test_a_pushover_user_that_is_gone_falls_to_the_next_way_at_once(decurion: Decurion, recorder, mail) -> None:
    recorder.answer = PUSHOVER_INVALID
    incident = alert(decurion)
    mail.wait(1, timeout_s=5)
    known = ledger(decurion, incident, "pushover")
    assert known["status"] == "failed" and "not a valid user" in known["answer"]
    assert PUSHOVER_TOKEN not in decurion.tail()


TWILIO_QUEUED = (201, b'{"sid": "SM00000000000000000000000000000001", "status": "queued", "error_code": null}')


def twilio_says(status: str, error: int | None = None) -> tuple[int, bytes]:
    message = {"sid": "SM00000000000000000000000000000001", "status": status, "error_code": error}
    return 200, json.dumps(message).encode()


TWILIO_STOPPED = (400, b'{"code": 21610, "message": "Attempt to send to unsubscribed recipient", "status": 400}')


@pytest.mark.contacts("sms")
def test_a_gateway_gets_a_short_text_whose_link_acknowledges(decurion: Decurion, recorder) -> None:
    recorder.answer = (202, b'{"accepted": 1}')
    incident = alert(decurion)
    call = recorder.wait()[0]
    assert (call.method, call.path) == ("POST", "/gateway")
    body = call.json()
    assert body["to"] == packs.SMS_NUMBER and SUMMARY in body["text"] and len(body["text"]) < 480
    wait_until("the ledger to say so", lambda: decurion.delivered(incident, "sms"))
    assert body["id"] == ledger(decurion, incident, "sms")["id"]
    httpx.post(link_in(body["text"], decurion)).raise_for_status()
    wait_until("the incident to be held", lambda: decurion.get(f"/incidents/{incident}")["status"] == "acknowledged")


@pytest.mark.contacts("sms")
def test_where_the_gateway_fails_twilio_is_asked_at_once(decurion: Decurion, recorder) -> None:
    recorder.answers = [(503, b"down")]
    recorder.answer = TWILIO_QUEUED
    incident = alert(decurion)
    gateway, twilio = recorder.wait(2)[:2]
    assert gateway.path == "/gateway" and twilio.at_s - gateway.at_s < 2
    assert twilio.path == f"/twilio/2010-04-01/Accounts/{TWILIO_ACCOUNT}/Messages.json"
    body = dict(urllib.parse.parse_qsl(twilio.body.decode()))
    assert body["To"] == packs.SMS_NUMBER and SUMMARY in body["Body"]
    wait_until("the ledger to say so", lambda: ledger(decurion, incident, "sms")["status"] == "sent")
    answer = ledger(decurion, incident, "sms")["answer"]
    assert "503" in answer and "SM00000000000000000000000000000001 queued" in answer
    recorder.answer = twilio_says("delivered")
    wait_until("Twilio to be asked", lambda: ledger(decurion, incident, "sms")["status"] == "delivered", timeout_s=20)
    asked = next(call for call in recorder.calls if call.method == "GET")
    assert asked.path.endswith("/Messages/SM00000000000000000000000000000001.json")
    assert "delivered" in ledger(decurion, incident, "sms")["answer"]


@pytest.mark.contacts("sms", "email")
def test_a_text_that_did_not_arrive_gives_way_though_the_server_was_killed_in_between(
    decurion: Decurion, recorder, mail
) -> None:
    recorder.answers = [(503, b"down")]
    recorder.answer = TWILIO_QUEUED
    incident = alert(decurion)
    recorder.wait(2)
    wait_until("the text to be on its way", lambda: ledger(decurion, incident, "sms")["status"] == "sent")
    recorder.answer = twilio_says("undelivered", 30_004)
    decurion.kill()
    decurion.serve()
    mail.wait(1, timeout_s=20)
    known = ledger(decurion, incident, "sms")
    assert known["status"] == "failed" and "30004" in known["answer"]
    posts = [call.path for call in recorder.calls if call.method == "POST"]
    assert len(posts) == len(decurion.pages(incident)) + 1, "nothing is sent twice"


@pytest.mark.contacts("sms", "email")
def test_who_has_answered_stop_is_reached_by_the_next_way(decurion: Decurion, recorder, mail) -> None:
    recorder.answers = [(503, b"down")]
    recorder.answer = TWILIO_STOPPED
    incident = alert(decurion)
    mail.wait(1, timeout_s=5)
    known = ledger(decurion, incident, "sms")
    assert known["status"] == "failed" and "answered STOP" in known["answer"]
    assert TWILIO_SECRET not in decurion.tail()
