"""Every channel against a server that speaks its wire; what happens when one of them fails."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re

import httpx
import pytest

from harness import Decurion, wait_until
from settings import WEBHOOK_SECRET

KEY = "db-7/disk"
SUMMARY = "Disk of db-7 is 97 % full"


def alert(decurion: Decurion, key: str = KEY, severity: str = "critical") -> str:
    """Sends one alert; the id of its incident."""
    routing_key = decurion.integration("pagerduty")["key"]
    payload = {"summary": SUMMARY, "source": "db-7", "severity": severity}
    body = {"routing_key": routing_key, "event_action": "trigger", "dedup_key": key, "payload": payload}
    httpx.post(decurion.url + "/v2/enqueue", json=body).raise_for_status()
    return decurion.wait_alert(key)["incident_id"]


def link_in(text: str, decurion: Decurion) -> str:
    found = re.search(re.escape(decurion.url) + r"/a/[^\s\"'<>|)]+", text)
    assert found, f"no link to acknowledge in:\n{text}"
    return found.group()


@pytest.mark.contacts("email")
def test_mail_arrives_and_its_link_acknowledges_once_and_only_by_post(decurion: Decurion, mail) -> None:
    incident = alert(decurion)
    message = mail.wait()[0]
    assert SUMMARY in message["Subject"]
    text = message.get_body(("plain",)).get_content()
    assert SUMMARY in text
    link = link_in(text, decurion)

    # What a mail scanner does: it opens every link, twice, and asks for its head.
    for method in ("GET", "HEAD", "GET"):
        assert httpx.request(method, link).status_code == 200
    assert decurion.get(f"/incidents/{incident}")["status"] == "triggered"

    assert httpx.post(link).status_code == 200
    wait_until("the incident to be held", lambda: decurion.get(f"/incidents/{incident}")["status"] == "acknowledged")
    again = httpx.post(link)
    assert again.status_code in (200, 409, 410)
    answered = [r for r in decurion.items(f"/incidents/{incident}/timeline") if r["kind"] == "incident.acknowledged"]
    assert len(answered) == 1


@pytest.mark.contacts("email")
def test_a_forged_link_is_refused(decurion: Decurion, mail) -> None:
    incident = alert(decurion)
    link = link_in(mail.wait()[0].get_body(("plain",)).get_content(), decurion)
    # The first character of the signature, so that every bit of it counts.
    head, dot, tail = link.rpartition(".") if "." in link.removeprefix(decurion.url) else (link[:-8], "", link[-8:])
    forged = head + dot + ("A" if tail[0] != "A" else "B") + tail[1:]
    assert httpx.post(forged).status_code in (400, 403, 404)
    assert decurion.get(f"/incidents/{incident}")["status"] == "triggered"


@pytest.mark.contacts("webhook")
def test_a_webhook_is_signed_as_the_standard_says(decurion: Decurion, recorder) -> None:
    alert(decurion)
    call = recorder.wait()[0]
    signed = b".".join([call.headers["webhook-id"].encode(), call.headers["webhook-timestamp"].encode(), call.body])
    key = base64.b64decode(WEBHOOK_SECRET.removeprefix("whsec_"))
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert expected in call.headers["webhook-signature"].split(" ")
    assert call.json()["data"]["title"] == SUMMARY


@pytest.mark.contacts("ntfy")
def test_ntfy_is_published_to_the_topic(decurion: Decurion, recorder) -> None:
    recorder.answer = (200, json.dumps({"id": "x1", "event": "message"}).encode())
    incident = alert(decurion)
    call = recorder.wait()[0]
    body = call.json()
    assert (call.method, call.path) == ("POST", "/")
    assert body["topic"]
    assert SUMMARY in body["title"] + body["message"]
    link_in(call.body.decode(), decurion)
    wait_until("the ledger to say so", lambda: decurion.delivered(incident, "ntfy"))


@pytest.mark.contacts("slack")
def test_slack_gets_text_and_blocks(decurion: Decurion, recorder) -> None:
    incident = alert(decurion)
    body = recorder.wait()[0].json()
    assert SUMMARY in body["text"]
    assert body["blocks"][0]["type"] == "header"
    link_in(body["text"], decurion)
    wait_until("the ledger to say so", lambda: decurion.delivered(incident, "slack"))


@pytest.mark.contacts("mailbox")
def test_the_mailbox_shows_what_a_person_would_have_received(decurion: Decurion) -> None:
    alert(decurion)
    item = wait_until("something in the mailbox", lambda: decurion.items("/mailbox"))[0]
    assert SUMMARY in item["subject"] + item["text"]
    decurion.login()
    listed = decurion.json("mailbox", "list")
    listed = listed["items"] if isinstance(listed, dict) else listed
    assert listed[0]["notification_id"] == item["notification_id"]
    httpx.post(item["acknowledge_url"]).raise_for_status()
    wait_until("the incident to be held", lambda: decurion.incidents()[0]["status"] == "acknowledged")


@pytest.mark.contacts("webhook", "email")
@pytest.mark.parametrize("status", [500, 404])
def test_when_a_method_fails_the_next_one_is_used_at_once(decurion: Decurion, recorder, mail, status: int) -> None:
    recorder.answer = (status, b"no")
    incident = alert(decurion)
    mail.wait(1, timeout_s=5)
    ledger = [n for page in decurion.pages(incident) for n in page["notifications"]]
    failed = next(n for n in ledger if n["channel"] == "webhook")
    assert str(status) in failed["answer"]


@pytest.mark.contacts("webhook")
def test_a_receiver_that_recovers_gets_the_page(decurion: Decurion, recorder) -> None:
    recorder.answers = [(503, b"later"), (503, b"later")]
    incident = alert(decurion)
    wait_until("a delivery", lambda: decurion.delivered(incident, "webhook"), timeout_s=60)
    ids = {call.headers["webhook-id"] for call in recorder.calls}
    assert len(recorder.calls) >= 3
    assert len(ids) == 1, "a repeated attempt must carry the same id"


@pytest.mark.contacts("webhook")
def test_one_hanging_receiver_delays_nobody_else(decurion: Decurion, recorder) -> None:
    recorder.delay_s = 8
    alert(decurion, "slow")
    recorder.wait()
    recorder.delay_s = 0
    incident = alert(decurion, "quick")
    wait_until("the second page", lambda: decurion.delivered(incident, "webhook"), timeout_s=4)
