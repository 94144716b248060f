"""The server as a household runs it: set up, started, asked, stopped."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.engines import free_port
from tests.winebox.process import KEY, WAIT_SECONDS, Site, environment, manage, serving
from winebox.environment import BASE_DIR
from winebox.server import BARE_HEADERS, MAX_HEADER_BYTES

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("serve")]

SLOW_APPLICATION = """
import os, time
os.environ["DJANGO_SETTINGS_MODULE"] = "winebox.settings"
import django
django.setup()
from winebox.server import Server

def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow/":
        print("answering", flush=True)
        while not os.path.exists(os.environ["GO_ON"]):
            time.sleep(0.02)
    start_response("200 OK", [("Content-Length", "4")])
    return [b"done"]

server = Server(application, host="127.0.0.1", port=0)
print(f"WineBox is ready at http://127.0.0.1:{server.port}/", flush=True)
server.run()
print("stopped", flush=True)
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which WineBox was set up, the way a household does it: with nothing prepared."""
    folder = tmp_path_factory.mktemp("installation")
    run = manage("setup", env=environment(folder))
    assert run.returncode == 0, run.stderr
    return folder


@pytest.fixture(scope="module")
def site(installation: Path) -> Iterator[Site]:
    with serving(installation, environment(installation)) as site:
        yield site


def test_setting_up_writes_a_private_key_and_can_be_repeated(installation: Path) -> None:
    env_file = installation / ".env"
    before = env_file.read_text()
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    assert manage("setup", env=environment(installation)).returncode == 0
    assert env_file.read_text() == before


def test_nothing_of_the_cellar_can_be_read_by_others(installation: Path) -> None:
    assert not stat.S_IMODE((installation / "data").stat().st_mode) & stat.S_IRWXO


def test_it_prints_the_address_and_a_set_up_link_that_works(site: Site) -> None:
    found = re.search(r"http://127\.0\.0\.1:\d+(/setup/[^/\s]+/)", site.printed())
    assert found, site.printed()
    assert site.get(found[1])[0] == 200


def test_it_answers(site: Site) -> None:
    assert site.get("/health/") == (200, b'{"status": "ok"}')


def test_it_does_not_tell_what_it_is_made_of(site: Site) -> None:
    connection = site.connect()
    connection.request("GET", "/health/")
    headers = connection.getresponse().headers
    connection.close()
    assert "Server" not in headers
    assert not re.search(r"waitress|django|python", str(headers), re.IGNORECASE)


def test_static_files_come_compressed_and_carry_the_headers(site: Site) -> None:
    connection = site.connect()
    connection.request("GET", "/static/css/tokens.css", headers={"Accept-Encoding": "br"})
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == 200
    assert response.headers["Content-Security-Policy"].count("'none'") == 4
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" not in response.headers["Cache-Control"]


def test_a_static_file_named_by_its_content_is_kept_for_ever_and_compressed(site: Site) -> None:
    page = site.get("/accounts/sign-in/")[1].decode()
    found = re.search(r"/static/css/tokens\.[0-9a-f]{12}\.css", page)
    assert found, page
    connection = site.connect()
    connection.request("GET", found[0], headers={"Accept-Encoding": "gzip, br"})
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.headers["Content-Encoding"] == "br"
    assert "immutable" in response.headers["Cache-Control"]


def test_a_body_that_is_too_large_is_refused_before_it_is_read(site: Site) -> None:
    connection = site.connect()
    connection.putrequest("POST", "/accounts/sign-in/")
    connection.putheader("Content-Length", str(10**12))
    connection.endheaders()
    response = connection.getresponse()
    assert response.status == 413
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert response.headers["X-Frame-Options"] == "DENY"
    assert "Server" not in response.headers
    connection.close()


REFUSED_BY_THE_SERVER = {
    400: b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    413: b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n",
    # As long as the limit to the byte: what came after it would be unread, and the system would cut the line.
    431: b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ".ljust(MAX_HEADER_BYTES, b"x"),
    501: b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
}


def send_raw(site: Site, sent: bytes) -> bytes:
    """Send bytes and return all that comes back."""
    host, port = site.address.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(sent)
        return b"".join(iter(lambda: raw.recv(65536), b""))


@pytest.mark.parametrize("status", REFUSED_BY_THE_SERVER)
def test_what_the_server_refuses_before_the_site_carries_the_headers_too(site: Site, status: int) -> None:
    head, _, body = send_raw(site, REFUSED_BY_THE_SERVER[status]).decode().partition("\r\n\r\n")
    lines = head.split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
    assert lines[0].startswith(f"HTTP/1.1 {status}") or lines[0].startswith(f"HTTP/1.0 {status}")
    for name, value in BARE_HEADERS.items():
        assert headers[name.lower()] == value
    assert uuid.UUID(headers["x-request-id"]).version == 4
    assert "server" not in headers
    assert not re.search(r"waitress|python", head + body, re.IGNORECASE)
    assert re.search(rf"request_id={headers['x-request-id']} .*status={status} ", site.printed())


def test_what_it_refuses_by_itself_tells_browsers_to_stay_with_https_too(installation: Path, tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, environment(installation, SITE_URL="https://wine.example.org"), port=port) as site:
        head = send_raw(site, REFUSED_BY_THE_SERVER[400]).decode()
    assert "\r\nStrict-Transport-Security: max-age=31536000; includeSubDomains\r\n" in head


IN_NO_ENCODING = {
    "an encoding of no text": ("/health/?q=%80", "text/plain; charset=rot13"),
    "one that cannot be read": ("/health/?q=%80", "multipart/form-data; boundary=x; charset=undefined"),
    "an unknown one, with a star": ("/health/", "text/plain; charset*=klingon''x"),
    "one with a star that cannot be read": ("/health/", "text/plain; charset*=idna''%80"),
    "an unknown one of the boundary": ("/health/", "multipart/form-data; boundary*=klingon''x"),
}


@pytest.mark.parametrize("kind", IN_NO_ENCODING)
def test_what_encoding_a_request_names_does_not_matter(site: Site, kind: str) -> None:
    path, content_type = IN_NO_ENCODING[kind]
    connection = site.connect()
    connection.request("GET", path, headers={"Content-Type": content_type})
    assert connection.getresponse().status == 200
    connection.close()


def test_too_many_parameters_are_refused_by_a_page_in_the_frame(site: Site) -> None:
    connection = site.connect()
    path = "/accounts/sign-in/?" + "a&" * 1001
    connection.request("GET", path, headers={"Content-Type": "text/plain; charset=utf-8"})
    response = connection.getresponse()
    assert (response.status, b"cannot be understood" in response.read()) == (400, True)
    connection.close()


def test_a_form_is_read_as_utf_8_with_or_without_files(site: Site) -> None:
    name = "ada\N{LATIN SMALL LETTER A WITH DIAERESIS}@example.org"
    token = {"Cookie": f"csrftoken={'a' * 32}"}
    fields = {"csrfmiddlewaretoken": "a" * 32, "email": name, "password": "x"}
    edge = "--x-y\r\nContent-Disposition: form-data; name="
    with_files = "".join(f'{edge}"{field}"\r\n\r\n{value}\r\n' for field, value in fields.items()) + "--x-y--\r\n"
    bodies = {
        "application/x-www-form-urlencoded; charset=latin-1": urlencode(fields),
        'multipart/form-data; charset=zlib; boundary="x-y"': with_files,
    }
    for content_type, body in bodies.items():
        connection = site.connect()
        headers = {**token, "Content-Type": content_type}
        connection.request("POST", "/accounts/sign-in/", body.encode(), headers)
        response = connection.getresponse()
        assert (response.status, f'value="{name}"' in response.read().decode()) == (422, True)
        connection.close()


def test_a_static_file_takes_no_form(site: Site) -> None:
    connection = site.connect()
    connection.request("POST", "/static/css/tokens.css", "a=b")
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == 405
    check_headers_of_a_static_file(response)


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/static/css/tokens.css", {}, 200),
        ("/static/css/tokens.css", {"Range": "bytes=0-9"}, 206),
        ("/static/css/tokens.css", {"Range": "bytes=9999999-"}, 416),
        ("/static/css/tokens.css", {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
        ("/static/css/nowhere.css", {}, 404),
        ("/static/../manage.py", {}, 404),
        ("/static/css/tokens.css?x=1", {"Host": "evil.example"}, 200),
        ("/static/css/nowhere.css", {"Host": "evil.example"}, 400),
    ],
)
def test_a_static_file_carries_the_headers_whatever_its_status(
    site: Site, path: str, headers: dict[str, str], status: int
) -> None:
    connection = site.connect()
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == status
    check_headers_of_a_static_file(response)


def check_headers_of_a_static_file(response: HTTPResponse) -> None:
    assert "default-src 'none'" in response.headers["Content-Security-Policy"].split("; ")
    for name in ("Permissions-Policy", "Cross-Origin-Embedder-Policy", "Cross-Origin-Resource-Policy", "X-Request-ID"):
        assert response.headers[name], name
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Server" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers


def test_proxy_headers_of_a_stranger_are_dropped(site: Site) -> None:
    connection = site.connect()
    connection.request("GET", "/health/", headers={"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Host": "evil.example"})
    assert connection.getresponse().status == 200
    connection.close()


def test_it_stops_at_once_when_nothing_is_running_and_starts_again(installation: Path) -> None:
    for _ in range(2):
        with serving(installation, environment(installation)) as site:
            assert site.get("/health/")[0] == 200
            started = time.monotonic()
            assert site.stop() == 0
            assert time.monotonic() - started < 5


def takes_connections(site: Site) -> bool:
    connection = site.connect()
    try:
        connection.connect()
    except (ConnectionRefusedError, ConnectionResetError):  # reset: in the moment in which the door is closed
        return False
    connection.close()
    return True


def test_sigterm_finishes_what_is_being_answered_and_takes_nothing_new(tmp_path: Path) -> None:
    env = environment(tmp_path, SECRET_KEY=KEY)
    log, go_on = tmp_path / "log", tmp_path / "go on"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", SLOW_APPLICATION],
            cwd=BASE_DIR,
            env={**env, "GO_ON": str(go_on)},
            stdout=output,
            stderr=output,
            text=True,
        )
    site = Site(process, log)
    answers: list[tuple[int, bytes]] = []
    asking = threading.Thread(target=lambda: answers.append(site.get("/slow/")))
    asking.start()
    while "answering" not in site.printed():
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGTERM)
    while takes_connections(site):
        time.sleep(0.02)
    assert answers == []
    go_on.touch()
    asking.join()
    assert answers == [(200, b"done")]
    assert process.wait(timeout=WAIT_SECONDS) == 0
    assert "stopped" in site.printed()


def refusal(*arguments: str, env: dict[str, str]) -> str:
    run = manage(*arguments, env=env)
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1, run.stderr
    return run.stderr


def test_a_port_that_is_taken_is_told_in_one_line(installation: Path) -> None:
    port = free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        message = refusal("serve", "--port", str(port), env=environment(installation))
    assert f"Cannot listen on 127.0.0.1 port {port}" in message


def test_a_database_that_is_not_set_up_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    assert "run `manage.py setup` first" in refusal("serve", env=environment(tmp_path, SECRET_KEY=KEY))


@pytest.mark.parametrize("command", ["serve", "setup"])
def test_a_database_that_is_away_is_told_in_one_line(command: str, tmp_path: Path) -> None:
    url = f"postgres://nobody@127.0.0.1:{free_port()}/nothing"
    message = refusal(command, env=environment(tmp_path, SECRET_KEY=KEY, DATABASE_URL=url))
    assert "The database does not answer" in message


def test_a_data_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    env = environment(tmp_path, SECRET_KEY=KEY, DATA_DIR=str(tmp_path / "file" / "data"))
    assert "cannot be made" in refusal("setup", env=env)


def test_its_threads_take_memory_from_one_heap() -> None:
    program = """
import ctypes, threading
from winebox.server import share_one_heap
share_one_heap()
malloc = ctypes.CDLL(None).malloc
threads = [threading.Thread(target=malloc, args=(10_000,)) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
ctypes.CDLL(None).malloc_stats()
"""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=BASE_DIR, env=env)
    assert re.findall(r"Arena \d+", done.stderr) == ["Arena 0"]
