# SPDX-License-Identifier: Apache-2.0
"""Customers at work on a platform whose daemons are killed under them, and what must be true afterwards, whatever
happened. The CA and the simulated services are programs of their own that stay; the platform is one daemon on SQLite or
several on one PostgreSQL. A customer asks again until it is answered, with the same Idempotency-Key, as programs do."""
import http.client
import random
import shutil

from mailhost import MailServer, config_of
from platformhost import *  # noqa: F403
from staffhost import Staff

ORIGIN = "https://platform.example"
WAIT_S = 120  # for one answer, over all that goes wrong


class Daemon:
    """A bjca-platformd with a folder and an address of its own."""

    def __init__(self, world, name, policy, url):
        self.data, self.port, self.est_port, self.world = os.path.join(work, name), free_port(), free_port(), world
        self.config = self.data + ".conf"
        self.address = os.path.join(self.data, "address")
        self.log = open(self.data + ".log", "ab")
        self.process = None
        with open(self.config, "w") as f:
            f.write("[policy]\n" + "".join(f"{k} = {v}\n" for k, v in policy.items()))
            f.write(f"[server]\norigin = {ORIGIN}\nlisten = 127.0.0.1:{self.port}\n")
            f.write(f"[ca]\nsocket = {world.ca}/cad.sock\n")
            f.write(f"[pay]\nnotify-url = https://127.0.0.1:{self.port}/v1/pay/notify\n")
            f.write(f"[invoice]\nnotify-url = https://127.0.0.1:{self.port}/v1/invoice/notify\n")
            f.write(f"[est]\nlisten = 127.0.0.1:{self.est_port}\n")
            f.write("[mail]\n" + "".join(f"{k} = {v}\n" for k, v in config_of(world.mail).items()))
            if url:
                f.write(f"[store]\ndatabase = {url}\nuploads = {work}/uploads\n")
        databases[self.data] = url

    def admin(self, *words, data=None, check=True, env=None):
        return run(program("bjca-platformd"), "--data", self.data, "--config", self.config, *words, data=data, check=check,
                   env=env)

    def begin(self, env=None):
        sim = self.world.sim_url
        if os.path.exists(self.address):
            os.unlink(self.address)
        self.process = subprocess.Popen(
            [program("bjca-platformd"), "--data", self.data, "--config", self.config, "--log-level", "debug", "serve",
             "--sms-url", sim, "--pay-url", sim, "--identity-url", sim, "--invoice-url", sim], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
            env={**os.environ, **(env or {})})
        started.append(self.process)

    def ready(self):
        return os.path.exists(self.address)

    def dead(self):
        return self.process.poll() is not None

    def start(self, env=None):
        """Until it serves or has died; again when the database is away."""
        for _ in range(60):
            self.begin(env)
            if not until(lambda: self.ready() or self.dead(), 1200):
                raise SystemExit("no platform")
            if self.ready() or env:
                return
            time.sleep(0.5)
        raise SystemExit("no platform: " + open(self.log.name).read()[-2000:])

    def kill(self):
        self.process.kill()
        self.process.wait(30)
        started.remove(self.process)

    def stop(self):
        self.process.terminate()
        return self.process.wait(60)


