"""Runs the real binary the way an operator does: init, serve, kill, start again, ask."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import httpx

ROOT = pathlib.Path(__file__).resolve().parents[2]
EMAIL = "admin@example.org"
PASSWORD = "correct horse battery staple"
T = TypeVar("T")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(what: str, probe: Callable[[], T], timeout_s: float = 20, interval_s: float = 0.05) -> T:
    """The first truthy answer of `probe`; fails with the last answer when the time is up."""
    deadline = time.monotonic() + timeout_s
    while True:
        answer = probe()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout_s} s for {what}; last answer: {answer!r}")
        time.sleep(interval_s)


def insist(send: Callable[[], T], timeout_s: float = 40) -> T:
    """Sends again while nobody is there to answer, as every client worth its name does."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            return send()
        except (httpx.TransportError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


class Decurion:
    """One installation: a data folder, perhaps a PostgreSQL database, and the process while it runs."""

    def __init__(self, binary: pathlib.Path, home: pathlib.Path, pack: pathlib.Path, database: str | None):
        self.binary, self.home, self.pack, self.database = binary, home, pack, database
        self.data = home / "data"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.log = home / "serve.log"
        self.environment: dict[str, str] = {}
        # Questions are asked again while somebody else starts the process anew.
        self.may_be_gone = False
        self._token: str | None = None
        self.http = httpx.Client(timeout=20)

    # The command line

    def command(self, *words: str) -> list[str]:
        return [str(self.binary), *words]

    def run(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One command of the binary, with the credentials of this installation."""
        environment = {**os.environ, "HOME": str(self.home), "XDG_CONFIG_HOME": str(self.home / "config")}
        done = subprocess.run(
            self.command(*words), env=environment, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
        )
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--output", "json").stdout)

    def _database_words(self) -> list[str]:
        return ["--database", self.database] if self.database else []

    def init(self) -> None:
        password = self.home / "password"
        password.write_text(PASSWORD + "\n")
        password.chmod(0o600)
        words = ["--pack", str(self.pack), "--admin-email", EMAIL, "--admin-password-file", str(password)]
        self.run("init", "--data", str(self.data), *words, *self._database_words())

    def login(self) -> None:
        self.run("login", "--url", self.url, "--email", EMAIL, "--password-file", str(self.home / "password"))

    def journal(self, verb: str, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self.run("journal", verb, "--data", str(self.data), *self._database_words(), *words, check=check)

    # The process

    def start(self) -> subprocess.Popen[bytes]:
        words = ["serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}", *self._database_words()]
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command(*words), stdout=log, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **self.environment}
            )

    def serve(self, wait: bool = True) -> None:
        assert self.process is None, "already running"
        self.process = self.start()
        # Connections to the process before are of no use.
        self.http.close()
        self.http = httpx.Client(timeout=20)
        if wait:
            self.wait_ready()

    def ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"serve ended with {self.process.returncode}:\n{self.tail()}")
        try:
            return self.http.get(self.url + "/health/ready", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def wait_ready(self) -> None:
        wait_until("the server to be ready", self.ready, interval_s=0.01)

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else ""

    def kill(self) -> None:
        """kill -9: nothing is flushed, nothing is said."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """A polite end; the exit code."""
        return self._end(signal.SIGTERM)

    def restart_after_kill(self) -> None:
        self.kill()
        self.serve()

    def _end(self, how: signal.Signals) -> int:
        process, self.process = self.process, None
        if process is None:
            return 0
        process.send_signal(how)
        return process.wait(timeout=30)

    # The API

    def token(self) -> str:
        if self._token is None:
            answer = self.http.post(self.url + "/api/v1/session", json={"email": EMAIL, "password": PASSWORD})
            assert answer.status_code == 200, answer.text
            self._token = answer.json()["token"]
        return self._token

    def request(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token()}", **more.pop("headers", {})}
        send = partial(self.http.request, method, f"{self.url}/api/v1{path}", headers=headers, **more)
        return insist(send) if self.may_be_gone else send()

    def get(self, path: str, **query: Any) -> Any:
        answer = self.request("GET", path, params=query)
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def post(self, path: str, body: Any = None, **more: Any) -> Any:
        answer = self.request("POST", path, json={} if body is None else body, **more)
        assert answer.status_code in (200, 201, 202, 204), f"POST {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def items(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """Every item of a cursor-paged list."""
        found, after = [], None
        while True:
            page = self.get(path, **query, **({"after": after} if after else {}))
            found += page["items"]
            after = page.get("next")
            if not after:
                return found

    def integration(self, kind: str, name: str | None = None, **more: Any) -> dict[str, Any]:
        """A new source whose resolve also ends an incident that has no other open alert."""
        body = {"kind": kind, "name": name or f"{kind} under test", "auto_resolve": True, **more}
        return self.post("/integrations", body)

    def integration_of(self, vendor: str) -> dict[str, Any]:
        """The same for a format that is shipped."""
        return self.post("/integrations", {"vendor": vendor, "name": f"{vendor} under test", "auto_resolve": True})

    def alerts(self, **query: Any) -> list[dict[str, Any]]:
        return self.items("/alerts", **query)

    def incidents(self, status: str = "all") -> list[dict[str, Any]]:
        return self.items("/incidents", status=status)

    def pages(self, incident: str) -> list[dict[str, Any]]:
        return self.items(f"/incidents/{incident}/pages")

    def export(self) -> list[dict[str, Any]]:
        """Every record of the journal, in order, as `decurion journal export` writes them."""
        return [json.loads(line) for line in self.journal("export").stdout.splitlines()]

    # What the tests ask again and again

    def alert(self, dedup_key: str) -> dict[str, Any] | None:
        """The newest alert with that key."""
        found = [a for a in self.alerts() if a["dedup_key"] == dedup_key]
        return max(found, key=lambda a: a["opened_us"], default=None)

    def wait_alert(self, dedup_key: str, timeout_s: float = 20, **expected: Any) -> dict[str, Any]:
        def probe() -> dict[str, Any] | None:
            alert = self.alert(dedup_key)
            return alert if alert and all(alert[k] == v for k, v in expected.items()) else None

        return wait_until(f"alert {dedup_key} with {expected}", probe, timeout_s)

    def delivered(self, incident: str, channel: str | None = None) -> list[dict[str, Any]]:
        """The delivered notifications of an incident's pages, each with its page's fields under `page`."""
        return [
            {**notification, "page": page}
            for page in self.pages(incident)
            for notification in page["notifications"]
            if notification["status"] == "delivered" and channel in (None, notification["channel"])
        ]
