"""`manage.py clear_expired`: throws away what has had its time; for a timer, once a day."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string


class Command(BaseCommand):
    help = "Remove sessions, invitations, old events, abandoned photos and unfinished imports whose time is over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        removed: dict[str, int] = {}
        for path in settings.EXPIRY:
            removed |= import_string(path)()
        if options["json"]:
            self.stdout.write(json.dumps(removed))
        else:
            self.stdout.write("Removed: " + ", ".join(f"{count} {name}" for name, count in removed.items()) + ".")
