"""What the settings make of the environment: read by a Django of its own, as in a household."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.winebox.process import KEY, environment, manage
from winebox.environment import BASE_DIR

pytestmark = pytest.mark.once

SITE = "https://wine.example.org"


def read_settings(folder: Path, **names: str) -> dict[str, Any]:
    program = (
        "import json, winebox.settings as s; "
        "print(json.dumps({n: getattr(s, n) for n in dir(s) if n.isupper()}, default=str))"
    )
    env = environment(folder, SECRET_KEY=KEY, **names)
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=BASE_DIR,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    settings: dict[str, Any] = json.loads(run.stdout)
    return settings


def test_the_site_url_alone_turns_on_all_that_production_needs(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, SITE_URL=SITE)
    assert settings["ALLOWED_HOSTS"] == ["wine.example.org"]
    assert settings["CSRF_TRUSTED_ORIGINS"] == [SITE]
    assert settings["SECURE_SSL_REDIRECT"] is True
    assert settings["SECURE_HSTS_SECONDS"] == 31536000
    assert settings["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True
    assert settings["SECURE_HSTS_PRELOAD"] is False
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SESSION_COOKIE_NAME"] == "__Host-sessionid"
    assert settings["CSRF_COOKIE_NAME"] == "__Host-csrftoken"
    assert settings["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]
    assert settings["DEBUG"] is False


def test_each_part_of_production_can_be_set_alone(tmp_path: Path) -> None:
    settings = read_settings(
        tmp_path,
        SITE_URL=SITE,
        ENFORCE_HTTPS="false",
        HSTS_SECONDS="60",
        HSTS_PRELOAD="true",
        TRUSTED_PROXIES="0",
        ALLOWED_HOSTS="cellar.lan",
        CSRF_TRUSTED_ORIGINS="https://cellar.lan",
    )
    assert settings["SECURE_SSL_REDIRECT"] is False
    assert settings["SECURE_HSTS_SECONDS"] == 60
    assert settings["SECURE_HSTS_PRELOAD"] is True
    assert settings["ALLOWED_HOSTS"] == ["wine.example.org", "cellar.lan"]
    assert settings["CSRF_TRUSTED_ORIGINS"] == [SITE, "https://cellar.lan"]
    assert settings["SESSION_COOKIE_SECURE"] is True
    assert "SECURE_PROXY_SSL_HEADER" not in settings


def test_without_a_site_url_it_is_a_site_of_this_machine(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, ALLOWED_HOSTS="192.168.1.20")
    assert settings["ALLOWED_HOSTS"] == ["localhost", "127.0.0.1", "[::1]", "192.168.1.20"]
    assert settings["SECURE_SSL_REDIRECT"] is False
    assert settings["SECURE_HSTS_SECONDS"] == 0
    assert settings["SESSION_COOKIE_NAME"] == "sessionid"
    assert settings["SESSION_COOKIE_SECURE"] is False
    assert settings["TRUSTED_PROXIES"] == 0


def test_passwords_are_kept_with_argon2(tmp_path: Path) -> None:
    hashers = read_settings(tmp_path)["PASSWORD_HASHERS"]
    assert hashers[0] == "accounts.hashers.Argon2PasswordHasher"


def test_mail_goes_to_the_server_that_is_named(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, EMAIL_URL="smtp+tls://me:se%40cret@mail.example.org:587")
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert settings["EMAIL_HOST"] == "mail.example.org"
    assert settings["EMAIL_PORT"] == 587
    assert settings["EMAIL_HOST_USER"] == "me"
    assert settings["EMAIL_HOST_PASSWORD"] == "se@cret"
    assert settings["EMAIL_USE_TLS"] is True


def test_mail_is_printed_where_no_server_is_named(tmp_path: Path) -> None:
    settings = read_settings(tmp_path)
    assert settings["EMAIL_BACKEND"] == "django.core.mail.backends.console.EmailBackend"
    assert settings["MAIL_IS_SENT"] is False


def test_the_env_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WINEBOX_CURRENCY=CHF\nWINEBOX_TIME_ZONE=Europe/Zurich\n")
    settings = read_settings(tmp_path, CURRENCY="GBP")
    assert (settings["CURRENCY"], settings["TIME_ZONE"]) == ("GBP", "Europe/Zurich")


def test_the_checks_for_deployment_pass_in_production(tmp_path: Path) -> None:
    run = manage(
        "check", "--deploy", "--fail-level", "WARNING", env=environment(tmp_path, SECRET_KEY=KEY, SITE_URL=SITE)
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("command", ["check", "serve", "setup", "migrate"])
def test_a_wrong_setting_stops_every_command_with_one_line(command: str, tmp_path: Path) -> None:
    run = manage(command, env=environment(tmp_path, SECRET_KEY=KEY, MAX_UPLOAD_MB="ten"))
    assert run.returncode == 1
    assert run.stderr == 'WINEBOX_MAX_UPLOAD_MB must be a whole number from 1 to 100, not "ten".\n'
    assert run.stdout == ""


def test_the_server_never_invents_a_key(tmp_path: Path) -> None:
    run = manage("serve", env=environment(tmp_path))
    assert run.returncode == 1
    assert run.stderr.startswith("WINEBOX_SECRET_KEY is missing")
    assert not (tmp_path / ".env").exists()


def test_a_readable_env_file_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"WINEBOX_SECRET_KEY={KEY}\n")
    (tmp_path / ".env").chmod(0o644)
    run = manage("check", env=environment(tmp_path))
    assert "can be read by others" in run.stderr


def test_the_check_for_deployment_tells_of_an_sqlite_that_wants_one_process(tmp_path: Path) -> None:
    import sqlite3

    run = manage("check", "--deploy", env=environment(tmp_path, SECRET_KEY=KEY, SITE_URL=SITE))
    assert ("write-ahead log" in run.stderr + run.stdout) == (sqlite3.sqlite_version_info < (3, 51, 3))
