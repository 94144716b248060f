"""`make audit`: what is said about vulnerabilities, and when it is said."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.engines import free_port
from winebox.environment import BASE_DIR

pytestmark = pytest.mark.once

FLAW: dict[str, Any] = {
    "id": "GHSA-xxxx-yyyy-zzzz",
    "summary": "It lets everybody in.",
    "published": "2026-01-01T00:00:00Z",
    "modified": "2026-01-01T00:00:00Z",
    "aliases": [],
    "affected": [
        {
            "package": {"name": "corked", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


@contextmanager
def service_that_knows(*flaws: dict[str, Any]) -> Iterator[str]:
    """Speak the protocol of OSV on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"vulns": list(flaws)} if flaws else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def audit(folder: Path, url: str) -> subprocess.CompletedProcess[str]:
    requirements = folder / "requirements.txt"
    requirements.write_text(f"corked==1.0 --hash=sha256:{hashlib.sha256(b'').hexdigest()}\n")
    return subprocess.run(
        [sys.executable, str(BASE_DIR / ".ci" / "audit.py"), str(requirements), str(folder / "sbom.json")],
        env={**os.environ, "AUDIT_SERVICES": "osv", "OSV_URL": url},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_known_flaw_is_named_and_fails(tmp_path: Path) -> None:
    with service_that_knows(FLAW) as url:
        run = audit(tmp_path, url)
    assert run.returncode == 1
    assert "corked 1.0: GHSA-xxxx-yyyy-zzzz, repaired in 1.1" in run.stdout


def test_only_a_service_that_looked_says_that_there_is_none(tmp_path: Path) -> None:
    with service_that_knows() as url:
        run = audit(tmp_path, url)
    assert run.returncode == 0
    assert "No known vulnerabilities, says osv (1 packages)." in run.stdout


def test_where_no_service_answers_it_says_that_nothing_was_checked(tmp_path: Path) -> None:
    run = audit(tmp_path, f"http://127.0.0.1:{free_port()}/v1/query")
    assert "NOT CHECKED" in run.stdout
    assert "No known vulnerabilities" not in run.stdout + run.stderr


def test_the_bill_of_materials_names_each_package_with_its_hash(tmp_path: Path) -> None:
    audit(tmp_path, f"http://127.0.0.1:{free_port()}/v1/query")
    bill = json.loads((tmp_path / "sbom.json").read_text())
    assert bill["bomFormat"] == "CycloneDX"
    assert [(part["name"], part["version"]) for part in bill["components"]] == [("corked", "1.0")]
    assert "SHA-256" in json.dumps(bill["components"][0])


def test_every_package_is_pinned_with_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = (BASE_DIR / name).read_text().replace("\\\n", " ").splitlines()
        packages = [line for line in entries if line.strip() and not line.strip().startswith("#")]
        assert len(packages) > 20
        assert [line for line in packages if "==" not in line or "--hash=sha256:" not in line] == []


def test_the_audit_is_strict() -> None:
    assert '"--strict"' in (BASE_DIR / ".ci" / "audit.py").read_text()


def test_the_checks_that_run_before_a_change_lands_ask_too() -> None:
    assert "make audit" in (BASE_DIR / ".ci" / "run").read_text()
