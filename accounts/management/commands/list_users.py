"""`manage.py list_users`: who is in the household."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts import lockout
from accounts.models import User


class Command(BaseCommand):
    help = "List everybody with role and state."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        people = list(User.objects.order_by("email"))
        locked = lockout.locked_accounts(people)
        rows = [_row(person, is_locked=person.email in locked) for person in people]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        for row in rows:
            states = [name for name, holds in (("disabled", not row["active"]), ("locked", row["locked"])) if holds]
            self.stdout.write("  ".join([row["email"], row["role"], row["name"], *states]).rstrip())


def _row(person: User, *, is_locked: bool) -> dict[str, Any]:
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role,
        "active": person.is_active,
        "locked": is_locked,
        "last_sign_in": person.last_login.isoformat() if person.last_login else None,
        "created": person.created_at.isoformat(),
    }