class World:
    def __init__(self, count, policy, url=None):
        self.cut = "net" if url else "db"  # what a command's work on the database is, for libcut
        self.ca, self.sim, self.mail = os.path.join(work, "ca"), os.path.join(work, "sim"), MailServer()
        self.serve("bjca-simd", "--data", self.sim, "serve")
        it("simulators", until(lambda: os.path.exists(self.sim + "/address")))
        self.sim_url = open(self.sim + "/address").read().strip()
        run(program("bjca-cad"), "--data", self.ca, "init")
        self.serve("bjca-cad", "--data", self.ca, "serve")
        it("the CA", until(lambda: os.path.exists(self.ca + "/cad.sock")))
        self.daemons = [Daemon(self, f"d{i}", policy, url) for i in range(count)]
        first, self.data = self.daemons[0], self.daemons[0].data
        first.admin("init")
        first.start()
        first.stop()
        for other in self.daemons[1:]:  # its keys are the others'
            shutil.copytree(first.data, other.data, symlinks=True, copy_function=shutil.copy2)
            os.chmod(other.data, 0o700)
        for d in self.daemons:
            d.start()
        self.ca_file = os.path.join(first.data, "tls-ca.pem")
        self.tls = ssl.create_default_context(cafile=self.ca_file)
        self.stopping, self.clients, self.odd = threading.Event(), [], []
        self.producer = Staff(self, "petra", "producer").token()

    def serve(self, name, *words):
        log = open(os.path.join(work, name + ".log"), "ab")
        started.append(subprocess.Popen([program(name), *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log))

    def sql(self, text, *values):
        for _ in range(100):
            try:
                return ask_db(self.daemons[0], text, *values)
            except RuntimeError:  # the database is away
                time.sleep(0.2)
        return ask_db(self.daemons[0], text, *values)

    def sim_sql(self, text, *values):
        return query(self.sim + "/sim.db", text, *values)

    def once(self, method, path, body, token, key, daemon=None):
        port = (daemon or random.choice(self.daemons)).port
        raw = isinstance(body, bytes)
        headers = {"Content-Type": "application/octet-stream" if raw else "application/json"} if body is not None else \
            {"Content-Length": "0"}
        if token:
            headers["Authorization"] = "Bearer " + token
        if key:
            headers["Idempotency-Key"] = key
        line = http.client.HTTPSConnection("127.0.0.1", port, context=self.tls, timeout=30)
        try:
            line.request(method, path, body if raw or body is None else json.dumps(body), headers)
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            line.close()

    def call(self, method, path, body=None, token=None, key=None):
        """The answer, whatever has to be tried until there is one."""
        end = time.time() + WAIT_S
        while time.time() < end:
            try:
                status, got = self.once(method, path, body, token, key)
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.1)
                continue
            if status == 503 or got.get("code") == "idempotency-in-progress":
                time.sleep(0.2)
                continue
            if status >= 500:
                self.odd.append((method, path, status, got))
                time.sleep(0.2)
                continue
            return status, got
        raise SystemExit(f"no answer to {method} {path}")

    def post(self, path, body=None, **more):
        return self.call("POST", path, body, **more)

    def admin(self, *words, data=None):
        """A command beside the daemons, until it works."""
        for _ in range(100):
            got = random.choice(self.daemons).admin(*words, data=data, check=False)
            if got.returncode == 0:
                return got
            time.sleep(0.2)
        raise SystemExit(f"{words}: {got.stderr.decode()}")

    def finish(self):
        """All of what the customers began is done, and nothing is waiting any more."""
        self.stopping.set()
        for c in self.clients:
            c.thread.join(WAIT_S * 3)
            it("each customer's flow came to its end", not c.thread.is_alive() and not c.broken, c.broken)
        it("all of the outbox is done", until(lambda: not self.left(), 1200), self.left())

    def left(self):
        """What the outbox hasn't done, but for what is to be looked at later, from the first; and what the invoices'
        service hasn't told yet, which nothing in the outbox waits for meanwhile."""
        return self.sql("SELECT kind, state, attempts, last_error FROM outbox WHERE state <> 'done'"
                        " AND (attempts > 0 OR kind NOT IN ('order-time', 'upload-drop'))"
                        " UNION ALL SELECT 'invoice', state, 0, id FROM invoices WHERE state IN ('asked', 'issued')")


class Client:
    """Goes its rounds; orders says how each of its orders ends."""

    def __init__(self, world):
        self.world, self.unlocks, self.orders, self.broken = world, [], {}, ""

    def start(self):
        self.thread = threading.Thread(target=self.work, daemon=True)
        self.world.clients.append(self)
        self.thread.start()

    def work(self):
        try:
            while not self.world.stopping.is_set():
                self.round()
        except BaseException as e:  # told by finish
            self.broken = f"{type(e).__name__}: {e}"

    def want(self, what, got, status, **members):
        if got[0] != status or any(got[1].get(k) != v for k, v in members.items()):
            raise AssertionError(f"{what}: {got}")
        return got[1]


