"""A TLS front before a server that speaks plain HTTP, as an operator's proxy is; for clients that insist on https."""

from __future__ import annotations

import pathlib
import socket
import ssl
import subprocess
import threading


class TlsFront:
    """Terminates TLS with a certificate of its own (`certificate`) and passes bytes on."""

    def __init__(self, folder: pathlib.Path, port: int):
        self.certificate, key = folder / "front.pem", folder / "front.key"
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"]
        words += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        subprocess.run([*words, "-out", str(self.certificate), "-keyout", str(key)], check=True, capture_output=True)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.certificate, key)
        self.backend = ("127.0.0.1", port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                plain, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(plain,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        try:
            with self.context.wrap_socket(plain, server_side=True) as front, socket.create_connection(self.backend) as back:
                threading.Thread(target=self._pump, args=(back, front), daemon=True).start()
                self._pump(front, back)
        except OSError:
            plain.close()

    @staticmethod
    def _pump(source: socket.socket, drain: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                drain.sendall(data)
            drain.shutdown(socket.SHUT_WR)
        except OSError:
            drain.close()

    def close(self) -> None:
        self.listener.close()
