"""`manage.py send_digest`: an e-mail about what to drink before it fades; for a timer, once a week."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cellar import digest
from winebox import letters
from winebox.letters import Delivery


class Command(BaseCommand):
    help = "Mail everybody who may take bottles out what to drink before it fades. Sends nothing when nothing is due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        if not letters.is_configured():
            raise CommandError("Letters reach nobody: set WINEBOX_EMAIL_URL and WINEBOX_SITE_URL.")
        wines = digest.fading()
        delivered = digest.send(wines=wines) if wines else {}
        failed = sorted(email for email, delivery in delivered.items() if delivery is not Delivery.SENT)
        if options["json"]:
            self.stdout.write(json.dumps({"wines": len(wines), "sent": len(delivered) - len(failed), "failed": failed}))
        elif not wines:
            self.stdout.write("Nothing has to be drunk soon, so nobody was written to.")
        else:
            self.stdout.write(f"Wrote to {len(delivered) - len(failed)} people about {len(wines)} wines.")
        if failed:
            raise CommandError(f"Not delivered to: {', '.join(failed)}.")
