"""`manage.py rotate_secret_key`: a new key, with the old one still accepted for a while."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from winebox import keys
from winebox.environment import SettingsError


class Command(BaseCommand):
    help = "Write a new secret key into the .env file; the old one is still accepted until --drop-fallbacks."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--drop-fallbacks", action="store_true", help="accept only the present key from now on; make no new one"
        )

    def handle(self, *args: Any, drop_fallbacks: bool, **options: Any) -> None:
        try:
            if drop_fallbacks:
                keys.drop_fallbacks()
                self.stdout.write("Only the present key is accepted from now on. Restart WineBox.")
            else:
                keys.rotate()
                self.stdout.write(
                    "A new key is in place and the old one is still accepted. Restart WineBox now; when the sessions "
                    "of today have ended, run this again with --drop-fallbacks."
                )
        except SettingsError as problem:
            raise CommandError(str(problem)) from None
