# SPDX-License-Identifier: Apache-2.0
"""Chromium and Firefox without a window, driven by what they have built in: DevTools over a pipe, and Marionette. Keys are
typed as a person does; scripts are run for looking alone."""
import base64
import json
import os
import socket
import subprocess
import tempfile
import time


class Chromium:
    def __init__(self, folder):
        (to, write), (read, back) = os.pipe(), os.pipe()
        words = ["chromium", "--headless=new", "--disable-gpu", "--ignore-certificate-errors", "--no-first-run", "--accept-lang=zh-CN",
                 "--remote-debugging-pipe", "--user-data-dir=" + tempfile.mkdtemp(dir=folder)]
        words += ["--no-sandbox"] if os.getuid() == 0 else []
        # the pipe is of the descriptors 3 and 4
        self.process = subprocess.Popen(["sh", "-c", f'exec "$@" 3<&{to} 4>&{back}', "sh", *words, "about:blank"],
                                        pass_fds=(to, back), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=open(os.path.join(folder, "chromium.log"), "wb"))
        os.close(to)
        os.close(back)
        self.write, self.read, self.count, self.session, self.told = write, os.fdopen(read, "rb"), 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Log", "Runtime"):
            self.call(domain + ".enable")

    def message(self):
        data = b""
        while not data.endswith(b"\0"):
            byte = self.read.read(1)
            if not byte:
                raise SystemExit("Chromium has ended")
            data += byte
        return json.loads(data[:-1])

    def call(self, method, **params):
        self.count += 1
        body = {"id": self.count, "method": method, "params": params}
        if self.session:
            body["sessionId"] = self.session
        os.write(self.write, json.dumps(body).encode() + b"\0")
        while True:
            got = self.message()
            if got.get("method") == "Log.entryAdded":
                self.told.append(got["params"]["entry"]["text"])
            if got.get("id") == self.count:
                if "error" in got:
                    raise SystemExit(f"{method}: {got['error']}")
                return got["result"]

    def go(self, url):
        self.call("Page.navigate", url=url)

    def look(self, script):
        got = self.call("Runtime.evaluate", expression=f"(() => {{ {script} }})()", returnByValue=True)
        return got["result"].get("value")

    def type(self, text):
        self.call("Input.insertText", text=text)

    def key(self, name):
        code = {"Tab": 9, "Enter": 13}[name]
        text = {"text": "\r"} if name == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=name, code=name, windowsVirtualKeyCode=code, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=name, code=name, windowsVirtualKeyCode=code)

    def picture(self, file):
        data = self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        open(file, "wb").write(base64.b64decode(data))

    def close(self):
        self.process.terminate()
        self.process.wait(30)


class Firefox:
    KEYS = {"Tab": "\ue004", "Enter": "\ue007"}

    def __init__(self, folder):
        profile = tempfile.mkdtemp(dir=folder)
        with open(profile + "/user.js", "w") as f:
            for name, value in (("marionette.port", 0), ("intl.accept_languages", "zh-CN"), ("browser.shell.checkDefaultBrowser", False),
                                ("datareporting.policy.dataSubmissionEnabled", False), ("app.normandy.enabled", False),
                                ("network.captive-portal-service.enabled", False), ("network.connectivity-service.enabled", False)):
                f.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
        self.log = os.path.join(folder, "firefox.log")
        self.process = subprocess.Popen(["firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", profile],
                                        stdin=subprocess.DEVNULL, stdout=open(self.log, "wb"), stderr=subprocess.STDOUT,
                                        env={**os.environ, "HOME": profile})
        self.count = 0
        self.socket = self.connect(profile + "/MarionetteActivePort")
        self.message()
        self.call("WebDriver:NewSession", acceptInsecureCerts=True)

    def connect(self, file):
        for _ in range(600):
            if os.path.exists(file) and open(file).read().strip():
                return socket.create_connection(("127.0.0.1", int(open(file).read())), timeout=60)
            time.sleep(0.1)
        raise SystemExit("no Firefox: " + open(self.log).read()[-2000:])

    def message(self):
        head = b""
        while not head.endswith(b":"):
            head += self.socket.recv(1)
        data, size = b"", int(head[:-1])
        while len(data) < size:
            data += self.socket.recv(size - len(data))
        return json.loads(data)

    def call(self, method, **params):
        self.count += 1
        body = json.dumps([0, self.count, method, params]).encode()
        self.socket.sendall(b"%d:%s" % (len(body), body))
        _, _, error, result = self.message()
        if error:
            raise SystemExit(f"{method}: {error}")
        return result

    def go(self, url):
        self.call("WebDriver:Navigate", url=url)

    def look(self, script):
        return self.call("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def keys(self, keys):
        actions = [{"type": kind, "value": k} for k in keys for kind in ("keyDown", "keyUp")]
        self.call("WebDriver:PerformActions", actions=[{"type": "key", "id": "keyboard", "actions": actions}])

    def type(self, text):
        self.keys(text)

    def key(self, name):
        self.keys([self.KEYS[name]])

    def picture(self, file):
        open(file, "wb").write(base64.b64decode(self.call("WebDriver:TakeScreenshot", full=True)["value"]))

    def close(self):
        self.process.terminate()
        self.process.wait(30)
