"""What vendors post, with their headers: one alert that opens, is sent again, and ends."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import httpx

TITLE = "Disk of db-7 is 97 % full"
VENDORS = ["grafana", "github", "sentry", "datadog", "grafana_oncall", "goalert"]


def grafana(firing: bool) -> dict[str, Any]:
    state = "firing" if firing else "resolved"
    alert = {
        "status": state,
        "labels": {"alertname": "DiskFull", "instance": "db-7", "severity": "critical"},
        "annotations": {"summary": TITLE},
        "startsAt": "2026-11-23T08:00:00Z",
        "endsAt": "0001-01-01T00:00:00Z" if firing else "2026-11-23T09:00:00Z",
        "fingerprint": "c6eadffa33fcdf37",
        "values": {"A": 97.2},
        "dashboardURL": "https://grafana.example/d/1",
    }
    more = {"groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "https://grafana.example/"}
    head = {"receiver": "us", "status": state, "orgId": 1, "version": "1", "groupKey": "k", "truncatedAlerts": 0}
    return {**head, **more, "title": "[1]", "state": "alerting", "message": "", "alerts": [alert]}


def github(firing: bool) -> dict[str, Any]:
    rule = {"id": "js/sql-injection", "severity": "error", "security_severity_level": "critical", "description": TITLE}
    alert = {"number": 10, "state": "open", "rule": rule, "tool": {"name": "CodeQL"}, "html_url": "https://github.com/o/s/10"}
    return {"action": "created" if firing else "fixed", "alert": alert, "repository": {"full_name": "octo-org/shop"}}


def sentry(firing: bool) -> dict[str, Any]:
    if firing:
        event = {"event_id": "e4", "issue_id": "117", "level": "fatal", "title": TITLE, "culprit": "disk"}
        return {"action": "triggered", "installation": {"uuid": "u"}, "data": {"event": event, "triggered_rule": "Page"}}
    issue = {"id": "117", "shortId": "SHOP-1", "title": TITLE, "level": "fatal", "status": "resolved"}
    return {"action": "resolved", "installation": {"uuid": "u"}, "data": {"issue": issue}}


def datadog(firing: bool) -> dict[str, Any]:
    word = "Triggered" if firing else "Recovered"
    keys = {"aggreg_key": "9f8e", "alert_id": "1234", "alert_scope": "host:db-7", "hostname": "db-7"}
    return {"id": "1", "title": f"[{word}] {TITLE}", "alert_transition": word, "alert_priority": "P1", **keys}


def grafana_oncall(firing: bool) -> dict[str, Any]:
    return {"alert_uid": "db-7/disk", "title": TITLE, "state": "alerting" if firing else "ok", "message": "97 %"}


def goalert(firing: bool) -> dict[str, Any]:
    body = {"summary": TITLE, "dedup": "db-7/disk", "meta": "severity=critical"}
    return body if firing else {**body, "action": "close"}


BODIES: dict[str, Callable[[bool], dict[str, Any]]] = {
    "grafana": grafana,
    "github": github,
    "sentry": sentry,
    "datadog": datadog,
    "grafana_oncall": grafana_oncall,
    "goalert": goalert,
}
KEYS = {
    "grafana": "c6eadffa33fcdf37",
    "github": "octo-org/shop/code-scanning/10",
    "sentry": "issue/117",
    "datadog": "9f8e",
    "grafana_oncall": "db-7/disk",
    "goalert": "db-7/disk",
}


def answered_well(vendor: str, answer: httpx.Response) -> bool:
    """Whether the vendor takes that answer for a delivery."""
    match vendor:
        case "grafana_oncall":
            return answer.status_code == 200 and answer.json() == "Ok."
        case "goalert":
            return answer.status_code == 204
        case _:
            return answer.is_success


def send(vendor: str, made: dict[str, Any], base: str, firing: bool) -> httpx.Response:
    """As the vendor sends it; GoAlert's clients send a form, GitHub signs."""
    url = base + httpx.URL(made["url"]).raw_path.decode()
    body = BODIES[vendor](firing)
    if vendor == "goalert":
        return httpx.post(url, data=body, timeout=20)
    content = json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    if vendor == "github":
        mac = hmac.new(made["signing_secret"].encode(), content, hashlib.sha256).hexdigest()
        headers |= {"X-GitHub-Event": "code_scanning_alert", "X-Hub-Signature-256": f"sha256={mac}"}
    if vendor == "sentry":
        headers |= {"Sentry-Hook-Resource": "event_alert" if firing else "issue"}
    return httpx.post(url, content=content, headers=headers, timeout=20)
