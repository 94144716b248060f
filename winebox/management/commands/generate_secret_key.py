"""`manage.py generate_secret_key`: a good key."""

from typing import Any

from django.core.management.base import BaseCommand

from winebox.keys import new_secret_key


class Command(BaseCommand):
    help = "Print a fresh secret key. Nothing is changed."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(new_secret_key())
