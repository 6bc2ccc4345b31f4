# SPDX-License-Identifier: Apache-2.0
"""Customers of tests/support/flows.py who have no certificate yet, or renew it by EST: what they do with an order, to each
of the ends that it may have. Each order is of other phones, so that what reaches one is known to be this order's."""
from flows import *  # noqa: F403
from staffhost import KINDS, OPERATOR_ID, ORG_CODE, code_in, details, png


class Applicant(Client):
    """Orders for new certificates, one after the other: made and collected, rejected and then sent on a second key,
    refunded by the customer or by staff, cancelled. Who they are is verified by one or the other way."""

    WAYS = ("collected", "sent", "refunded", "returned", "cancelled")
    IDENTITY = {"sent": "transfer", "returned": "card"}  # the others by phone

    def __init__(self, world, number, ways=WAYS):
        super().__init__(world)
        self.number, self.ways, self.rounds, self.keys = number, ways, 0, 0

    def round(self):
        for way in self.ways:
            if not self.world.stopping.is_set():
                self.rounds += 1
                self.begin(way)
                getattr(self, way)()

    def phone(self, role):
        return f"136{self.number:02d}{self.rounds:05d}{role}"

    def code(self, phone, number):
        """The code in the message to the phone after so many."""
        found = []
        for _ in range(WAIT_S * 10):
            rows = self.world.sim_sql("SELECT text FROM messages WHERE phone = ? ORDER BY created_at, id", phone)
            found = [c for c in (code_in(text) for (text,) in rows) if c]
            if len(found) > number:
                return found[number]
            time.sleep(0.1)
        raise AssertionError(f"no code {number} to {phone}: {found}")

    def log_in(self, role=1):
        call, phone = self.world.call, self.phone(role)
        for n in range(20):
            asked = self.want("code asked for", call("POST", "/v1/customer-codes", {
                "org_code": ORG_CODE, "phone": phone}, key=new_key()), 202)
            entered = {"id": asked["id"], "code": self.code(phone, n), "org_code": ORG_CODE}
            got = call("POST", "/v1/customer-sessions", entered)
            if got[1].get("code") == "code-used":  # by an answer that was lost
                continue
            self.want("a code twice", call("POST", "/v1/customer-sessions", entered), 410, code="code-used")
            return self.want("log-in", got, 201)["token"]
        raise AssertionError("no log-in")

    def get(self):
        return self.want("order", self.world.call("GET", self.path, token=self.token), 200)

    def turn(self, what, body, states):
        """Something that is done once: said again, it is refused, so an answer that was lost is looked up."""
        got = self.world.call("POST", self.path + what, body, token=self.token)
        order = got[1] if got[0] == 200 else self.get()
        if order.get("state") not in states:
            raise AssertionError(f"{what}: {got} {order}")
        again = self.world.call("POST", self.path + what, body, token=self.token)
        if again[0] == 200 and "code" in body:
            raise AssertionError(f"{what}: its code is good twice: {again}")

    def wait(self, *states):
        end = time.time() + WAIT_S
        while time.time() < end:
            if self.get()["state"] in states:
                return
            time.sleep(0.1)
        raise AssertionError(f"{self.order} isn't {states}: {self.get()}")

    def application(self, way, identity):
        base, phones = details(), {"operator": 2, "legal_person": 3, "delivery": 5}
        parts = {who: {**base[who], "phone": self.phone(n)} for who, n in phones.items()}
        parts["contacts"] = [{**base["contacts"][0], "phone": self.phone(4)}]
        parts["bank"] = {**base["bank"], "account": self.phone(6)}
        if way == "collected":
            parts["delivery"] = {"way": "pick-up"}
        if identity == "transfer":  # and so goes the first PIN
            parts["product"] = {**base["product"], "pin_way": "transfer"}
        return details(**parts)

    def ask(self, application):
        self.token = self.log_in()
        return self.want("order", self.world.call("POST", "/v1/orders", {"type": "new", "application": application},
                                                  token=self.token, key=new_key()), 201)

    def begin(self, way):
        """From the log-in to the payment code."""
        call, identity = self.world.call, self.IDENTITY.get(way, "phone")
        made = self.ask(self.application(way, identity))
        self.order, self.path = made["id"], "/v1/orders/" + made["id"]
        self.orders[self.order] = "AWAIT_PAY"
        wish = {"way": identity, **({"card": "4111111111111111"} if identity == "card" else {})}
        self.want("verification", call("POST", self.path + "/verification", wish, token=self.token, key=new_key()), 202)
        self.to = self.phone(6 if identity == "transfer" else 3)  # codes
        self.turn("/verification/code", {"code": self.code(self.to, 0)}, ("VERIFIED",))
        for kind in KINDS:
            self.want(kind, call("PUT", f"{self.path}/documents/{kind}", png(self.order + kind), token=self.token), 200)
        self.sign(1, "AWAIT_PAY")
        self.qr = self.want("payment", call("POST", self.path + "/payment", token=self.token, key=new_key()), 200)["qr_code"]

    def sign(self, codes_before, state):
        self.want("signature", self.world.call("POST", self.path + "/signature", {"version": self.get()["version"]},
                                               token=self.token, key=new_key()), 202)
        self.turn("/signature/code", {"code": self.code(self.to, codes_before)}, (state,))

    def pay(self):
        run(program("bjca-simd"), "--data", self.world.sim, "scan", self.qr, "--notices", str(random.choice((0, 1, 2))))
        self.wait("IN_REVIEW")

    def decide(self, state, *words):
        """A command may have done its work and said that it failed, when its database went away."""
        for _ in range(100):
            random.choice(self.world.daemons).admin("review", words[0], self.order, *words[1:], check=False)
            if self.get()["state"] == state:
                return
            time.sleep(0.2)
        raise AssertionError(f"{words}: {self.get()}")

    def produced(self, what, body, status=200, key=None, **members):
        got = self.world.call("POST", f"/v1/production/{self.order}{what}", body, token=self.world.producer, key=key)
        return self.want(f"production{what}", got, status, **members)

    def produce(self):
        """A key is made: the platform's part, each thing twice."""
        self.keys += 1
        serial, key = f"P{self.number}K{self.keys}", Key("sm2")
        begun = {"serial": serial, "dialect": "gmt0017", "shape": "direct"}
        secrets = self.produced("", begun)["secrets"]
        self.produced("", begun, resumed=True, secrets=secrets)
        certs = self.produced("/certificates", {"csr": b64(key.request)}, key=new_key())
        if self.produced("/certificates", {"csr": b64(key.request)}, key=new_key()) != certs:
            raise AssertionError(f"{serial} was issued twice")
        number = serial_of(base64.b64decode(certs["sign_certificate"]))
        proof = {"signature": b64(key.sign(signed("production-report", ORIGIN, self.order, serial, number)))}
        self.produced("/confirmation", proof)
        self.produced("/confirmation", proof)
        return serial

    def collected(self):
        self.pay()
        self.decide("APPROVED", "approve")
        self.produce()
        self.wait("READY")
        body = {"name": "测试经办人", "id_number": OPERATOR_ID}
        self.produced("/handover", body, key=new_key(), state="DONE")
        self.produced("/handover", body, 409, key=new_key(), code="order-state")
        self.orders[self.order] = "DONE"

    def sent(self):
        self.pay()
        self.decide("REJECTED", "reject", "--reason", "营业执照不清晰")
        self.want("clearer", self.world.call("PUT", self.path + "/documents/licence", png(self.order + "clearer"),
                                             token=self.token), 200)
        self.turn("/submission", {"version": self.get()["version"]}, ("UPLOADED",))
        self.sign(2, "IN_REVIEW")
        self.decide("APPROVED", "approve")
        first = self.produce()
        self.produced("/aside", {"reason": "指示灯不亮"}, key=new_key(), state="PRODUCING")
        if self.produce() == first:
            raise AssertionError("the same key")
        body = {"courier": "顺丰速运", "tracking": f"SF{self.number:04d}{self.rounds:06d}"}
        for _ in range(2):
            self.produced("/shipment", body, key=new_key(), state="SHIPPED")
        self.orders[self.order] = "SHIPPED"

    def refunded(self):
        self.pay()
        version = self.get()["version"]
        for _ in range(2):
            self.world.call("POST", self.path + "/cancel", {"version": version}, token=self.token)
        self.wait("REFUNDED")
        self.orders[self.order] = "REFUNDED"

    def returned(self):
        """By staff, whose command is cut off at one or the other point of its work, too, and said again."""
        self.pay()
        self.decide("APPROVED", "approve")
        cut = {"LD_PRELOAD": os.path.join(BUILD, "libcut.so"), "BJCA_CUT": f"{self.world.cut}:{random.randint(1, 24)}"}
        for n in range(100):
            got = random.choice(self.world.daemons).admin("order", "refund", self.order, check=False, env={} if n else cut)
            if got.returncode == 0 or self.get()["state"] == "REFUNDED":
                break
            time.sleep(0.2)
        self.wait("REFUNDED")
        self.orders[self.order] = "REFUNDED"

    def cancelled(self):
        self.turn("/cancel", {"version": self.get()["version"]}, ("CANCELLED",))
        scan = run(program("bjca-simd"), "--data", self.world.sim, "scan", self.qr, check=False)
        if scan.returncode == 0:  # paid before the provider was told: it goes back
            self.wait("REFUNDED")
        self.orders[self.order] = self.get()["state"]


