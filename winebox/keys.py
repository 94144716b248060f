"""The secret key: making one, and keeping it in the `.env` file."""

import os
import secrets
import string
from pathlib import Path

from winebox.environment import SettingsError, env_file

KEY = "WINEBOX_SECRET_KEY"
FALLBACKS = "WINEBOX_SECRET_KEY_FALLBACKS"
# Nothing a shell, a .env file or a list separated by commas could take for something else.
ALPHABET = string.ascii_letters + string.digits + "-_"
LENGTH = 64


def new_secret_key() -> str:
    """Return a fresh key of 384 random bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def prepare_keyless_command(arguments: list[str]) -> None:
    """Let the two commands that make a key run where there is none yet."""
    command = arguments[1] if len(arguments) > 1 else ""
    if command == "setup":
        create_env_file()
    elif command == "generate_secret_key" and not env_file().exists():
        os.environ.setdefault(KEY, new_secret_key())


def create_env_file() -> None:
    """Write a fresh key into the `.env` file unless it has one, or the key comes from elsewhere."""
    if os.environ.get(KEY) or os.environ.get(f"{KEY}_FILE"):
        return
    path, lines = env_file(), _lines()
    if not path.exists():
        lines = ["# Every name is explained in docs/configuration.md."]
    if not _value(lines, KEY) and not _value(lines, f"{KEY}_FILE"):
        write_env_file(path, [*_without(lines, KEY), f"{KEY}={new_secret_key()}"])


def rotate() -> None:
    """Put a fresh key into the `.env` file, and the one it replaces before the earlier ones."""
    path, lines = _lines_with_key()
    old = _value(lines, KEY)
    fallbacks = [old, *filter(None, _value(lines, FALLBACKS).split(","))]
    write_env_file(
        path, [*_without(lines, KEY, FALLBACKS), f"{KEY}={new_secret_key()}", f"{FALLBACKS}={','.join(fallbacks)}"]
    )


def drop_fallbacks() -> None:
    """Take the earlier keys out of the `.env` file."""
    path, lines = _lines_with_key()
    write_env_file(path, _without(lines, FALLBACKS))


def _lines_with_key() -> tuple[Path, list[str]]:
    path, lines = env_file(), _lines()
    if not _value(lines, KEY) or _value(lines, KEY) != os.environ.get(KEY):
        raise SettingsError(f"{KEY} does not come from {path}: change it where it comes from.")
    return path, lines


def _lines() -> list[str]:
    path = env_file()
    try:
        return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{path} cannot be read.") from None


def _value(lines: list[str], name: str) -> str:
    found = [line.partition("=")[2].strip().strip("'\"") for line in lines if line.partition("=")[0].strip() == name]
    return found[-1] if found else ""


def _without(lines: list[str], *names: str) -> list[str]:
    return [line for line in lines if line.partition("=")[0].strip() not in names]


def write_env_file(path: Path, lines: list[str]) -> None:
    """Replace the file as a whole, readable by its owner only from the first moment on."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
        fresh.replace(path)
    except OSError as problem:
        raise SettingsError(f"{path} cannot be written ({problem.strerror}).") from None
