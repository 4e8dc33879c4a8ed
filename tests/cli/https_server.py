# SPDX-License-Identifier: Apache-2.0
"""An HTTPS server on loopback that behaves and misbehaves as its paths say.

    https_server.py CERTIFICATE KEY SET PORT_FILE

SET is the file served as the key set. The port that was free is written to PORT_FILE.
"""

import hashlib
import http.server
import os
import ssl
import sys
import time

CERTIFICATE, KEY, SET, PORT_FILE = sys.argv[1:5]
PAUSE = 0.5


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    shift = 0

    def log_message(self, *arguments):
        pass

    def date_time_string(self, timestamp=None):
        return super().date_time_string((time.time() if timestamp is None else timestamp) + self.shift)

    def base(self):
        return f"https://127.0.0.1:{self.server.server_port}"

    def answer(self, body, kind="application/json", status=200, headers=(), length=None):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def redirect(self, address):
        self.answer(b"", None, 302, [("Location", address)])

    def key_set(self):
        with open(SET, "rb") as file:
            return file.read()

    def do_GET(self):
        word, _, rest = self.path.lstrip("/").partition("/")
        port = self.server.server_port
        if word == "keys":
            tag = '"' + hashlib.sha256(self.key_set()).hexdigest()[:16] + '"'
            if self.headers.get("If-None-Match") == tag:
                self.answer(b"", None, 304, [("ETag", tag)], length=0)
            else:
                self.answer(self.key_set(), headers=[("ETag", tag)])
        elif word == "tenant":
            self.answer(b'{"issuer":"https://issuer.example/{tenantid}","jwks_uri":"' + self.base().encode() + b'/keys"}')
        elif word == "stranger":
            self.answer(b'{"issuer":"i","jwks_uri":"http://127.0.0.1/keys"}')
        elif word == "within":
            self.redirect("/keys")
        elif word == "out":
            self.redirect(f"https://localhost:{port}/keys")
        elif word == "plain":
            self.redirect(f"http://127.0.0.1:{port}/keys")
        elif word == "loop":
            self.redirect("/loop")
        elif word == "hops":
            self.redirect("/keys" if rest == "1" else f"/hops/{int(rest) - 1}")
        elif word == "size":
            head, tail = self.key_set().rstrip()[:-1] + b',"pad":"', b'"}'
            self.answer(head + b"x" * (int(rest) - len(head) - len(tail)) + tail)
        elif word == "heads":
            self.answer(self.key_set(), headers=[(f"X-{i}", "x" * 1000) for i in range(100)])
        elif word == "type":
            self.answer(self.key_set(), rest.replace("_", "/"))
        elif word == "cut":
            self.answer(self.key_set()[:-10], length=len(self.key_set()))
        elif word == "short":
            self.answer(self.key_set()[:-10])
        elif word == "clock":
            self.shift = int(rest)
            self.answer(self.key_set())
        elif word == "status":
            self.answer(b"{}", status=int(rest))
        elif word == "drip":
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _ in range(1000):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(PAUSE)
        else:
            self.answer(b"{}", status=404)


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with open(PORT_FILE + ".new", "w", encoding="ascii") as file:
        file.write(str(server.server_port))
    os.rename(PORT_FILE + ".new", PORT_FILE)
    server.serve_forever()


if __name__ == "__main__":
    main()
