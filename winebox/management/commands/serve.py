"""`manage.py serve`: the production server."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import import_string

from winebox.databases import is_reachable
from winebox.encoding import in_utf_8
from winebox.server import Server


class Command(BaseCommand):
    help = "Run the site for others to use: one process, behind the household's TLS proxy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
        parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default: 8000)")

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        refuse_unprepared()
        try:
            server = Server(in_utf_8(get_wsgi_application()), host=host, port=port)
        except (OSError, OverflowError, ValueError) as problem:
            raise CommandError(f"Cannot listen on {host} port {port}: {problem}.") from problem
        address = settings.SITE_URL or local_address(host, server.port)
        notice: list[str] = import_string(settings.STARTUP_NOTICE)(address)
        self.stdout.write("\n".join([f"WineBox is ready at {address}/ (stop it with Ctrl+C).", *notice]))
        self.stdout.flush()
        server.run()


def refuse_unprepared() -> None:
    """Refuse to start with no database, an older one, or without static files."""
    if not is_reachable():
        raise CommandError("The database does not answer: check WINEBOX_DATABASE_URL and that it is running.")
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError("The database is not ready for this version: run `manage.py setup` first.")
    if not settings.DEBUG and not (settings.STATIC_ROOT / "staticfiles.json").exists():
        raise CommandError("The static files are not collected: run `manage.py setup` first.")


def local_address(host: str, port: int) -> str:
    """Return the address to open on this machine for a server without a site URL."""
    if host in {"0.0.0.0", "::", ""}:  # noqa: S104  (compared with, not listened on)
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
