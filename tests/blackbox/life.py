"""One alert from creation to resolution, whatever sends it: what must be true after each step.

With `killed`, the server is killed with SIGKILL and started again as soon as a step was seen to be durable, so
that each step begins from what was on disk.
"""

from __future__ import annotations

from typing import Any

import httpx

from harness import Decurion, insist, wait_until
from recorders import HttpRecorder


class Life:
    def __init__(self, decurion: Decurion, recorder: HttpRecorder, killed: bool = False):
        self.decurion, self.recorder, self.killed = decurion, recorder, killed
        self.incident = ""
        self.pages = 0

    def _commit(self) -> None:
        if self.killed:
            self.decurion.restart_after_kill()

    def created(self, key: str, **fields: Any) -> dict[str, Any]:
        """The alert is open, has an incident, and each person concerned was paged once."""
        if self.killed:
            self._commit()
        alert = self.decurion.wait_alert(key, status="open", **fields)
        self.incident = alert["incident_id"]
        assert self.incident, "an open alert without an incident"
        # What a node that ended was sending is sent again when its lease is over.
        wait_until("a delivered page", lambda: self.decurion.delivered(self.incident, "webhook"), timeout_s=40)
        assert self.recorder.calls, "a page that the ledger calls delivered never arrived"
        self.pages = len(self._paged())
        assert self.pages == len({page["person_id"] for page in self._paged()}), "somebody was paged twice"
        self._commit()
        return alert

    def _paged(self) -> list[dict[str, Any]]:
        return [page for page in self.decurion.pages(self.incident) if page["kind"] == "page"]

    def repeated(self, key: str, count: int, at_least: bool = False) -> None:
        """The count is exact, and nobody was paged again."""
        self._commit()
        if at_least:
            wait_until(f"{count} repeats", lambda: (self.decurion.alert(key) or {"count": 0})["count"] >= count)
        else:
            self.decurion.wait_alert(key, count=count)
        assert len(self._paged()) == self.pages, "a repeat paged somebody"

    def acknowledged(self, key: str) -> None:
        """The alert says so, and no page waits for an answer."""
        self._commit()
        self.decurion.wait_alert(key, status="acknowledged")
        wait_until(
            "the incident to be held", lambda: self.decurion.get(f"/incidents/{self.incident}")["status"] == "acknowledged"
        )
        assert [p for p in self._paged() if p["status"] == "open"] == []
        self._commit()

    def acknowledge_by_link(self) -> None:
        """By the link in the page, for senders that have no word for it."""
        links = lambda: [call.json()["data"].get("acknowledge_url") or "" for call in list(self.recorder.calls)]  # noqa: E731
        ours = lambda: next((link for link in links() if link.startswith(self.decurion.url + "/")), None)  # noqa: E731
        link = wait_until("a page with a link", ours)
        answer = insist(lambda: httpx.post(link, timeout=20))
        assert answer.status_code == 200, answer.text
        self._commit()
        wait_until(
            "the incident to be held", lambda: self.decurion.get(f"/incidents/{self.incident}")["status"] == "acknowledged"
        )

    def resolved(self, key: str, resolves_incident: bool = True) -> None:
        """The alert is over; the incident with it; the journal verifies."""
        self._commit()
        self.decurion.wait_alert(key, status="resolved")
        if resolves_incident:
            wait_until(
                "the incident to be resolved", lambda: self.decurion.get(f"/incidents/{self.incident}")["status"] == "resolved"
            )
        assert self.decurion.get(f"/incidents/{self.incident}")["next"] is None
        verdict = self.decurion.post("/journal/verify")
        assert verdict["ok"], verdict
