# SPDX-License-Identifier: Apache-2.0
"""For end-to-end tests of the platform: the real daemons, keys made by OpenSSL, the messages of an
unlock put together by hand, so that client, module and virtual key have no part in it. Every answer
is checked against docs/platform-api.yaml."""
import base64
import http.server
import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

import jsonschema
import yaml

import database
import routes

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("BJCA_BUILD", os.path.join(TOP, "build"))
PHONE, HOLDER, ORG = "13800001234", "测试用户甲", "示例科技有限公司"
ADMIN = "canary-admin-" + "7Q3"
ID = "1234567812345678"

passed = failed = 0
counting = threading.Lock()
work = tempfile.mkdtemp(prefix="bjca-platform.")
started = []


def it(what, good, detail=""):
    global passed, failed
    with counting:
        if good:
            passed += 1
        else:
            failed += 1
            print(f"not ok: {what} {detail}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def run(*words, data=None, check=True, env=None):
    got = subprocess.run(words, input=data, capture_output=True, timeout=60, env=env and {**os.environ, **env})
    if check and got.returncode:
        raise SystemExit(f"{words}: {got.stderr.decode()}")
    return got


def program(name):
    return os.path.join(BUILD, name)


# --- the contract -----------------------------------------------------------------------------------
API = yaml.safe_load(open(os.path.join(TOP, "docs/platform-api.yaml"), encoding="utf-8"))


def close(node):
    """No member that isn't described, in answers: the contract lets clients ignore one, and us forget none."""
    if isinstance(node, dict):
        if "properties" in node and node.get("type") == "object":
            node.setdefault("additionalProperties", False)
        for value in node.values():
            close(value)
    elif isinstance(node, list):
        for value in node:
            close(value)


close(API)
seen, SERVED = set(), routes.served()
ANYWHERE = API["x-anywhere"]


def resolve(node):
    while "$ref" in node:
        at = API
        for part in node["$ref"][2:].split("/"):
            at = at[part]
        node = at
    return node


def operation(method, path):
    for pattern, item in API["paths"].items():
        if re.fullmatch(re.sub(r"\{[a-z]+\}", "[^/]+", pattern), path):
            if method.lower() in item:
                return pattern, item[method.lower()]
    return None, None


def check_schema(schema, value):
    # the schema's references are relative to the whole document
    jsonschema.Draft202012Validator({**schema, "components": API["components"]}).validate(value)


def check_contract(method, path, status, kind, body):
    pattern, op = operation(method, path)
    kind = kind.split(";")[0]
    if op is None:
        it(f"{method} {path} is in the contract", not routes.is_served(method, path, SERVED))
        it(f"{method} {path} answers a problem", kind == "application/problem+json" and status in (404, 405))
        return
    response = op["responses"].get(str(status), op["responses"].get("default"))
    if response is None and str(status) in ANYWHERE:
        response = API["components"]["responses"]["Problem"]
    if response is None:
        it(f"{op['operationId']} may answer {status}", False, body[:200])
        return
    # how often an answer is asked for depends on how long something takes: each kind counts once
    first = (op["operationId"], status) not in seen
    seen.add((op["operationId"], status))
    content = resolve(response).get("content", {})
    if not content and not body:
        return
    if kind not in content:
        it(f"{op['operationId']} {status} is {list(content)}", False, kind)
        return
    schema = content[kind].get("schema")
    try:
        if schema is not None and kind.endswith("json"):
            check_schema(schema, json.loads(body))
        elif schema is not None and schema.get("type") == "string":
            check_schema(schema, body.decode())
        if first:
            it("contract", True)
    except jsonschema.ValidationError as e:
        it(f"{op['operationId']} {status} is as the contract says", False, str(e)[:400])


def all_seen(tag):
    """Every success of the contract's operations with this tag (None: without any) was seen."""
    wanted = {(op["operationId"], int(status)) for item in API["paths"].values() for m, op in item.items()
              if m in ("get", "post", "put", "delete") and op.get("tags") == (tag and [tag])
              for status in op["responses"] if status.startswith("2")}
    it("every success of the contract was seen", wanted and wanted <= seen, wanted - seen)


# --- daemons ----------------------------------------------------------------------------------------
databases = {}  # by folder; None: SQLite's file in it


class Platform:
    def __init__(self, policy, name="p", server=None, more=(), sections=""):
        self.data = os.path.join(work, name)
        self.config = os.path.join(work, name + ".conf")
        with open(self.config, "w") as f:
            f.write("[policy]\n" + "".join(f"{k} = {v}\n" for k, v in policy.items()))
            f.write("[server]\n" + "".join(f"{k} = {v}\n" for k, v in (server or {}).items()))
            if isinstance(sections, dict):
                sections = "".join(f"[{name}]\n" + "".join(f"{k} = {v}\n" for k, v in values.items())
                                   for name, values in sections.items())
            f.write(sections)
            if self.data not in databases:
                databases[self.data] = database.fresh()
            if databases[self.data]:
                f.write(f"[store]\ndatabase = {databases[self.data]}\n")
        self.more = more
        self.log = open(os.path.join(work, name + ".log"), "ab")
        self.process = None
        if not os.path.exists(self.data):
            self.admin("init")
        self.start()

    def start(self):
        address = os.path.join(self.data, "address")
        self.process = subprocess.Popen(
            [program("bjca-platformd"), "--data", self.data, "--config", self.config, "serve",
             "--listen", "127.0.0.1:0", "--embedded-sim", "--log-level", "debug", *self.more],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        started.append(self.process)
        end = time.time() + 30
        while not os.path.exists(address):
            if time.time() > end or self.process.poll() is not None:
                raise SystemExit("no platform: " + open(self.log.name).read()[-2000:])
            time.sleep(0.02)
        self.url = open(address).read().strip()
        self.tls = ssl.create_default_context(cafile=os.path.join(self.data, "tls-ca.pem"))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def admin(self, *words, data=None, check=True):
        return run(program("bjca-platformd"), "--data", self.data, "--config", self.config, *words,
                   data=data, check=check)

    def sim(self, *words, check=True):
        return run(program("bjca-simd"), "--data", os.path.join(self.data, "sim"), *words, check=check)

    def call(self, method, path, body=None, token=None, key=None, headers=None, raw=None, lang=None):
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.url + path, data=data, method=method)
        if data is not None and raw is None:
            request.add_header("Content-Type", "application/json")
        elif data is None:
            request.add_header("Content-Length", "0")
        if token:
            request.add_header("Authorization", "Bearer " + token)
        if key:
            request.add_header("Idempotency-Key", key)
        if lang:
            request.add_header("Accept-Language", lang)
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        try:
            answer = urllib.request.urlopen(request, context=self.tls, timeout=30)
        except urllib.error.HTTPError as e:
            answer = e
        body = answer.read()
        kind = answer.headers.get("Content-Type", "")
        check_contract(method, path.split("?")[0], answer.status, kind, body)
        self.headers = answer.headers
        return answer.status, json.loads(body) if "json" in kind else body

    def post(self, path, body=None, **more):
        return self.call("POST", path, body, **more)

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def refused(self, what, status, code, got):
        good = got[0] == status and isinstance(got[1], dict) and got[1].get("code") == code
        it(what, good, got)
        return got[1] if isinstance(got[1], dict) else {}

    def messages(self, phone=PHONE):
        return self.sim("outbox", "--to", phone).stdout.decode().splitlines()

    def wait_messages(self, phone, count):
        for _ in range(1200):
            if len(self.messages(phone)) >= count:
                return True
            time.sleep(0.05)
        return False

    def code(self, count):
        """The code of the count-th message to the phone."""
        for _ in range(1200):
            if len(self.messages()) >= count:
                return self.sim("outbox", "--to", PHONE, "--last", "--code").stdout.decode().strip()
            time.sleep(0.05)
        raise SystemExit("no SMS")


class Clocked:
    """A platform, and a clock of its own that can be put forward. It is started again `with` it."""

    def __init__(self, policy, name, **more):
        self.file = os.path.join(work, name + ".clock")
        self.to(0)
        with self:
            self.p = Platform(policy, name, **more)

    def __enter__(self):
        os.environ.update(LD_PRELOAD=os.path.join(BUILD, "libclock.so"), TEST_CLOCK=self.file)

    def __exit__(self, *how):
        del os.environ["LD_PRELOAD"], os.environ["TEST_CLOCK"]

    def to(self, seconds):
        with open(self.file, "w") as f:
            f.write(str(seconds))


class Between:
    """Stands between a platform and a provider, which is the platform's simulator. Methods of payment can be away (no
    answer, the line is closed) or slow (handed on after so many seconds, or when it is back); or all of it is down."""

    def __init__(self, name):
        between = self
        self.gone, self.mute, self.delays, self.asked, self.down = set(), set(), {}, [], False

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                sim = open(os.path.join(work, name, "sim/address")).read().strip()
                text = urllib.request.urlopen(sim + self.path, timeout=30).read()
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                method = re.search(rb"alipay\.trade\.[a-z]+", body + self.path.encode())
                method = method.group().decode() if method else ""
                between.asked.append(method)
                if method in between.delays:
                    end = time.time() + between.delays[method]
                    while method in between.delays and time.time() < end:
                        time.sleep(0.02)
                    between.let_go.append(method)
                if method in between.gone or between.down:
                    self.close_connection = True
                    return
                sim = open(os.path.join(work, name, "sim/address")).read().strip()
                request = urllib.request.Request(sim + self.path, data=body, method="POST")
                request.add_header("Content-Type", self.headers["Content-Type"])
                for header, value in self.headers.items():
                    if header.lower().startswith("x-acs-") or header in ("Authorization", "Host"):
                        request.add_header(header, value)
                answer = urllib.request.urlopen(request, timeout=30)
                text = answer.read()
                if method in between.mute:
                    self.close_connection = True
                    return
                self.send_response(200)
                self.send_header("Content-Type", answer.headers["Content-Type"])
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                try:
                    self.wfile.write(text)
                except OSError:
                    pass  # who asked has gone: the platform ends

            def log_message(self, *words):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{server.server_port}"

    def away(self, *methods):
        self.gone |= set(methods)

    def answers_get_lost(self, *methods):
        """What was asked is done."""
        self.mute |= set(methods)

    def slow(self, method, seconds):
        self.delays[method] = seconds
        self.let_go = []  # those that were slow, when they are handed on

    def back(self):
        self.gone, self.mute, self.delays = set(), set(), {}


def new_key():
    return str(uuid.uuid4())


def b64(data):
    return base64.b64encode(data).decode()


# --- keys -------------------------------------------------------------------------------------------
class Key:
    """A signing key and its PKCS#10, made by OpenSSL."""

    def __init__(self, kind):
        self.kind = kind
        self.file = os.path.join(work, new_key())
        if kind == "rsa":
            run("openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", self.file)
        else:
            run("openssl", "genpkey", "-algorithm", "SM2", "-out", self.file)
        extra = ["-sm3", "-sigopt", "distid:" + ID] if kind == "sm2" else ["-sha256"]
        run("openssl", "req", "-new", "-key", self.file, "-subj", "/CN=x", "-outform", "DER",
            "-out", self.file + ".p10", *extra)
        self.request = open(self.file + ".p10", "rb").read()

    def sign(self, data):
        if self.kind == "rsa":
            return run("openssl", "dgst", "-sha256", "-sign", self.file, data=data).stdout
        return run("openssl", "dgst", "-sm3", "-sigopt", "distid:" + ID, "-sign", self.file, data=data).stdout


def issue(p, serial, container, kind, days=30, *more):
    key = Key(kind)
    prefix = os.path.join(work, new_key())
    p.admin("cert", "issue", serial, "--container", container, "--csr", key.file + ".p10",
            "--cn", "测试证书 " + kind, "--org", ORG, "--days", str(days), "--out", prefix, *more)
    key.cert = open(prefix + ".sign.der", "rb").read()
    return key


def serial_of(cert):
    text = run("openssl", "x509", "-inform", "DER", "-noout", "-serial", data=cert).stdout.decode()
    return text.strip().split("=")[1].lower().lstrip("0")


def signed(purpose, origin, *fields):
    return "".join(x + "\n" for x in ("BJCA-PLATFORM-SIGNED/1", purpose, origin, *fields)).encode()


# --- messages of an unlock --------------------------------------------------------------------------
def tlv(tag, value):
    n = len(value)
    head = bytes([n]) if n < 128 else bytes([0x81, n]) if n < 256 else bytes([0x82, n >> 8, n & 255])
    return bytes([tag]) + head + value


def elements(data):
    at = 0
    while at < len(data):
        tag, n, at = data[at], data[at + 1], at + 2
        if n & 0x80:
            size = n & 0x7F
            n, at = int.from_bytes(data[at:at + size], "big"), at + size
        yield tag, data[at:at + n]
        at += n


def parse(data):
    return dict(elements(data))


RANDOM = bytes(range(8))


def message(kind, serial, status=None, random=RANDOM, tries=(0, 10), more=b""):
    body = tlv(0x80, b"\1") + tlv(0x81, bytes([kind])) + tlv(0x82, serial.encode())
    if kind != 4:
        body += tlv(0x83, b"\x10\0") + tlv(0x84, random)
    if status is not None:
        body += tlv(0x88, status.to_bytes(2, "big"))
    if kind == 1:
        body += tlv(0x89, bytes([tries[0]])) + tlv(0x8A, bytes([tries[1]]))
    return tlv(0xE1, body + more)


BEGIN, NEXT, ROTATE, PROOF = 1, 2, 3, 4
VERIFY_ADMIN, UNBLOCK, ROTATE_ADMIN, PROVE, DONE, TRY = 1, 2, 3, 4, 5, 6


class Run:
    """One client's run at an authorisation."""

    def __init__(self, p, unlock, serial, secret=None):
        self.p, self.id, self.serial = p, unlock, serial
        self.secret = b64(secret or os.urandom(32))

    def redeem(self, code, msg=None):
        return self.p.post(f"/v1/unlock-requests/{self.id}/redeem",
                           {"code": code, "client_secret": self.secret,
                            "message": b64(msg or message(BEGIN, self.serial))})

    def send(self, msg):
        return self.p.post(f"/v1/unlock-requests/{self.id}/messages",
                           {"client_secret": self.secret, "message": b64(msg)})

    def proof(self, key=None, container="c", status=0x9000):
        more = tlv(0x85, self.id.encode())
        if key:
            more += tlv(0x8B, key.sign(signed("unlock-proof", self.p.url, self.id, self.serial)))
            more += tlv(0x8C, container.encode()) + tlv(0x8D, b"\1" if key.kind == "rsa" else b"\2")
        return message(PROOF, self.serial, status, more=more)


def answer(got):
    """Kind and elements of an E2."""
    if got[0] != 200:
        return got[1].get("code"), {}
    outer = parse(base64.b64decode(got[1]["message"]))
    inner = parse(outer[0xE2])
    return inner[0x81][0], inner


counts = {"sms": 0}


def ask(p, serial, phone=PHONE, name=HOLDER, key=None):
    return p.post("/v1/unlock-requests",
                  {"serial": serial, "phone": phone, "name": name, "way": "phone"}, key=key or new_key())


def authorise(p, serial):
    status, got = ask(p, serial)
    if status != 202:
        raise SystemExit(f"unlock request: {got}")
    counts["sms"] += 1
    return got["id"], p.code(counts["sms"])


def add_key(p, serial, shape="direct", dialect="gmt0017", *more, phone=PHONE):
    p.admin("key", "add", serial, "--dialect", dialect, "--shape", shape, "--application",
            "BJCA-Application", "--phone", phone, "--holder", HOLDER, "--company", ORG, *more,
            data=ADMIN.encode())


def pin_state(p, serial):
    text = p.admin("key", "show", serial).stdout.decode()
    return dict(line.split(": ", 1) for line in text.splitlines())


# --- log-in and orders --------------------------------------------------------------------------------
def log_in(p, key, nonce=None, origin=None, cert=None, purpose="login"):
    nonce = nonce or p.post("/v1/nonces", {"purpose": "login"})[1]["nonce"]
    return p.post("/v1/sessions", {
        "purpose": "login", "nonce": nonce, "certificate": b64(cert or key.cert),
        "signature": b64(key.sign(signed(purpose, origin or p.url, nonce)))})


def wait_state(p, token, order, state):
    for _ in range(1200):
        got = p.get("/v1/orders/" + order, token=token)[1]
        if got["state"] == state:
            return got
        time.sleep(0.05)
    return got


def crl(p, kind):
    der = p.get(f"/v1/crl/{kind}.crl")[1]
    text = run("openssl", "crl", "-inform", "DER", "-noout", "-text", data=der).stdout.decode()
    return der, {s.lower().lstrip("0") for s in re.findall(r"Serial Number: ([0-9A-F]+)", text)}


def ocsp(p, kind, der):
    """What the responder says of a certificate, by both methods."""
    said = []
    with tempfile.TemporaryDirectory() as d:
        with open(d + "/ca.pem", "wb") as f:
            f.write(p.get(f"/v1/ca/{kind}.pem")[1])
        with open(d + "/cert.der", "wb") as f:
            f.write(der)
        names = ("-issuer", d + "/ca.pem", "-cert", d + "/cert.der", "-no_nonce")
        run("openssl", "ocsp", *names, "-reqout", d + "/request")
        request = open(d + "/request", "rb").read()
        for answer in (p.call("POST", "/v1/ocsp", raw=request, headers={"Content-Type": "application/ocsp-request"}),
                       p.get("/v1/ocsp/" + urllib.parse.quote(b64(request), safe=""))):
            with open(d + "/response", "wb") as f:
                f.write(answer[1])
            text = run("openssl", "ocsp", *names, "-respin", d + "/response", "-noverify").stdout.decode()
            said.append(re.search(r"cert\.der: (\w+)", text).group(1))
    return said


def order_for(p, key):
    token = log_in(p, key)[1]["token"]
    return token, p.post("/v1/orders", {"type": "renewal"}, token=token, key=new_key())


def statements(p, route):
    """How many the database was asked by the last request of that route, as the log says."""
    return [int(n) for n in re.findall(rf'route="?{re.escape(route)}"? .*statements=(\d+)', open(p.log.name, encoding="utf-8").read())][-1]


def quiet(p, path, body, token):
    """A POST without the bookkeeping, for threads."""
    request = urllib.request.Request(p.url + path, data=json.dumps(body).encode(), method="POST", headers={
        "Content-Type": "application/json", "Authorization": "Bearer " + token, "Idempotency-Key": new_key()})
    try:
        answer = urllib.request.urlopen(request, context=p.tls, timeout=30)
    except urllib.error.HTTPError as e:
        answer = e
    return answer.status, json.loads(answer.read())


def query(path, sql, *values):
    db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)
    try:
        return db.execute(sql, values).fetchall()
    finally:
        db.close()