class Customer(Client):
    """One after the other: an unlock, a renewal, and again."""

    def __init__(self, world, number):
        super().__init__(world)
        self.phone, self.serial = f"139{number:08d}", f"F{number}"
        world.admin("key", "add", self.serial, "--dialect", "gmt0017", "--shape", "direct", "--application",
                    "BJCA-Application", "--phone", self.phone, "--holder", HOLDER, "--company", ORG, data=ADMIN.encode())
        self.certificates = 0
        self.bare = f"B{number}"  # without a certificate: what it reports needs no signature
        self.account = f"6222{number:08d}1"
        world.admin("key", "add", self.bare, "--dialect", "gmt0017", "--shape", "direct", "--application",
                    "BJCA-Application", "--phone", self.phone, "--holder", HOLDER, "--company", ORG, "--bank", "示例银行",
                    "--account", self.account, data=ADMIN.encode())

    def round(self):
        self.unlock()
        self.renew(self.issue(random.choice(("rsa", "sm2"))))

    def issue(self, kind):
        key = Key(kind)
        prefix = os.path.join(work, new_key())
        self.certificates += 1
        # a command that was cut off may have issued: its certificate is nobody's, and revoked later
        self.world.admin("cert", "issue", self.serial, "--container", f"c{self.certificates}", "--csr", key.file + ".p10",
                         "--cn", "测试证书", "--org", ORG, "--days", "30", "--out", prefix)
        key.cert = open(prefix + ".sign.der", "rb").read()
        return key

    def code_of(self, unlock, way="phone"):
        for _ in range(WAIT_S * 10):
            rows = self.world.sim_sql("SELECT code FROM messages WHERE phone = ? AND text LIKE ? AND code <> ''", self.phone,
                                      f"%/{unlock}/%") if way == "phone" else \
                self.world.sim_sql("SELECT memo FROM transfers WHERE out_id = ? AND arrived = 1", unlock)
            if rows:
                return rows[0][0]
            time.sleep(0.1)
        raise AssertionError(f"no code for {unlock}")

    def unlock(self):
        call = self.world.call
        way = random.choice(("phone", "account"))
        known_by = {"phone": self.phone, "name": HOLDER} if way == "phone" else {"account": self.account, "name": ORG}
        got = self.want("unlock request", call("POST", "/v1/unlock-requests", {
            "serial": self.bare, "way": way, **known_by}, key=new_key()), 202)
        unlock = got["id"]
        self.unlocks.append(unlock)
        path, code, secret = f"/v1/unlock-requests/{unlock}/", self.code_of(unlock, way), b64(os.urandom(32))
        redeem = lambda s, m: call("POST", path + "redeem", {"code": code, "client_secret": s, "message": b64(m)})
        send = lambda m: call("POST", path + "messages", {"client_secret": secret, "message": b64(m)})
        begin = message(BEGIN, self.bare, random=os.urandom(8))
        first = self.want("redeemed", redeem(secret, begin), 200)
        kind, e = answer((200, first))
        if kind != UNBLOCK:
            raise AssertionError(f"redeemed: {kind}")
        self.want("by another", redeem(b64(os.urandom(32)), message(BEGIN, self.bare, random=os.urandom(8))), 410, code="code-used")
        it_is = self.want("the same again", redeem(secret, begin), 200)
        if answer((200, it_is))[1][0x87] != e[0x87]:
            raise AssertionError("another one-time PIN")
        kind = answer((200, self.want("rotation", send(message(ROTATE, self.bare, 0x9000, os.urandom(8))), 200)))[0]
        if kind != ROTATE_ADMIN:
            raise AssertionError(f"rotation: {kind}")
        proof = message(PROOF, self.bare, 0x9000, more=tlv(0x85, unlock.encode()))
        if answer((200, self.want("report", send(proof), 200)))[0] != DONE:
            raise AssertionError("report")
        self.want("again", redeem(secret, message(BEGIN, self.bare, random=os.urandom(8))), 410, code="code-used")

    def log_in(self, key):
        # a nonce is used up by an answer that was lost, too
        for _ in range(50):
            nonce = self.want("nonce", self.world.call("POST", "/v1/nonces", {"purpose": "login"}), 201)["nonce"]
            got = self.world.call("POST", "/v1/sessions", {
                "purpose": "login", "nonce": nonce, "certificate": b64(key.cert),
                "signature": b64(key.sign(signed("login", ORIGIN, nonce)))})
            if got[1].get("code") != "nonce-unknown":
                return self.want("log-in", got, 201)["token"]
        raise AssertionError("no log-in")

    def pay(self, order, token):
        path = "/v1/orders/" + order
        qr = self.want("payment", self.world.call("POST", path + "/payment", token=token, key=new_key()), 200)["qr_code"]
        run(program("bjca-simd"), "--data", self.world.sim, "scan", qr, "--notices", str(random.choice((0, 1, 2))))
        end = time.time() + WAIT_S
        while self.want("order", self.world.call("GET", path, token=token), 200)["state"] == "AWAIT_PAY":
            if time.time() > end:
                raise AssertionError(f"{order} isn't paid")
            time.sleep(0.2)

    def renew(self, key):
        call = self.world.call
        token = self.log_in(key)
        made = call("POST", "/v1/orders", {"type": "renewal"}, token=token, key=new_key())
        if made[0] not in (200, 201):
            raise AssertionError(f"order: {made}")
        order = made[1]["id"]
        self.orders[order] = "DONE"
        self.pay(order, token)
        self.download(order, token, key.kind)

    def download(self, order, token, kind):
        """Its certificates, and the report that they work."""
        call, path, fresh = self.world.call, "/v1/orders/" + order, Key(kind)
        certs = self.want("certificates", call("POST", path + "/certificates", {"csr": b64(fresh.request)}, token=token,
                                               key=new_key()), 200)
        again = self.want("the same", call("POST", path + "/certificates", {"csr": b64(fresh.request)}, token=token,
                                           key=new_key()), 200)
        if again != certs:
            raise AssertionError(f"{order} was issued twice")
        fresh.cert = base64.b64decode(certs["sign_certificate"])
        report = b64(fresh.sign(signed("renewal-report", ORIGIN, order, serial_of(fresh.cert))))
        self.want("report", call("POST", path + "/confirm", {"signature": report}), 200, state="DONE")


