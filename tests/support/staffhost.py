# SPDX-License-Identifier: Apache-2.0
"""For end-to-end tests of the staff: their accounts, their authenticator apps, their log-in."""
import hmac
import struct

from applyhost import *  # noqa: F403

PASSWORD = "correct horse battery"


def secret_in(uri):
    text = re.search(r"[?&]secret=([A-Z2-7]+)", uri).group(1)
    return base64.b32decode(text + "=" * (-len(text) % 8))


def totp(secret, step):
    mac = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    return "%06d" % ((struct.unpack(">I", mac[mac[19] & 15:][:4])[0] & 0x7FFFFFFF) % 10 ** 6)


class Staff:
    """An account. Each code is taken once: it tells those that weren't used yet."""

    def __init__(self, p, name, roles):
        self.p, self.name, self.step = p, name, 0
        self.secret = secret_in(p.admin("staff", "add", name, "--roles", roles, data=PASSWORD.encode()).stdout.decode())

    def code(self):
        while True:
            now = int(time.time()) // 30
            self.step = max(self.step + 1, now - 1)
            if self.step <= now + 1:
                return totp(self.secret, self.step)
            self.step -= 1
            time.sleep(0.5)

    def log_in(self, password=PASSWORD, code=None):
        return self.p.post("/v1/staff/sessions", {"name": self.name, "password": password, "totp": code or self.code()})

    def token(self):
        ask_db(self.p, "UPDATE staff SET totp_step = 0 WHERE name = ?", self.name)  # no waiting for new codes
        self.step = int(time.time()) // 30 - 1  # the present one: an older one may be over when it arrives
        status, got = self.log_in()
        if status != 201:
            raise SystemExit(f"{self.name} isn't logged in: {got}")
        return got["token"]
