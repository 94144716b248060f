"""What the environment may say, and what it gets for saying something else."""

from pathlib import Path
from typing import Any

import pytest

from winebox.environment import BASE_DIR, VARIABLES, SettingsError, read, table

KEY = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"


def settings(**names: str) -> dict[str, Any]:
    given = {"SECRET_KEY": KEY, **names}
    return read({f"WINEBOX_{name}": value for name, value in given.items()})


def refusal(**names: str) -> str:
    with pytest.raises(SettingsError) as caught:
        settings(**names)
    return str(caught.value)


def test_only_the_secret_key_has_to_be_given() -> None:
    assert settings()["SECRET_KEY"] == KEY


def test_an_empty_value_is_the_same_as_none() -> None:
    assert settings(MAX_UPLOAD_MB="")["MAX_UPLOAD_MB"] == 10


def test_without_a_secret_key_nothing_starts() -> None:
    with pytest.raises(SettingsError, match=r"^WINEBOX_SECRET_KEY is missing: `manage.py setup` writes one"):
        read({})


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("short", "at least 32 characters"),
        ("abcabcabcabcabcabcabcabcabcabcabcabcabc", "at least 10 different characters"),
        ("django-insecure-0123456789abcdefghijklmnop", "is a placeholder"),
        ("change-me-0123456789-abcdefghijklmnop-now", "is a placeholder"),
        ("your_secret_key_goes_here_0123456789abcdef", "is a placeholder"),
    ],
)
def test_a_weak_secret_key_is_refused_and_not_repeated(key: str, reason: str) -> None:
    message = refusal(SECRET_KEY=key)
    assert reason in message
    assert key not in message


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DEBUG", "maybe", 'must be true or false, not "maybe"'),
        ("MAX_UPLOAD_MB", "ten", 'must be a whole number from 1 to 100, not "ten"'),
        ("MAX_UPLOAD_MB", "0", "must be a whole number from 1 to 100"),
        ("MAX_UPLOAD_MB", "१०", "must be a whole number from 1 to 100"),
        ("MAX_UPLOAD_MB", "9" * 5000, "must be a whole number from 1 to 100"),
        ("TRUSTED_PROXIES", "-1", "must be a whole number from 0 to 10"),
        ("SITE_URL", "wine.example.org", "must begin with http:// or https://"),
        ("SITE_URL", "https://wine.example.org/cellar", "without a path"),
        ("SITE_URL", "https://wine.example.org:port", "must begin with http:// or https://"),
        ("SITE_URL", "https://user@wine.example.org", "without a path"),
        ("SITE_URL", "https://", "without a path"),
        ("ALLOWED_HOSTS", "*", "must be host names separated by commas"),
        ("ALLOWED_HOSTS", "https://wine.example.org", "must be host names separated by commas"),
        ("CSRF_TRUSTED_ORIGINS", "wine.example.org", "must begin with http:// or https://"),
        ("DATABASE_URL", "mysql://user:hunter2hunter2@host/name", "must begin with sqlite:// or postgres://"),
        ("DATABASE_URL", "postgres://user:hunter2hunter2@host", "must end with the name of the database"),
        ("REDIS_URL", "http://host", "must begin with redis://"),
        ("MEDIA_URL", "/photos", "must begin with s3://"),
        ("MEDIA_URL", "s3://", "must name a bucket"),
        ("EMAIL_URL", "ses://key:secret@eu-west-1", "must be ses://"),
        ("EMAIL_URL", "pigeon://coop", "must begin with smtp://"),
        ("EMAIL_URL", "smtp://", "must name a mail server"),
        ("EMAIL_FROM", "nobody", "must be an e-mail address"),
        ("SECURITY_CONTACT", "http://plain.example", "must be an e-mail address"),
        ("SECURITY_CONTACT", "javascript:alert(1)", "must be an e-mail address"),
        ("ANTHROPIC_PRICE", "cheap", "must be two amounts of US dollars such as 2/10"),
        ("ANTHROPIC_PRICE", "2/-1", "must be two amounts of US dollars such as 2/10"),
        ("ANTHROPIC_BASE_URL", "example.org", "must begin with http:// or https://"),
        ("TIME_ZONE", "Mars/Olympus", "must be a time zone"),
        ("CURRENCY", "euro", "must be three capital letters"),
        ("LANGUAGE", "klingon", "must be a language"),
        ("LOG_FORMAT", "xml", "must be one of text, json"),
    ],
)
def test_a_malformed_value_is_refused_in_one_sentence(name: str, value: str, reason: str) -> None:
    message = refusal(**{name: value})
    assert message.startswith(f"WINEBOX_{name} ")
    assert reason in message
    assert "\n" not in message
    assert "hunter2" not in message


