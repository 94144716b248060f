"""Each test begins with an empty database: how that is quick on MongoDB."""

from typing import Any

from django.db import connections
from django.test import TransactionTestCase

# What the migrations wrote and tests only read.
KEPT = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def isolate_quickly_on_mongodb() -> None:
    """Empty the collections that a test wrote to, instead of all of them, and keep Django's own catalogue.

    Django's `flush` between tests would make every content type and permission anew, hundreds of commands each time.
    """

    def empty(self: TransactionTestCase, *args: Any) -> None:
        connection: Any = connections["default"]
        for name in connection.introspection.table_names():
            if name not in KEPT:
                connection.database[name].delete_many({})

    TransactionTestCase._fixture_teardown = empty  # type: ignore[attr-defined]