def journal(world):
    """Serial numbers that the CA has used."""
    return [line.split()[3].lstrip("0") for line in open(os.path.join(world.ca, "issued.log"))]


def check_orders(world, orders):
    """None lost, none doubled, each paid once, or given back once."""
    sql, sim = world.sql, world.sim_sql
    rows = sql("SELECT id, state, type, old_certificate, new_certificate, paid_at, amount_fen, round FROM orders")
    it("each order is there, and no other", sorted(r[0] for r in rows) == sorted(orders), (len(rows), len(orders)))
    it("each came to its end", all(r[1] == orders.get(r[0]) for r in rows), [(r, orders.get(r[0])) for r in rows if r[1] != orders.get(r[0])])
    renewals = [r for r in rows if r[2] == "renewal"]
    it("one a certificate", len({r[3] for r in renewals}) == len(renewals) and all(r[7] == 1 for r in renewals))
    certified = {r[0]: r[4] for r in rows if r[1] in ("DONE", "SHIPPED")}
    it("each certificate was made for one", None not in certified.values() and len(set(certified.values())) == len(certified))
    it("who got nothing has no certificate", not [r for r in rows if r[1] in ("CANCELLED", "REFUNDED") and r[4]])
    trades = {t[0]: t[1:] for t in sim("SELECT out_trade_no, status, amount, refunded FROM trades")}
    it("no payment without an order", set(trades) <= set(orders), set(trades) - set(orders))
    wrong = []
    for id, state, _, _, _, paid_at, fen, _ in rows:
        amount, (status, asked, refunded) = f"{fen // 100}.{fen % 100:02d}", trades.get(id, ("", "", ""))
        kept = {"REFUNDED": ("TRADE_CLOSED", amount), "CANCELLED": ("TRADE_CLOSED", "")}.get(state, ("TRADE_SUCCESS", ""))
        good = asked == amount and (status, refunded) == kept and bool(paid_at) == (state != "CANCELLED")
        if not good and not (state == "CANCELLED" and not status or state == "REFUNDED" and not paid_at and refunded == amount):
            wrong.append((id, state, paid_at, fen, status, asked, refunded))
    it("each was paid once and kept, or wholly given back", not wrong, wrong[:3])
    return rows, certified


