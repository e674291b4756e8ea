"""A topic of Amazon SNS with an authority of the test's own: it signs deliveries, serves the certificate, and confirms."""

from __future__ import annotations

import base64
import datetime
import http.server
import json
import pathlib
import ssl
import threading
import uuid
from typing import Any

import httpx
import trustme
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from harness import insist

TOPIC = "arn:aws:sns:eu-west-1:111122223333:alarms"
HOST = "sns.eu-west-1.amazonaws.com"
SIGNED = {
    "Notification": ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
    "SubscriptionConfirmation": ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
    "UnsubscribeConfirmation": ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"],
}
HASHES = {"1": hashes.SHA1(), "2": hashes.SHA256()}


class Amazon:
    """SNS in one region, on this machine."""

    def __init__(self, folder: pathlib.Path):
        authority = trustme.CA()
        signer = authority.issue_cert("sns.amazonaws.com", key_type=trustme.KeyType.RSA)
        self.key = load_pem_private_key(signer.private_key_pem.bytes(), password=None)
        self.authorities = folder / "amazon.pem"
        authority.cert_pem.write_to_path(str(self.authorities))
        self.confirmed: list[str] = []
        self.confirms_with = 200
        amazon, certificate = self, b"".join(pem.bytes() for pem in signer.cert_chain_pems)

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/?Action=ConfirmSubscription"):
                    amazon.confirmed.append(self.path)
                    status, body = amazon.confirms_with, b"<ConfirmSubscriptionResponse/>"
                elif self.path == "/SimpleNotificationService-1.pem":
                    status, body = 200, certificate
                else:
                    status, body = 404, b""
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(HOST).configure_cert(context)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def environment(self) -> dict[str, str]:
        """The settings under which this is SNS."""
        port = self.server.server_address[1]
        return {"DECURION_SNS_ADDRESS": f"127.0.0.1:{port}", "DECURION_SNS_CA_FILE": str(self.authorities)}

    def delivery(self, kind: str, message: str, version: str = "2", **more: Any) -> dict[str, Any]:
        """A delivery as SNS writes it, signed."""
        now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        body = {"Type": kind, "MessageId": str(uuid.uuid4()), "TopicArn": TOPIC, "Message": message, "Timestamp": now}
        if kind != "Notification":
            body |= {"Token": "2336412f37", "SubscribeURL": f"https://{HOST}/?Action=ConfirmSubscription&Token=2336412f37"}
        body |= {"SignatureVersion": version, "SigningCertURL": f"https://{HOST}/SimpleNotificationService-1.pem", **more}
        text = "".join(f"{name}\n{body[name]}\n" for name in SIGNED[kind] if name in body)
        body["Signature"] = base64.b64encode(self.key.sign(text.encode(), padding.PKCS1v15(), HASHES[version])).decode()
        return body

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def post(url: str, delivery: dict[str, Any]) -> httpx.Response:
    return httpx.post(url, content=json.dumps(delivery), headers={"Content-Type": "text/plain; charset=UTF-8"}, timeout=20)


def deliver(url: str, delivery: dict[str, Any]) -> dict[str, Any]:
    """SNS sends again, with the same MessageId, what was answered with a 5xx or not at all."""

    def sent() -> dict[str, Any]:
        answer = post(url, delivery)
        if answer.status_code >= 500:
            raise OSError(answer.text)
        answer.raise_for_status()
        return answer.json()

    return insist(sent)


def alarm(state: str, name: str = "db-7-cpu") -> str:
    """The message of a CloudWatch alarm."""
    arn = f"arn:aws:cloudwatch:eu-west-1:111122223333:alarm:{name}"
    words = {"AlarmName": name, "AlarmArn": arn, "AWSAccountId": "111122223333", "NewStateReason": "Threshold crossed"}
    return json.dumps({**words, "NewStateValue": state, "OldStateValue": "OK", "Region": "EU (Ireland)"})