def ask_db(p, sql, *values):
    """A statement on the platform's own database; what it changes is kept."""
    return database.run(os.path.join(p.data, "platform.db"), database_of(p), sql, *values)


def database_of(p):
    """The URL of a PostgreSQL; nothing: it is SQLite's."""
    return databases[p.data] if p.data in databases else os.environ.get("PLATFORM_DATABASE")


def columns_of(p):
    """Each table's each column."""
    return ask_db(p, "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
                  if database_of(p) else
                  "SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'")


def trade_of(p, order):
    """Status, amount and refunded amount, as the payment provider has them."""
    return query(os.path.join(p.data, "sim/sim.db"), "SELECT status, amount, refunded FROM trades WHERE out_trade_no = ?",
                 order)[0]


def process_of(data, name):
    """The process of that program at work in the folder."""
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = open(f"/proc/{pid}/cmdline").read().split("\0")
        except OSError:
            continue
        if words[0].endswith(name) and any(w == data or w.startswith(data + "/") for w in words):
            return int(pid)
    raise SystemExit(f"no process {name}")


def until(what, tries=1200):
    for _ in range(tries):
        if what():
            return True
        time.sleep(0.05)
    return False


def test_program(main):
    """Runs it, ends what it started, says how many checks passed, and exits."""
    try:
        main()
    finally:
        for process in started:
            if process.poll() is None:
                process.terminate()
                process.wait(30)
        if failed and os.environ.get("KEEP"):
            print("kept:", work)
        else:
            shutil.rmtree(work, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
