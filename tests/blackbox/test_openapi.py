"""schemathesis over the document that the server publishes: no 5xx, and no answer outside the document."""

from __future__ import annotations

import pathlib
import subprocess
import sys

import pytest

from harness import Decurion

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]
# The stream of events never ends; the session is what the run itself signs in with.
EXCLUDED = ["/api/v1/events", "/api/v1/session"]


@pytest.mark.timeout(420)
def test_every_answer_is_as_documented(decurion: Decurion, tmp_path: pathlib.Path) -> None:
    words = [str(pathlib.Path(sys.executable).parent / "st"), "run", decurion.url + "/api/v1/openapi.json"]
    words += ["--checks", ",".join(CHECKS), "--phases", "examples,coverage,fuzzing", "--max-examples", "15"]
    words += ["--header", f"Authorization: Bearer {decurion.token()}", "--header", "X-Decurion: 1"]
    words += ["--seed", "20260101", "--request-timeout", "20", "--continue-on-failure", "--warnings", "off", "--no-color"]
    words += ["--suppress-health-check", "all"]
    for path in EXCLUDED:
        words += ["--exclude-path", path]
    done = subprocess.run(words, capture_output=True, text=True, cwd=tmp_path, timeout=400)
    print(done.stdout[-1_500:])
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2_000:]
    assert decurion.ready()
