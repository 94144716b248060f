"""`manage.py setup`: everything a new or updated installation needs before it serves."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from winebox.databases import is_reachable


class Command(BaseCommand):
    help = "Create the .env file if there is none, bring the database up to date, collect files, load the catalogue."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        try:
            # The cellar is the household's own: others on this machine need not look into it.
            settings.DATA_DIR.mkdir(mode=0o750, parents=True, exist_ok=True)
        except OSError as problem:
            raise CommandError(f"The folder {settings.DATA_DIR} cannot be made ({problem.strerror}).") from problem
        if not is_reachable():
            raise CommandError("The database does not answer: check WINEBOX_DATABASE_URL and WINEBOX_DATA_DIR.")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("import_catalogue", shipped=True, verbosity=0)
        if verbosity:
            self.stdout.write("WineBox is set up. Start it with `manage.py serve`.")
