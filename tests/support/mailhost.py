# SPDX-License-Identifier: Apache-2.0
"""A real mail server for end-to-end tests."""
import email
import email.policy
import pwd
import socket

from platformhost import *  # noqa: F403


class MailServer:
    """Exim on a free port, with TLS and a folder of its own; what it takes stays in its spool."""

    def __init__(self, name="mail"):
        self.folder = os.path.join(work, name)
        spool = os.path.join(self.folder, "spool")
        os.makedirs(spool)
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", os.path.join(self.folder, "key.pem"),
            "-out", os.path.join(self.folder, "cert.pem"))
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.port = s.getsockname()[1]
        config = os.path.join(self.folder, "exim.conf")
        with open(config, "w") as f:
            f.write(f"""spool_directory = {spool}
log_file_path = {self.folder}/%slog
primary_hostname = mail.example
local_interfaces = 127.0.0.1
daemon_smtp_ports = {self.port}
pid_file_path = {self.folder}/pid
tls_advertise_hosts = *
tls_certificate = {self.folder}/cert.pem
tls_privatekey = {self.folder}/key.pem
queue_only = true
never_users =
acl_smtp_rcpt = rcpt
acl_smtp_data = accept
begin acl
rcpt:
  deny condition = ${{if eq{{$local_part}}{{refused}}}}
       message = nobody of that name
  deny condition = ${{if !def:tls_in_cipher}}
       message = not without TLS
  accept
begin routers
all:
  driver = accept
  transport = none
begin transports
none:
  driver = appendfile
  file = /dev/null
""")
        if os.getuid() == 0:  # it becomes its own user then
            user = pwd.getpwnam("Debian-exim")
            os.chmod(work, 0o711)
            for folder, names, files in os.walk(self.folder):
                for name in ["", *files]:
                    os.chown(os.path.join(folder, name), user.pw_uid, user.pw_gid)
            os.chown(config, 0, 0)
        self.process = subprocess.Popen(["/usr/sbin/exim4", "-bdf", "-q1h", "-C", config], stdin=subprocess.DEVNULL,
                                        stdout=open(os.path.join(work, "exim.out"), "ab"), stderr=subprocess.STDOUT)
        started.append(self.process)
        if not until(self.answers):
            raise SystemExit("no mail server: " + open(os.path.join(work, "exim.out")).read())

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as s:
                return s.recv(100).startswith(b"220")
        except OSError:
            return False

    def messages(self):
        """What it has taken, as (recipients, message), oldest first."""
        found = []
        for folder, _, names in os.walk(os.path.join(self.folder, "spool/input")):
            for name in sorted(n for n in names if n.endswith("-H")):
                head = open(os.path.join(folder, name), "rb").read().decode()
                body = open(os.path.join(folder, name[:-1] + "D"), "rb").read().decode().split("\n", 1)[1]
                first, lines = head.split("\n\n", 1)
                lines = re.sub(r"(?m)^\d{3}[A-Z* ] ", "", lines)
                found.append((name, re.findall(r"(?m)^(\S+@\S+)$", first)[-1:],
                              email.message_from_string(lines.rstrip("\n") + "\n\n" + body, policy=email.policy.default)))
        return [(to, message) for _, to, message in sorted(found, key=lambda x: x[0])]

    def to(self, address):
        return [m for to, m in self.messages() if to == [address]]


def config_of(mail):
    return {"url": f"smtp://127.0.0.1:{mail.port}", "from": "platform@example.com", "name": "示例平台",
            "ca-file": os.path.join(mail.folder, "cert.pem")}
