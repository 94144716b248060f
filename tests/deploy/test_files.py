"""The other files of `deploy/`: the environment, systemd's units, the container's health check."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from tests.engines import free_port
from tests.winebox.process import KEY, environment, manage, serving
from winebox.environment import BASE_DIR

pytestmark = [pytest.mark.once, pytest.mark.xdist_group("serve")]

DEPLOY = BASE_DIR / "deploy"
UNITS = sorted(path.name for path in (DEPLOY / "systemd").iterdir())
# systemd-analyze's "exposure", from 0 to 100; a unit that says nothing has 96.
HARDENED = "15"


def example(folder: Path) -> dict[str, str]:
    """Return the environment of somebody who copied the example, made a key, and has the data elsewhere."""
    file = folder / ".env"
    text = (DEPLOY / "winebox.env").read_text()
    assert text.count("WINEBOX_SECRET_KEY=\n") == 1
    file.touch(mode=0o600)
    file.write_text(text.replace("WINEBOX_SECRET_KEY=\n", f"WINEBOX_SECRET_KEY={KEY}\n"))
    return environment(folder)


def test_the_example_has_no_key_and_does_not_start_as_it_is(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "winebox.env", tmp_path / ".env")
    run = manage("check", env=environment(tmp_path))
    assert run.returncode == 1
    assert "WINEBOX_SECRET_KEY is missing" in run.stderr


def test_with_the_example_the_checks_for_deployment_pass(tmp_path: Path) -> None:
    run = manage("check", "--deploy", "--fail-level", "WARNING", env=example(tmp_path))
    assert run.returncode == 0, run.stderr


def test_with_the_example_and_after_setting_up_they_still_pass(tmp_path: Path) -> None:
    env = example(tmp_path)
    assert manage("setup", env=env).returncode == 0
    run = manage("check", "--deploy", "--fail-level", "WARNING", env=env)
    assert run.returncode == 0, run.stderr


# -- systemd -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, as they are where WineBox is installed here."""
    for name in UNITS:
        text = (DEPLOY / "systemd" / name).read_text()
        text = text.replace("/opt/winebox/.venv/bin/python", sys.executable).replace("/opt/winebox", str(BASE_DIR))
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.needs_systemd
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_wrong_with_a_unit(units: Path, name: str) -> None:
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(units / name)], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.needs_systemd
@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".service")])
def test_systemd_finds_each_service_well_locked_up(units: Path, name: str) -> None:
    run = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={HARDENED}", str(units / name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_each_timer_has_its_service_and_each_command_exists() -> None:
    for name in UNITS:
        text = (DEPLOY / "systemd" / name).read_text()
        if name.endswith(".timer"):
            assert name.replace(".timer", ".service") in UNITS
        else:
            commands = re.findall(r"manage\.py (\w+)", text)
            assert commands
            assert set(commands) <= set(get_commands())


# -- The container -----------------------------------------------------------------------------------------------------


def check_health(env: dict[str, str], port: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(DEPLOY / "healthcheck.py")],
        env={**env, "PORT": str(port)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_health_check_tells_a_site_that_is_well_from_one_that_is_not(tmp_path: Path) -> None:
    env, port = example(tmp_path), free_port()
    env["WINEBOX_SITE_URL"] = "https://wine.example.org"
    assert manage("setup", env=env).returncode == 0
    with serving(tmp_path, env, port=port):
        well = check_health(env, port)
        refused = check_health({**env, "WINEBOX_SITE_URL": "https://elsewhere.example"}, port)
    away = check_health(env, port)
    assert (well.returncode, well.stderr) == (0, "")
    assert (refused.returncode, refused.stderr) == (1, "WineBox answers 400.\n")
    assert away.returncode == 1
    assert "does not answer" in away.stderr


def test_the_image_takes_along_what_the_site_is_made_of_and_nothing_secret() -> None:
    copied = set(re.findall(r"^COPY (?!--from)(.+) /", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE))
    names = {name for line in copied for name in line.split()}
    assert {"accounts", "cellar", "winebox", "templates", "static", "manage.py"} <= names
    assert all((BASE_DIR / name).exists() for name in names)
    ignored = (BASE_DIR / ".dockerignore").read_text().splitlines()
    assert {".env*", "data", ".git"} <= set(ignored)


def test_the_container_runs_without_rights() -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    assert dockerfile.rindex("USER winebox") < dockerfile.index('CMD ["sh"')
    assert "HEALTHCHECK" in dockerfile
    compose = (DEPLOY / "compose.yaml").read_text()
    for line in ("read_only: true", "no-new-privileges:true", "cap_drop:\n      - ALL", '"127.0.0.1:8000:8000"'):
        assert line in compose
    assert len(re.findall(r"^  \w+:$", compose, re.MULTILINE)) == 2, "one service and one volume"
