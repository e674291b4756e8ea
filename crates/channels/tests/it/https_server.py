"""An HTTPS server that prints what it takes as JSON lines.

Arguments: tls, a folder for the certificate authority. Its certificate is for localhost only.
"""

import json
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        print(json.dumps({"path": self.path}), flush=True)
        answer = b"taken over TLS"
        self.send_response(200)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Clients that do not trust the certificate hang up; the tests are about them."""


authority = trustme.CA()
authority.cert_pem.write_to_path(str(Path(sys.argv[2]) / "ca.pem"))
context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
authority.issue_cert("localhost").configure_cert(context)
server = Server(("127.0.0.1", 0), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
print(json.dumps({"port": server.server_port}), flush=True)
server.serve_forever()