def check_certificates(world, rows, certified):
    """Everything that the CA has signed is known, and nothing is in use twice."""
    sql = world.sql
    issues = sql("SELECT order_id, sign_certificate, enc_certificate FROM issues")
    productions = [o for (o,) in sql("SELECT order_id FROM productions")]
    it("one issue a renewal, and one a key that was made", sorted(i[0] for i in issues) == sorted(
        [r[0] for r in rows if r[2] == "renewal" and r[0] in certified] + productions), issues[:3])
    certs = sql("SELECT id, serial_number, state, fingerprint, key_serial, container, kind FROM certificates")
    states = {c[0]: c[2] for c in certs}
    it("new ones are good, old ones are not", all(states[new] == "good" for new in certified.values()) and
       all(states[r[3]] == "revoked" for r in rows if r[3] and r[0] in certified))
    it("no certificate twice", len({c[3] for c in certs}) == len(certs))
    good = [c[4:] for c in certs if c[2] == "good"]
    it("a key has one of each in use in a container", len(set(good)) == len(good), [g for g in good if good.count(g) > 1][:3])
    used = journal(world)
    planned = {i[0] for i in sql("SELECT serial_number FROM issuing")}
    it("no serial number twice", len(set(used)) == len(used))
    it("the CA issued nothing that isn't known", set(used) <= {c[1] for c in certs} | planned,
       set(used) - {c[1] for c in certs} - planned)


def check_productions(world, orders):
    rows = world.sql("SELECT order_id, serial, state, pin_sent_at FROM productions")
    made = [r for r in rows if r[2] == "made"]
    applied = world.sql("SELECT o.id, o.type FROM applications a JOIN orders o ON o.id = a.order_id")
    it("each order has its one key", sorted(r[0] for r in made) == sorted(
        o for o, kind in applied if kind == "new" and orders[o] in ("DONE", "SHIPPED")), rows[:3])
    it("each PIN was sent", all(r[3] for r in made))
    it("nothing is begun, and each key is one's", all(r[2] != "begun" for r in rows) and len({r[1] for r in rows}) == len(rows))
    done = {o for o, _ in applied if orders[o] == "DONE"}
    invoices = world.sql("SELECT order_id, id, state FROM invoices")
    it("one invoice for what is done, and it was mailed", sorted(i[0] for i in invoices) == sorted(done) and
       all(i[2] == "mailed" for i in invoices), (done ^ {i[0] for i in invoices}, [i for i in invoices if i[2] != "mailed"]))
    it("no other was issued", {i[1] for i in invoices} == {i[0] for i in world.sim_sql("SELECT out_id FROM invoices")})


def check_transfers(world):
    """Each code and each first PIN that goes in a memo, by a transfer of its own."""
    arrived = {t[0]: t[1] for t in world.sim_sql("SELECT out_id, arrived FROM transfers")}
    codes = {v for (v,) in world.sql("SELECT id FROM verifications WHERE way = 'transfer'")}
    pins = dict(world.sql("SELECT p.id, p.pin_sent_at FROM productions p JOIN applications a ON a.order_id = p.order_id"
                          " WHERE a.pin_way = 'transfer'"))
    codes |= {u for (u,) in world.sql("SELECT id FROM unlocks WHERE way = 'account'")}
    due = codes | {p for p, at in pins.items() if at}  # not that of a key that was put aside meanwhile
    it("each transfer was made, and no other", due <= set(arrived) <= codes | set(pins), (len(due), len(arrived), len(pins)))
    it("and arrived", all(arrived[d] == 1 for d in due if d in arrived))