def test_the_data_folder_cannot_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "must be a folder" in refusal(DATA_DIR=str(tmp_path / "file"))


@pytest.mark.parametrize(
    ("name", "value", "meaning"),
    [
        ("DEBUG", "True", True),
        ("DEBUG", "off", False),
        ("SITE_URL", "https://Wine.Example.org/", "https://wine.example.org"),
        ("SITE_URL", "http://192.168.1.20:8000", "http://192.168.1.20:8000"),
        ("SITE_URL", "http://[::1]:8000", "http://[::1]:8000"),
        ("ALLOWED_HOSTS", "cellar.lan, 192.168.1.20,[fd00::1]", ["cellar.lan", "192.168.1.20", "[fd00::1]"]),
        ("CSRF_TRUSTED_ORIGINS", "https://a.example.org,http://b:81", ["https://a.example.org", "http://b:81"]),
        ("EMAIL_FROM", "The cellar <cellar@example.org>", "The cellar <cellar@example.org>"),
        ("SECURITY_CONTACT", "ada@example.org", "mailto:ada@example.org"),
        ("SECURITY_CONTACT", "mailto:ada@example.org", "mailto:ada@example.org"),
        ("SECURITY_CONTACT", "https://example.org/holes", "https://example.org/holes"),
        ("LANGUAGE", "en-GB", "en-gb"),
        ("MEDIA_URL", "s3://bucket/prefix", "s3://bucket/prefix"),
        ("SECRET_KEY_FALLBACKS", f"{KEY}, {KEY[::-1]}", [KEY, KEY[::-1]]),
    ],
)
def test_a_good_value_is_understood(name: str, value: str, meaning: object) -> None:
    assert settings(**{name: value})[name] == meaning


def test_an_unknown_name_is_refused_with_the_one_that_was_probably_meant() -> None:
    assert refusal(SITEURL="https://wine.example.org") == (
        "WINEBOX_SITEURL is not a setting of WineBox. Did you mean WINEBOX_SITE_URL?"
    )


def test_names_of_other_programs_do_not_matter() -> None:
    assert read({"WINEBOX_SECRET_KEY": KEY, "DEBUG": "maybe", "DATABASE_URL": "nonsense"})["DEBUG"] is False


@pytest.mark.parametrize("variable", [variable for variable in VARIABLES if variable.secret], ids=lambda v: v.name)
def test_every_secret_may_come_from_a_file(variable: Any, tmp_path: Path) -> None:
    value = {
        "DATABASE_URL": "postgres://user:secret@host/name",
        "REDIS_URL": "redis://host",
        "EMAIL_URL": "smtp://host",
    }.get(variable.name, KEY)
    file = tmp_path / "secret"
    file.write_text(f"{value}\n")
    given = {"WINEBOX_SECRET_KEY": KEY} if variable.name != "SECRET_KEY" else {}
    assert read(given | {variable.file_name: str(file)})[variable.name] in (value, [value])


def test_a_secret_file_that_is_missing_is_told() -> None:
    message = refusal(DATABASE_URL_FILE="/does/not/exist")
    assert message == "WINEBOX_DATABASE_URL_FILE: the file /does/not/exist cannot be read (No such file or directory)."


def test_a_secret_file_that_is_empty_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert "is empty" in refusal(DATABASE_URL_FILE=str(tmp_path / "empty"))


def test_a_secret_cannot_be_given_twice(tmp_path: Path) -> None:
    assert "are both set: keep one of them" in refusal(SECRET_KEY_FILE=str(tmp_path))


def test_what_is_no_secret_cannot_come_from_a_file() -> None:
    assert "WINEBOX_DEBUG_FILE is not a setting" in refusal(DEBUG_FILE="/tmp/debug")


def test_the_documentation_lists_every_name_as_the_code_knows_it() -> None:
    assert table() in (BASE_DIR / "docs" / "configuration.md").read_text()


def test_the_example_file_names_only_what_exists() -> None:
    known = {variable.full_name for variable in VARIABLES}
    lines = (BASE_DIR / ".env.example").read_text().splitlines()
    assert {line.strip("# ").partition("=")[0] for line in lines if "WINEBOX_" in line.partition("=")[0][:9]} <= known


@pytest.mark.parametrize(
    "name", [".env", ".env.local", "data/winebox.sqlite3", "old.sqlite3", "key.pem", "server.key", "media/a.jpg"]
)
def test_what_must_stay_private_is_never_committed(name: str) -> None:
    import subprocess

    ignored = subprocess.run(["git", "check-ignore", "--no-index", "-q", name], cwd=BASE_DIR, check=False)
    assert ignored.returncode == 0
