"""The secret key: made once, kept private, changed without signing anybody out."""

import stat
from pathlib import Path

import pytest

from tests.winebox.process import KEY, environment, manage
from winebox import keys
from winebox.environment import SettingsError
from winebox.values import secret_key


@pytest.fixture
def env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WINEBOX_ENV_FILE", str(tmp_path / ".env"))
    monkeypatch.delenv("WINEBOX_SECRET_KEY")
    return tmp_path / ".env"


def values(env_file: Path) -> dict[str, str]:
    lines = [line for line in env_file.read_text().splitlines() if "=" in line]
    return {line.partition("=")[0]: line.partition("=")[2] for line in lines}


def test_a_new_key_is_one_the_settings_accept_and_no_two_are_alike() -> None:
    made = {secret_key(keys.new_secret_key()) for _ in range(50)}
    assert len(made) == 50


def test_the_file_is_readable_by_its_owner_only(env_file: Path) -> None:
    keys.create_env_file()
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600
    secret_key(values(env_file)["WINEBOX_SECRET_KEY"])


def test_a_key_that_exists_is_kept(env_file: Path) -> None:
    keys.create_env_file()
    before = env_file.read_text()
    keys.create_env_file()
    assert env_file.read_text() == before


def test_a_copied_example_gets_its_key_and_keeps_its_lines(env_file: Path) -> None:
    env_file.write_text("# mine\nWINEBOX_SECRET_KEY=\nWINEBOX_CURRENCY=CHF\n")
    keys.create_env_file()
    assert env_file.read_text().startswith("# mine\nWINEBOX_CURRENCY=CHF\nWINEBOX_SECRET_KEY=")
    secret_key(values(env_file)["WINEBOX_SECRET_KEY"])


def test_no_key_is_written_where_it_comes_from_the_environment(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINEBOX_SECRET_KEY", KEY)
    keys.create_env_file()
    assert not env_file.exists()


def test_rotating_keeps_the_old_keys_as_fallbacks_newest_first(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file.write_text(f"WINEBOX_SECRET_KEY={KEY}\nWINEBOX_SECRET_KEY_FALLBACKS={KEY[::-1]}\nWINEBOX_CURRENCY=CHF\n")
    monkeypatch.setenv("WINEBOX_SECRET_KEY", KEY)
    keys.rotate()
    after = values(env_file)
    assert after["WINEBOX_SECRET_KEY"] not in (KEY, KEY[::-1])
    assert after["WINEBOX_SECRET_KEY_FALLBACKS"] == f"{KEY},{KEY[::-1]}"
    assert after["WINEBOX_CURRENCY"] == "CHF"
    assert stat.S_IMODE(env_file.stat().st_mode) == 0o600


def test_dropping_the_fallbacks_keeps_the_present_key(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file.write_text(f"WINEBOX_SECRET_KEY={KEY}\nWINEBOX_SECRET_KEY_FALLBACKS={KEY[::-1]}\n")
    monkeypatch.setenv("WINEBOX_SECRET_KEY", KEY)
    keys.drop_fallbacks()
    assert values(env_file) == {"WINEBOX_SECRET_KEY": KEY}


def test_a_key_from_elsewhere_is_not_rotated_in_the_file(env_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file.write_text(f"WINEBOX_SECRET_KEY={KEY}\n")
    monkeypatch.setenv("WINEBOX_SECRET_KEY", KEY[::-1])
    with pytest.raises(SettingsError, match="change it where it comes from"):
        keys.rotate()
    assert values(env_file) == {"WINEBOX_SECRET_KEY": KEY}


@pytest.mark.once
def test_a_key_is_printed_even_where_there_is_none_yet(tmp_path: Path) -> None:
    run = manage("generate_secret_key", env=environment(tmp_path))
    assert run.returncode == 0, run.stderr
    secret_key(run.stdout.strip())
    assert not (tmp_path / ".env").exists()


@pytest.mark.once
def test_the_commands_rotate_and_refuse_in_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"WINEBOX_SECRET_KEY={KEY}\n")
    (tmp_path / ".env").chmod(0o600)
    assert manage("rotate_secret_key", env=environment(tmp_path)).returncode == 0
    assert values(tmp_path / ".env")["WINEBOX_SECRET_KEY_FALLBACKS"] == KEY
    assert manage("rotate_secret_key", "--drop-fallbacks", env=environment(tmp_path)).returncode == 0
    refused = manage("rotate_secret_key", env=environment(tmp_path, SECRET_KEY=KEY))
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
