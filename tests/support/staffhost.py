# SPDX-License-Identifier: Apache-2.0
"""For end-to-end tests of the staff: their accounts, their authenticator apps, their log-in."""
import hmac
import html.parser
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
            self.step = max(self.step + 1, now)  # good for half a minute at least
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


# --- pages --------------------------------------------------------------------------------------------
class Page(html.parser.HTMLParser):
    """What a browser makes of one: its text, forms and links; each tag that is opened is closed."""
    VOID = {"meta", "link", "input", "br", "img"}

    def __init__(self, status, headers, body):
        super().__init__()
        self.status, self.headers, self.body = status, headers, body
        self.open, self.wrong, self.forms, self.links, self.tags, self.text, self.heading = [], [], [], [], set(), "", ""
        if "html" in headers.get("Content-Type", ""):
            self.feed(body.decode())
            self.wrong += self.open
            self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.add(tag)
        if any(name.startswith("on") or name == "style" for name in attrs):
            self.wrong.append(f"{tag} {attrs}")
        if tag == "form":
            self.forms.append({"action": attrs.get("action"), "method": attrs.get("method"), "fields": {}})
        if tag == "input" and self.forms:
            self.forms[-1]["fields"][attrs.get("name")] = attrs.get("value", "")
            if attrs.get("type") != "hidden" and not attrs.get("id"):
                self.wrong.append(f"an input without a label: {attrs}")
        if tag == "img" and not attrs.get("alt"):
            self.wrong.append("a picture without words")
        if tag == "a":
            self.links.append(attrs.get("href"))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append("/" + tag)

    def handle_data(self, data):
        if self.open[-1:] == ["h1"]:
            self.heading += data
        self.text += data + " "

    def form(self, action):
        return next((f for f in self.forms if f["action"] == action), None)


class Browser:
    """Cookies and forms as a browser has them; each page is looked at for what all of them must have."""
    CSP = ("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none';"
           " base-uri 'none'")

    def __init__(self, p, lang="zh-CN"):
        self.p, self.lang, self.cookies, self.set = p, lang, {}, ""

    def ask(self, method, path, data=None, headers=None):
        request = urllib.request.Request(self.p.url + path, data=data, method=method)
        request.add_header("Accept-Language", self.lang)
        if self.cookies:
            request.add_header("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        for name, value in (headers or {}).items():
            request.add_header(name, value)
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=self.p.tls), NoRedirect)
        try:
            answer = opener.open(request, timeout=30)
        except urllib.error.HTTPError as e:
            answer = e
        self.set = answer.headers.get("Set-Cookie", "")
        if self.set:
            name, value = self.set.split(";")[0].split("=", 1)
            if "Max-Age=0" in self.set:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        page = Page(answer.status, answer.headers, answer.read())
        bare = path.split("?")[0]
        if routes.is_served(method, bare, SERVED):  # else it is a page that says so
            check_contract(method, bare, page.status, page.headers.get("Content-Type", ""), page.body)
        if "html" in page.headers.get("Content-Type", ""):
            self.look(method, path, page)
        return page

    def look(self, method, path, page):
        h = page.headers
        good = (h.get("Content-Security-Policy") == self.CSP and h.get("Cache-Control") == "no-store" and
                h.get("X-Content-Type-Options") == "nosniff" and h.get("Referrer-Policy") == "no-referrer" and
                "script" not in page.tags and not page.wrong and
                ("均为模拟" in page.text or "are simulated" in page.text))
        if not good:
            it(f"{method} {path} is a page as all are", False, (dict(h), page.wrong))

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, fields=None, headers=None, form_type="application/x-www-form-urlencoded"):
        origin = {"Origin": self.p.url} if headers is None else headers
        return self.ask("POST", path, urllib.parse.urlencode(fields or {}).encode(), {"Content-Type": form_type, **origin})

    def submit(self, page, action, fields=None):
        """The form of the page, filled in."""
        form = self.p and page.form(action)
        if not form:
            raise SystemExit(f"no form {action}: {page.text[:400]}")
        return self.post(action, {**form["fields"], **(fields or {})})

    def log_in(self, staff, password=PASSWORD):
        ask_db(self.p, "UPDATE staff SET totp_step = 0 WHERE name = ?", staff.name)
        staff.step = 0
        return self.submit(self.get("/admin/login"), "/admin/login",
                           {"name": staff.name, "password": password, "totp": staff.code()})


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *words):
        return None


def logged_in(p, staff, lang="zh-CN"):
    browser = Browser(p, lang)
    got = browser.log_in(staff)
    if got.status != 303:
        raise SystemExit(f"{staff.name} isn't logged in: {got.text}")
    return browser
