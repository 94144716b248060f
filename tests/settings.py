"""The settings of the tests: those of the site, read from an environment of their own."""

import os
import secrets
import sys
import tempfile
from pathlib import Path

from tests import engines

# What the person who runs the tests has set for a cellar of their own must not reach them.
for name in [name for name in os.environ if name.startswith("WINEBOX_")]:
    del os.environ[name]

folder = Path(tempfile.gettempdir()) / f"winebox-tests-{secrets.token_hex(8)}"
# mypy reads these settings too, and leaves without clearing up.
if "mypy" not in sys.modules:
    (folder / "static").mkdir(parents=True, mode=0o700)
    engines.remove_at_exit(folder)

os.environ["WINEBOX_ENV_FILE"] = os.devnull
os.environ["WINEBOX_SECRET_KEY"] = "Tests only: 0123456789 abcdefghijklmnopqrstuvwxyz"
os.environ["WINEBOX_DATA_DIR"] = str(folder)
if url := engines.database_url():
    os.environ["WINEBOX_DATABASE_URL"] = url

from winebox.settings import *  # noqa: E402, F403
from winebox.settings import DATABASES, ENGINE, STORAGES  # noqa: E402

if ENGINE == "sqlite":
    # A file, as in a household: a database in memory has other locks, and none between processes.
    DATABASES["default"]["TEST"] = {"NAME": folder / "test.sqlite3"}

# Without the manifest, which needs the static files collected first.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT = folder / "static"

# Argon2 like everywhere, with the least work it can do.
PASSWORD_HASHERS = ["tests.hashers.QuickArgon2PasswordHasher"]

# A run of the whole suite is one address that signs in very often; the tests of the limits set their own.
RATE_LIMIT_PER_MINUTE = AUTH_RATE_LIMIT_PER_MINUTE = 1_000_000

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
