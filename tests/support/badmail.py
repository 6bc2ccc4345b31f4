# SPDX-License-Identifier: Apache-2.0
"""A mail server that does what none should, for tests of what becomes of the mail."""
import socket

from platformhost import *  # noqa: F403


class BadMail:
    """With STARTTLS and a log-in, as a good one has them. `lies` has what it does at a stage instead: what it says (None:
    nothing) and whether it closes the line then; or a function of the line, which does the rest. Stages: greeting, EHLO, STARTTLS,
    AUTH, MAIL, RCPT, DATA, end (of a message). `given` has the messages that it was given whole, `taken` those that it has
    promised to deliver, each with who it is for; `clear` what it heard without TLS, `lasted` how long each line was open."""
    GOOD = {"greeting": "220 mail.example", "EHLO": "250-mail.example\r\n250-8BITMIME\r\n250 AUTH PLAIN",
            "STARTTLS": "220 go ahead", "AUTH": "235 welcome", "MAIL": "250 go on", "RCPT": "250 go on", "DATA": "354 go on",
            "end": "250 taken", "QUIT": "221 bye"}

    def __init__(self, tls):
        self.tls, self.lies, self.lied = tls, {}, 0
        self.given, self.taken, self.clear, self.lasted = [], [], [], []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            line, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(line,), daemon=True).start()

    def serve(self, line):
        began = time.monotonic()
        try:
            self.say(line, "greeting")
            self.talk(line)
        except OSError:
            pass  # whoever it was has gone
        line.close()
        self.lasted.append(time.monotonic() - began)

    def say(self, line, stage):
        """Whether it was what it should."""
        self.lied += stage in self.lies
        lie = self.lies.get(stage, (self.GOOD[stage], False))
        if callable(lie):
            lie(line)
            return False
        text, closes = lie
        if text:
            line.sendall(text.encode() + b"\r\n")
        if closes:
            line.shutdown(socket.SHUT_RDWR)
        return text == self.GOOD[stage] and not closes

    def talk(self, line):
        secure, file, to = False, line.makefile("rb"), None
        while words := file.readline():
            stage = words[:4].decode().upper()
            stage = {"STAR": "STARTTLS"}.get(stage, stage)
            if not secure:
                self.clear.append(words)
            if stage not in self.GOOD:
                line.sendall(b"500 what?\r\n")
            elif stage == "EHLO" and not secure and stage not in self.lies:
                line.sendall(b"250-mail.example\r\n250 STARTTLS\r\n")
            elif stage == "STARTTLS" and self.say(line, stage):
                line = self.tls.wrap_socket(line, server_side=True)
                secure, file = True, line.makefile("rb")
            elif stage == "AUTH":
                line.sendall(b"334 \r\n")
                file.readline()
                self.say(line, stage)
            elif stage == "RCPT":
                to = words.decode().split("<")[1].split(">")[0]
                self.say(line, stage)
            elif stage == "DATA":
                if self.say(line, stage):
                    self.take(line, file, to)
            elif stage != "STARTTLS":
                self.say(line, stage)

    def take(self, line, file, to):
        whole = b""
        while not whole.endswith(b"\r\n.\r\n"):
            more = file.readline()
            if not more:
                return
            whole += more
        self.given.append((to, whole))
        lie = self.lies.get("end", (self.GOOD["end"],))
        if not callable(lie) and lie[0] and lie[0].startswith("250"):
            self.taken.append((to, whole))
        self.say(line, "end")

    def to(self, address):
        """What it has taken for that address."""
        return [message for to, message in self.taken if to == address]
