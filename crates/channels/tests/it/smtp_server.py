"""An SMTP server (aiosmtpd) that prints what it takes as JSON lines.

Arguments: plain | starttls | tls, a folder for the certificate authority. With `starttls` and `tls` a login
as pager / open sesame is asked for. The local part of the recipient says how it behaves:
unknown: 550, busy: 451, slow: thinks about the content for an hour, late: for three seconds.
"""

import asyncio
import json
import logging
import ssl
import sys
import warnings
from pathlib import Path

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

# It doubts settings that only a test would use.
warnings.simplefilter("ignore")
logging.disable(logging.WARNING)


def say(**what):
    print(json.dumps(what), flush=True)


class Handler:
    taken = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("unknown@"):
            return "550 5.1.1 no such person"
        if address.startswith("busy@"):
            return "451 4.3.0 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("slow@"):
            await asyncio.sleep(3600)
        if envelope.rcpt_tos[0].startswith("late@"):
            await asyncio.sleep(3)
        self.taken += 1
        say(
            peer=session.peer[1],
            encrypted=server.transport.get_extra_info("sslcontext") is not None,
            user=session.auth_data.login.decode() if session.auth_data else None,
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            content=envelope.content.decode(),
        )
        return f"250 2.0.0 taken as number {self.taken}"


def authenticate(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and data == LoginPassword(b"pager", b"open sesame")
    return AuthResult(success=good, handled=good, auth_data=data if good else None)


def context(folder):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(Path(folder) / "ca.pem"))
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(made)
    return made


async def main(security, folder):
    tls = None if security == "plain" else context(folder)
    options = {"enable_SMTPUTF8": True}
    if tls is not None:
        options |= {"authenticator": authenticate, "auth_required": True}
    if security == "starttls":
        options |= {"tls_context": tls, "require_starttls": True}
    if security == "tls":
        options |= {"auth_require_tls": False}
    handler = Handler()
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(handler, **options),
        "127.0.0.1",
        0,
        ssl=tls if security == "tls" else None,
    )
    say(port=server.sockets[0].getsockname()[1])
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