class Renewer(Applicant):
    """A customer whose next certificate is to have another company name: it is reviewed before it is issued."""

    def __init__(self, world, number):
        super().__init__(world, number, ("renewed",))
        self.holder = Customer(world, number)

    def ask(self, application, renamed=True):
        self.key = self.holder.issue("sm2")
        self.token = self.holder.log_in(self.key)
        if renamed:
            application["company"]["name"] = "另一科技有限公司"
        return self.want("order", self.world.call("POST", "/v1/orders", {
            "type": "renewal", "org_code": ORG_CODE, "application": application}, token=self.token, key=new_key()), 201)

    def renewed(self):
        self.pay()
        self.decide("REJECTED", "reject", "--reason", "营业执照不清晰")
        self.turn("/submission", {"version": self.get()["version"]}, ("IN_REVIEW",))
        self.decide("APPROVED", "approve")
        self.holder.download(self.order, self.token, self.key.kind)
        self.orders[self.order] = "DONE"


class Enroller(Customer):
    """A program that renews its certificate by EST, and whose owner pays."""

    def round(self):
        self.enroll(self.issue("rsa"))

    def est(self, method, operation, key, data=None):
        pem = key.file + ".pem"
        if not os.path.exists(pem):
            with open(pem, "wb") as f:
                f.write(run("openssl", "x509", "-inform", "DER", data=key.cert).stdout)
        tls = ssl.create_default_context(cafile=self.world.ca_file)
        tls.load_cert_chain(pem, key.file)
        end = time.time() + WAIT_S
        while time.time() < end:
            line = http.client.HTTPSConnection("127.0.0.1", random.choice(self.world.daemons).est_port, context=tls, timeout=30)
            try:
                line.request(method, "/.well-known/est/" + operation, data,
                             {"Content-Type": "application/pkcs10"} if data else {})
                answer = line.getresponse()
                got = answer.status, answer.read()
                if got[0] < 500:
                    return got
                if got[0] != 503:
                    self.world.odd.append((method, operation, *got))
            except (OSError, http.client.HTTPException):
                pass
            finally:
                line.close()
            time.sleep(0.2)
        raise AssertionError(f"no answer to {operation}")

    def enroll(self, key):
        fresh = Key("rsa")
        status, body = self.est("GET", "cacerts", key)
        out = fresh.file + ".request"
        run("openssl", "x509", "-x509toreq", "-in", key.file + ".pem", "-signkey", fresh.file, "-out", out)
        csr = base64.encodebytes(run("openssl", "req", "-in", out, "-outform", "DER").stdout)
        status, body = self.est("POST", "simplereenroll", key, csr)
        if status != 202:
            raise AssertionError(f"simplereenroll: {status} {body}")
        order = body.decode().split(" ")[0]
        self.orders[order] = "DONE"
        self.pay(order, self.log_in(key))
        got = self.est("POST", "simplereenroll", key, csr)
        if got[0] != 200 or self.est("POST", "simplereenroll", key, csr) != got:
            raise AssertionError(f"simplereenroll: {got}")
        pem = run("openssl", "pkcs7", "-inform", "DER", "-print_certs", data=base64.b64decode(got[1])).stdout
        fresh.cert = run("openssl", "x509", "-outform", "DER", data=pem).stdout
        if self.est("GET", "cacerts", fresh)[0] != 200:
            raise AssertionError("cacerts")
