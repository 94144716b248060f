"""nginx and Caddy with the files of `deploy/`, on ports of their own, with a certificate of our own."""

import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.engines import free_port
from tests.winebox.process import WAIT_SECONDS
from winebox.environment import BASE_DIR

NAMES = ("nginx", "caddy")
NAME = "localhost"


@dataclass(kw_only=True)
class Proxy:
    name: str
    http_port: int
    https_port: int
    certificate: Path

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.https_port}"

    def connect(self) -> HTTPSConnection:
        context = ssl.create_default_context(cafile=str(self.certificate))
        return HTTPSConnection(NAME, self.https_port, timeout=WAIT_SECONDS, context=context)

    def connect_plainly(self) -> HTTPConnection:
        return HTTPConnection(NAME, self.http_port, timeout=WAIT_SECONDS)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[HTTPResponse, bytes]:
        connection = self.connect()
        connection.request("GET", path, headers=dict(headers or {}))
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response, body


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for this machine, good for an hour, and its key; return their paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "fullchain.pem", folder / "privkey.pem"
    paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def free_proxy(name: str, folder: Path) -> Proxy:
    """Return a proxy that is not running yet, so that a site can be told its address."""
    folder.mkdir(exist_ok=True)
    certificate, _key = make_certificate(folder)
    return Proxy(name=name, http_port=free_port(), https_port=free_port(), certificate=certificate)


@contextmanager
def running(proxy: Proxy, *, upstream: str, changes: Mapping[str, str] = {}) -> Iterator[Proxy]:
    """Run the proxy before the server at `upstream` (host:port) until the block ends.

    `changes` are words of its file in `deploy/` that are exchanged, such as a minute for a second.
    """
    folder = proxy.certificate.parent
    command = (_nginx if proxy.name == "nginx" else _caddy)(proxy, folder, upstream, changes)
    env = {**os.environ, "HOME": str(folder), "XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", env=env)
    try:
        _wait_until_it_answers(proxy, process, folder / "log")
        yield proxy
    finally:
        # Asked first, because a worker of nginx outlives a master that was killed.
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_it_answers(proxy: Proxy, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
        try:
            proxy.get("/robots.txt")
            return
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.05)
    raise AssertionError(f"{proxy.name} did not start:\n{log.read_text()}")


def _replaced(file: str, changes: Mapping[str, str]) -> str:
    """Return the file of `deploy/` with what only fits a real machine exchanged; each of these has to be there."""
    text = (BASE_DIR / "deploy" / file).read_text()
    for old, new in changes.items():
        assert old in text, f"{file} has no {old!r}"
        text = text.replace(old, new)
    return text


def _nginx(proxy: Proxy, folder: Path, upstream: str, changes: Mapping[str, str]) -> list[str]:
    listen = f"127.0.0.1:{proxy.https_port} ssl http2"
    site = _replaced(
        "nginx.conf",
        {
            "return 301 https://wine.example.org": f"return 301 {proxy.url}",
            "/etc/letsencrypt/live/wine.example.org": str(folder),
            "wine.example.org": NAME,
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "listen 80;": f"listen 127.0.0.1:{proxy.http_port};",
            "listen 443 ssl http2;": f"listen {listen};",
            "127.0.0.1:8000": upstream,
            **changes,
        },
    )
    (folder / "site.conf").write_text(site)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; worker_processes 1; pid {folder}/pid; events {{ worker_connections 1024; }}\n"
        f"http {{ access_log off; {temporary} include {folder}/site.conf; }}\n"
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    return [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]


def _caddy(proxy: Proxy, folder: Path, upstream: str, changes: Mapping[str, str]) -> list[str]:
    ports = f"\tadmin off\n\tskip_install_trust\n\thttp_port {proxy.http_port}\n\thttps_port {proxy.https_port}\n"
    site = _replaced(
        "Caddyfile",
        {
            "{\n\tgrace_period": f"{{\n{ports}\tgrace_period",
            "\nwine.example.org {\n": f"\n{NAME} {{\n\ttls {folder}/fullchain.pem {folder}/privkey.pem\n",
            "127.0.0.1:8000": upstream,
            **changes,
        },
    )
    (folder / "Caddyfile").write_text(site)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
