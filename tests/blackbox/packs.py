"""Packs for tests: the organisation that ships, with everybody's contacts replaced."""

from __future__ import annotations

import pathlib
import shutil
from collections.abc import Sequence
from typing import Any

import yaml

from harness import ROOT

TELEGRAM_CHAT = 4_503_599_627
# Of the form that Pushover's documents describe.
PUSHOVER_USER = "u1b2c3d4e5f6g7h8i9j0k1l2m3n4o5"
# From the range that Sweden keeps for fiction.
SMS_NUMBER = "+46701740605"
TEN = ROOT / "packs" / "ten"


def contact(channel: str, person: str, recorder_url: str) -> dict[str, Any]:
    address = {
        "email": f"{person}@example.org",
        "webhook": f"{recorder_url}/webhook/{person}",
        "ntfy": f"{recorder_url}/{person}",
        "slack": f"{recorder_url}/slack/{person}",
        "discord": f"{recorder_url}/api/webhooks/12/discord-{person}",
        "mattermost": f"{recorder_url}/hooks/{person.encode().hex()}",
        "teams": f"{recorder_url}/workflows/ab/triggers/manual/paths/invoke?sig=teams-{person}",
        "pushover": PUSHOVER_USER,
        "sms": SMS_NUMBER,
        "telegram": str(TELEGRAM_CHAT),
    }.get(channel)
    return {"id": channel, "channel": channel, **({"address": address} if address else {})}


def ten_with_contacts(folder: pathlib.Path, channels: Sequence[str], recorder_url: str) -> pathlib.Path:
    """A copy of packs/ten in which every person is reached over these channels, the first one at once, each further
    one ten minutes later: what arrives earlier over it arrives as a fallback."""
    shutil.copytree(TEN, folder)
    for file in sorted(folder.rglob("*.y*ml")):
        documents = list(yaml.safe_load_all(file.read_text()))
        people = [p for d in documents if isinstance(d, dict) for p in d.get("people", []) if isinstance(p, dict)]
        for person in people:
            person["contacts"] = [contact(channel, person["id"], recorder_url) for channel in channels]
            person["rules"] = [{"contact": channel, "delay": f"{10 * place}m"} for place, channel in enumerate(channels)]
        if people:
            file.write_text(yaml.safe_dump_all(documents, sort_keys=False, allow_unicode=True))
    return folder