def check_messages(world, unlocks):
    sent = world.sim_sql("SELECT out_id, count(*) FROM messages WHERE out_id NOT IN (SELECT id FROM transfers) GROUP BY out_id")
    wanted = world.sql("SELECT id, kind, dedupe FROM outbox WHERE kind IN ('sms', 'first-pin')")
    # the PIN of a key that was put aside before it went out isn't sent
    aside = {d for (d,) in world.sql("SELECT id FROM productions WHERE state = 'aside' AND pin_sent_at = 0")}
    due = {w[0] for w in wanted if not any(a in w[2] for a in aside)}
    it("each message was sent, and no other", due <= {s[0] for s in sent} <= {w[0] for w in wanted},
       (len(due), len(sent), len(wanted)))
    it("and once", all(s[1] == 1 for s in sent), [s for s in sent if s[1] != 1])
    # who has asked by phone has the code, and whose phone is on record hears of who has asked by account
    it("one a request of an unlock",
       len([w for w in wanted if w[2].startswith(("unlock-code:", "unlock-told:"))]) == len(unlocks),
       sorted({w[2].split(":")[0] for w in wanted}))
    mails = {str(m["Message-ID"]).strip("<>").split("@")[0] for _, m in world.mail.messages()}
    wanted = {m for (m,) in world.sql("SELECT id FROM outbox WHERE kind IN ('mail', 'invoice-mail')")}
    it("each mail was sent, and no other", mails == wanted, (len(mails), len(wanted), list(mails)[:2], list(wanted)[:2]))


def check(world):
    """Nothing lost, nothing twice."""
    sql = world.sql
    orders = {o: end for c in world.clients for o, end in c.orders.items()}
    unlocks = [u for c in world.clients for u in c.unlocks]
    it("there was work", len(orders) > 2 and len(unlocks) > 2, (len(orders), len(unlocks)))
    rows, certified = check_orders(world, orders)
    check_certificates(world, rows, certified)
    check_productions(world, orders)
    check_transfers(world)
    check_messages(world, unlocks)
    found = sql("SELECT id, state, redemptions, tries_left FROM unlocks")
    it("each unlock is there, and no other", sorted(f[0] for f in found) == sorted(unlocks), (len(found), len(unlocks)))
    it("each was done by one redemption, and no try lost", all(f[1:3] == ("done", 1) and f[3] == 5 for f in found),
       [f for f in found if f[1:3] != ("done", 1)])
    it("no code has lost a try", not sql("SELECT id FROM codes WHERE tries_left <> 5 AND state <> 'void'"),
       sql("SELECT purpose, tries_left, state FROM codes WHERE tries_left <> 5"))
    made = sql("SELECT count(*) FROM productions")[0][0]
    for what, count in (("order.created", len(orders)), ("unlock.done", len(unlocks)), ("unlock.requested", len(unlocks)),
                        ("unlock.redeemed", len(unlocks)), ("certificate.issued", len([r for r in rows if r[2] == "renewal"]) + made),
                        ("production.made", made), ("production.begun", made),
                        ("order.refund", len([r for r in rows if r[1] == "REFUNDED" and r[5]]))):
        # what the flows have issued to begin with isn't counted
        n = sql("SELECT count(*) FROM audit WHERE action = ? AND NOT (action = 'certificate.issued' AND actor LIKE 'staff:uid-%')",
                what)[0][0]
        it(f"{what} is audited once each", n == count, (n, count))
    it("the audit log is whole", world.admin("audit", "verify").returncode == 0)
    it("nobody was told of an inner failure", not world.odd, world.odd[:3])


GENEROUS = {k: 1000000 for k in ("phone-per-minute", "phone-per-hour", "phone-per-day", "address-per-hour", "key-per-day", "notices-per-day", "uploads-per-hour",
                                 "login-per-minute", "verify-per-day", "orders-per-day")}
GENEROUS |= {"staff-idle-seconds": 86400, "staff-session-seconds": 86400}
