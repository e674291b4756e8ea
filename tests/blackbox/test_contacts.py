"""Contacts are verified over the way that pages take."""

from __future__ import annotations

import re

import pytest

from harness import Decurion
from recorders import SmtpRecorder


@pytest.mark.contacts("email", "webhook")
def test_a_contact_is_verified_by_the_code_that_its_mail_carries(decurion: Decurion, mail: SmtpRecorder) -> None:
    decurion.login()
    words = ("--person", "yuki")
    decurion.run("contact", "verify", "email", *words)
    letter = mail.wait()[0]
    assert letter["To"] == "yuki@example.org"
    code = re.search(r"\b\d{6}\b", letter.get_body(("plain",)).get_content()).group()
    wrong = decurion.run("contact", "confirm", "email", f"{(int(code) + 1) % 1_000_000:06}", *words, check=False)
    assert wrong.returncode == 1 and "This is not the code" in wrong.stderr
    decurion.restart_after_kill()
    decurion.run("contact", "confirm", "email", code, *words)
    states = {contact["id"]: contact["verified"] for contact in decurion.json("contact", "list", *words)}
    assert states == {"email": True, "webhook": False}
    decurion.restart_after_kill()
    assert {c["id"]: c["verified"] for c in decurion.json("contact", "list", *words)} == states
    kinds = [record["kind"] for record in decurion.export() if record["kind"].startswith("contact.")]
    assert kinds == ["contact.code_asked", "contact.code_wrong", "contact.verified"]
    kept = [record for record in decurion.export() if code in str(record.get("payload"))]
    assert not kept, kept
