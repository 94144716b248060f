"""The secret key: making one, and keeping it in the `.env` file."""

import os
import secrets
import string
from pathlib import Path

from winebox.environment import SettingsError, env_file

KEY_NAME = "WINEBOX_SECRET_KEY"
FALLBACKS_NAME = "WINEBOX_SECRET_KEY_FALLBACKS"
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
    elif command == "generate_secret_key":
        os.environ.setdefault(KEY_NAME, new_secret_key())


def create_env_file() -> bool:
    """Write a `.env` file with a fresh key unless there is one; return whether it was written."""
    path = env_file()
    if path.exists() or os.environ.get(KEY_NAME) or os.environ.get(f"{KEY_NAME}_FILE"):
        return False
    write_env_file(
        path, f"# Made by `manage.py setup`. All names are in docs/configuration.md.\n{KEY_NAME}={new_secret_key()}\n"
    )
    return True


def write_env_file(path: Path, content: str) -> None:
    """Replace the file as a whole, readable by its owner only from the first moment on."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(content)
        fresh.replace(path)
    except OSError as problem:
        raise SettingsError(f"{path} cannot be written ({problem.strerror}).") from None
