# SPDX-License-Identifier: Apache-2.0
"""For end-to-end tests of orders for new certificates: what a customer fills in, and the log-in without a
certificate."""
import re
import struct
import zlib

from platformhost import *  # noqa: F403

ORG_CODE, OTHER_ORG = "91110108MA0123456G", "91350100M000100Y43"
APPLICANT, OPERATOR, LEGAL = "13600000001", "13600000002", "13600000003"
LEGAL_ID, OPERATOR_ID = "11010519491231002X", "E7654321"
ACCOUNT = "0200001019201234567"
# of persons: nowhere in clear
PERSONAL = [APPLICANT, OPERATOR, LEGAL, LEGAL_ID, OPERATOR_ID, ACCOUNT, "13600000004", "13600000005", "测试法人",
            "测试经办人", "测试收件人", "测试联系人", "operator@example.com", "contact@example.com"]


def details(**parts):
    """All that is to be filled in; parts replace."""
    whole = {
        "company": {"name": ORG, "address": "北京市示例路1号", "phone": "010-12345678"},
        "legal_person": {"name": "测试法人", "id_type": "citizen", "id_number": LEGAL_ID, "phone": LEGAL},
        "operator": {"name": "测试经办人", "id_type": "passport", "id_number": OPERATOR_ID, "phone": OPERATOR,
                     "email": "operator@example.com"},
        "product": {"algorithm": "sm2", "years": 1, "pin_way": "sms"},
        "delivery": {"way": "post", "recipient": "测试收件人", "phone": "13600000004", "address": "北京市示例路2号"},
        "invoice": {"kind": "normal", "email": "invoice@example.com"},
        "bank": {"name": "示例银行", "account": ACCOUNT},
        "contacts": [{"name": "测试联系人", "phone": "13600000005", "email": "contact@example.com"}],
    }
    whole.update(parts)
    return {k: v for k, v in whole.items() if v is not None}


def code_in(text):
    found = re.search(r"[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}", text)
    return found.group() if found else None


def ask_code(p, org=ORG_CODE, phone=APPLICANT):
    return p.post("/v1/customer-codes", {"org_code": org, "phone": phone}, key=new_key())


def new_code(p, phone, before):
    """The first code after so many messages: what an order tells may come between."""
    found = lambda: [code for code in map(code_in, p.messages(phone)[before:]) if code]
    if not until(found):
        raise SystemExit(f"no code to {phone}")
    return found()[0]


def customer(p, org=ORG_CODE, phone=APPLICANT):
    """A bearer token of organisation code and phone."""
    before = len(p.messages(phone))
    status, asked = ask_code(p, org, phone)
    if status != 202:
        raise SystemExit(f"no code: {asked}")
    got = p.post("/v1/customer-sessions", {"id": asked["id"], "code": new_code(p, phone, before), "org_code": org})
    if got[0] != 201:
        raise SystemExit(f"no session: {got}")
    return got[1]["token"]


def apply(p, token, **parts):
    return p.post("/v1/orders", {"type": "new", "application": details(**parts)}, token=token, key=new_key())


def order_of(p, token, order):
    return p.get(f"/v1/orders/{order}", token=token)[1]


def verify(p, token, order, way="phone", **more):
    return p.post(f"/v1/orders/{order}/verification", {"way": way, **more}, token=token, key=new_key())


def verified_as(p, token, order, state):
    """Waits until the order's verification is so."""
    return until(lambda: order_of(p, token, order).get("verification", {}).get("state") == state)


def verified(p, token, order):
    """Through the verification by the legal person's phone, in place of one that is under way."""
    until(lambda: not ask_db(p, "SELECT 1 FROM outbox WHERE kind IN ('identity', 'sms') AND state = 'pending'"))
    before = len(p.messages(LEGAL))
    verify(p, token, order)
    got = p.post(f"/v1/orders/{order}/verification/code", {"code": new_code(p, LEGAL, before)}, token=token)
    if got[0] != 200:
        raise SystemExit(f"not verified: {got}")
    return got[1]


KINDS = ("licence", "operator-id-front", "operator-id-back", "seal-sheet")


def png(mark):
    """A picture of a few bytes; others for another mark."""
    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"tEXt", b"Comment\0" + mark.encode()) +
            chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b""))


def put_document(p, token, order, kind, data):
    return p.call("PUT", f"/v1/orders/{order}/documents/{kind}", raw=data, token=token,
                  headers={"Content-Type": "application/octet-stream"})


def uploaded(p, token, order):
    """With all documents; each order has its own."""
    for kind in KINDS:
        got = put_document(p, token, order, kind, png(order + kind))
        if got[0] != 200:
            raise SystemExit(f"not uploaded: {got}")
    return got[1]


def sign(p, token, order, version=None):
    version = order_of(p, token, order)["version"] if version is None else version
    return p.post(f"/v1/orders/{order}/signature", {"version": version}, token=token, key=new_key())


def enter_signature(p, token, order, code):
    return p.post(f"/v1/orders/{order}/signature/code", {"code": code}, token=token)


def signed_order(p, token, order):
    """Signed by the code to the legal person's phone: to be paid, or, when it is by now, in review."""
    before = len(p.messages(LEGAL))
    sign(p, token, order)
    got = enter_signature(p, token, order, new_code(p, LEGAL, before))
    if got[0] != 200:
        raise SystemExit(f"not signed: {got}")
    return got[1]


def paid(p, token, order):
    """Paid by scanning, and learnt."""
    status, got = p.post(f"/v1/orders/{order}/payment", token=token, key=new_key())
    if status != 200 or p.sim("scan", got["qr_code"], check=False).returncode:
        raise SystemExit(f"not paid: {got}")
    until(lambda: order_of(p, token, order)["state"] != "AWAIT_PAY")
    return order_of(p, token, order)


def in_review(p, token, **parts):
    """A new order, all the way to its review."""
    order = apply(p, token, **parts)[1]["id"]
    verified(p, token, order)
    uploaded(p, token, order)
    signed_order(p, token, order)
    return paid(p, token, order)


def move_end(p, key, to):
    """A certificate of the past can't be issued, so its end is moved in the register."""
    ask_db(p, "UPDATE certificates SET not_after = ? WHERE id = ?", to, f"{key.kind}:" + serial_of(key.cert))


def renew_reviewed(p, token, key, **parts):
    product = {"algorithm": key.kind, "years": 1, "pin_way": "sms"}
    return p.post("/v1/orders", {"type": "renewal", "org_code": ORG_CODE, "application": details(product=product, **parts)},
                  token=token, key=new_key())


def certify(p, token, order, key):
    return p.post(f"/v1/orders/{order}/certificates", {"csr": b64(key.request)}, token=token, key=new_key())


GENEROUS = {"verify-per-day": 1000, "phone-per-minute": 1000, "phone-per-hour": 1000, "phone-per-day": 1000, "address-per-hour": 1000,
            "orders-per-day": 1000, "notices-per-day": 1000}
