"""The other side of every channel: servers that keep what they are sent."""

from __future__ import annotations

import email
import email.message
import email.policy
import http.server
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller

from harness import free_port, wait_until


@dataclass
class Call:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    at_s: float = field(default_factory=time.monotonic)

    def json(self) -> Any:
        return json.loads(self.body)


class HttpRecorder:
    """An HTTP server that records every request and answers as told.

    `answers` holds (status, body) pairs that are used up one by one; then `answer` is given for ever. `headers` stand in
    every answer that is no success.
    """

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answers: list[tuple[int, bytes]] = []
        self.answer: tuple[int, bytes] = (200, b"ok")
        self.headers: dict[str, str] = {}
        self.delay_s = 0.0
        recorder = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                recorder.calls.append(Call(self.command, self.path, headers, body))
                if recorder.delay_s:
                    time.sleep(recorder.delay_s)
                status, answer = recorder.answers.pop(0) if recorder.answers else recorder.answer
                self.send_response(status)
                for name, value in recorder.headers.items() if status >= 300 else ():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = handle_any

            def log_message(self, *_: Any) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128
            daemon_threads = True

            def handle_error(self, *_: Any) -> None:
                """A sender that was killed in mid-request is what these tests are about."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, count: int = 1, timeout_s: float = 20) -> list[Call]:
        wait_until(f"{count} requests at the recorder", lambda: len(self.calls) >= count, timeout_s)
        return self.calls

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class SmtpRecorder:
    """A real SMTP server (aiosmtpd) that keeps the messages."""

    def __init__(self) -> None:
        self.messages: list[email.message.EmailMessage] = []
        self.envelopes: list[Any] = []
        self.refuse: list[str] = []
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        if self.refuse:
            return self.refuse.pop(0)
        self.envelopes.append(envelope)
        self.messages.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 2.0.0 kept"

    def wait(self, count: int = 1, timeout_s: float = 20) -> list[email.message.EmailMessage]:
        wait_until(f"{count} mails", lambda: len(self.messages) >= count, timeout_s)
        return self.messages

    def close(self) -> None:
        self.controller.stop()
