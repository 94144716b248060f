"""A database for servers that run beside the tests."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection


@contextmanager
def database_of_its_own() -> Iterator[str]:
    """Yield the URL of an empty database on the server under test; none for SQLite, whose file is in the folder."""
    name = f"winebox_test_{uuid.uuid4().hex[:8]}"
    facts = connection.settings_dict
    if settings.ENGINE == "sqlite":
        yield ""
    elif settings.ENGINE == "mongodb":
        yield f"{facts['HOST'].rpartition('/')[0]}/{name}"
        connection.connection.drop_database(name)
    else:
        server: Any = connection
        with server._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        who = f"{quote(facts['USER'])}:{quote(facts['PASSWORD'])}"
        yield f"postgres://{who}@{facts['HOST']}:{facts['PORT']}/{name}"
        with server._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
