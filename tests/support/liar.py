# SPDX-License-Identifier: Apache-2.0
"""A provider that is away, breaks off or talks nonsense, for tests of what stands between it and the customers."""
import http.server
import socket
import struct

from platformhost import *  # noqa: F403

HELD_S = 12  # longer than anybody waits for an answer


class Server(http.server.ThreadingHTTPServer):
    daemon_threads, tls = True, None

    def get_request(self):
        line, address = super().get_request()
        if self.tls:  # the handshake is its thread's affair
            line = self.tls.wrap_socket(line, server_side=True, do_handshake_on_connect=False)
        return line, address

    def handle_error(self, *whose):
        pass  # whoever asked has gone, or doesn't trust it


class Liar:
    """Stands before the simulators: `to` is their address, or tells it. Modes: pass; gone (no answer); lost (handed on, and no
    answer); garbage; wrong (JSON, but no answer to what was asked); page (of another type); error (HTTP 500); busy (429); long
    (megabytes); cut (half of the answer, as if it were all); reset (half of it, and the line breaks); late (when nobody waits for
    it any more). Of the payment provider, whose answers are signed: another's (its answer about an order of before); wrapped (that
    it is all well, around what it has signed). `lies` has more: functions of what was asked for and of the true answer, which
    tell status and answer."""
    answers = {"garbage": (200, b"<html>\xff\xfe"), "wrong": (200, b'{"Code": 7, "Message": []}'), "error": (500, b"{}"),
               "long": (200, b'{"Code": "' + b"x" * (4 << 20) + b'"}'),
               "page": (200, "<!DOCTYPE html><title>维护中</title>".encode(), "text/html; charset=utf-8"),
               "busy": (429, b'{"Code": "Throttling.User", "Message": "Request was denied due to user flow control."}')}
    lies = {}

    def __init__(self, to, tls=None):
        liar = self
        self.to = to if callable(to) else lambda: to
        self.mode, self.asked, self.actions, self.signed = "pass", 0, [], {}

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                action = self.headers.get("x-acs-action")
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                mode = liar.mode_of(action, body)
                liar.asked += 1
                liar.actions.append(action)
                self.close_connection = True
                if mode == "gone":
                    return
                if mode in liar.answers:
                    self.answer(*liar.answers[mode])
                    return
                status, text = liar.hand_on(self.path, body, self.headers)
                if self.path == "/gateway.do":
                    text = liar.payment(mode, body, text)
                if mode in liar.lies:
                    status, text = liar.lies[mode](liar, action, body, text)
                if mode == "late":
                    time.sleep(HELD_S)
                if mode in ("cut", "reset"):
                    self.half(text, mode == "reset")
                elif mode != "lost":
                    self.answer(status, text)

            def answer(self, status, text, type="application/json"):
                self.send_response(status)
                self.send_header("Content-Type", type)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                try:
                    self.wfile.write(text)
                except OSError:
                    pass  # it had enough

            def half(self, text, breaks):
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                if breaks:
                    self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text[:len(text) // 2])
                if breaks:
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    socket.close(self.connection.detach())

            def log_message(self, *words):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.tls = tls
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.server.server_port}"

    def mode_of(self, action, body):
        return self.mode

    def hand_on(self, path, body, headers):
        request = urllib.request.Request(self.to() + path, data=body, method="POST")
        for name, value in headers.items():
            if name.lower() not in ("content-length", "connection"):
                request.add_header(name, value)
        try:
            got = urllib.request.urlopen(request, timeout=30)
        except urllib.error.HTTPError as e:
            got = e
        return got.status, got.read()

    def payment(self, mode, body, text):
        form = urllib.parse.parse_qs(body.decode())
        method, order = form["method"][0], json.loads(form["biz_content"][0])["out_trade_no"]
        if mode == "pass":
            self.signed[method] = text
        elif mode == "another's":
            return self.signed[method]
        elif mode == "wrapped":
            name, inner, sign = re.fullmatch(rb'\{"(\w+)":(.*),"sign":"([^"]+)"\}', text, re.S).groups()
            forged = json.dumps({"code": "10000", "out_trade_no": order, "qr_code": "https://example.com/", "trade_no": "1",
                                 "trade_status": "TRADE_SUCCESS", "total_amount": "190.00"}).encode()
            return b'{"%s" :%s, "sign": "%s", "x":{"%s":%s,"sign":""}}' % (name, forged, sign, name, inner)
        return text


def certificate(name, whose):
    """A certificate for that address or host: a file with its key, and one with it alone."""
    both, alone = (os.path.join(work, name + end) for end in (".pem", ".crt"))
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=" + name, "-addext",
        "subjectAltName=" + whose, "-keyout", both, "-out", alone)
    with open(both, "a") as f:
        f.write(open(alone).read())
    return both, alone


def served_by(file):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
