# SPDX-License-Identifier: Apache-2.0
"""For end-to-end tests of production: a station with its keys, empty as from the factory, and its tool."""
from staffhost import *  # noqa: F403

MAKER_KEY = "00112233445566778899aabbccddeeff"
CUT = os.path.join(BUILD, "libcut.so")
MODULE = os.path.join(BUILD, "bjca-pkcs11.so")


def secret_fd(text):
    r, w = os.pipe()
    os.write(w, (text + "\n").encode())
    os.close(w)
    return r


class Station:
    """A folder with a virtual key and a configuration, for a platform; the tool is logged in as the account."""

    def __init__(self, p, account, name, **more):
        self.p, self.account, self.folder = p, account, os.path.join(work, name)
        os.makedirs(self.at("state"))
        self.serial = name
        self.more = {"session-file": self.at("session"), "device-key-file": self.at("device-key"), **more}
        self.write("device-key", MAKER_KEY + "\n")
        self.configure()
        if account:
            self.log_in()

    def at(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with os.fdopen(os.open(self.at(name), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
            f.write(text)

    def configure(self, station="yes", **more):
        production = "".join(f"{k} = {v}\n" for k, v in {**self.more, **more}.items() if v is not None)
        self.write("bjca.conf", f"[key]\nvirtual-key = {self.at('key')}\npcsc = no\n"
                   f"[module]\nproduction-station = {station}\n[tool]\nmodule = {MODULE}\n[log]\ntrace = {self.at('trace')}\n"
                   f"[platform]\nurl = {self.p.url}\nca-file = {self.p.data}/tls-ca.pem\n[production]\n{production}")
        open(self.at("trace"), "w").close()

    def log_in(self):
        """As a log-in that is kept, which spares the tests the waiting for codes."""
        self.write("session", f"{self.p.url}\n{self.account.token()}\n")

    def key(self, serial, dialect="gmt0017", shape="direct", empty=True):
        """Another key in the reader."""
        self.serial = serial
        for name in ("key", "key.lock", "key.count"):
            if os.path.exists(self.at(name)):
                os.unlink(self.at(name))
        self.tool("bjca-vkey", "create", self.at("key"), "--serial", serial, "--dialect", dialect, "--shape", shape,
                  "--device-key-fd", "3", *(["--empty"] if empty else []), secrets=(MAKER_KEY,))

    def tool(self, name, *words, secrets=(), check=True, env=None):
        """A built program; secrets come from descriptors 3, 4 …"""
        fds = [secret_fd(s) for s in secrets]

        def place():
            for n, fd in enumerate(fds):
                os.dup2(fd, 100 + n)
            for n in range(len(fds)):
                os.dup2(100 + n, 3 + n)
        got = subprocess.run([program(name), *words], capture_output=True, stdin=subprocess.DEVNULL, close_fds=False,
                             preexec_fn=place, timeout=90, env={
                                 **os.environ, "BJCA_CONF": self.at("bjca.conf"), "XDG_STATE_HOME": self.at("state"),
                                 "P11_MODULE": MODULE, "LC_ALL": "C.UTF-8", **(env or {})})
        for fd in fds:
            os.close(fd)
        if check and got.returncode:
            raise SystemExit(f"{name} {words}: {got.returncode} {got.stderr.decode()}{got.stdout.decode()}")
        return got

    def bjca(self, *words, **more):
        return self.tool("bjca", *words, **more)

    def produce(self, *words, check=True, **more):
        got = self.bjca("--json", "produce", *words, check=check, **more)
        return json.loads(got.stdout) if check else got

    def status(self):
        return json.loads(self.bjca("--json", "status").stdout)["keys"][0]

    def container(self, name="UserKey"):
        for c in json.loads(self.bjca("--json", "list").stdout)["containers"]:
            if c["name"] == name and c["role"] == "current":
                return c
        return None

    def whole(self, pin):
        """Every identity of the key signs and decrypts with this PIN."""
        return self.tool("key-probe", secrets=(pin,), check=False).returncode == 0


def approved(p, token, **parts):
    order = in_review(p, token, **parts)["id"]
    p.admin("review", "approve", order)
    return order


def first_pin(text):
    found = re.search(r"(?:初始口令为 |附言: )([2-9A-HJ-NP-Z]{10})\b", text)
    return found.group(1) if found else None


def pins_sent(p, to):
    return [pin for pin in map(first_pin, p.messages(to)) if pin]
