"""What the commands about one person share."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User, normalise_email
from accounts.people import PersonError


class PersonCommand(BaseCommand):
    """Finds the person by e-mail address and does one thing with them; done from the server, so by nobody signed in."""

    done = ""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address with which the person signs in")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email=normalise_email(options["email"])).first()
        if person is None:
            raise CommandError(f"Nobody here signs in as {options['email']}.")
        try:
            self.act(person)
        except PersonError as error:
            raise CommandError(str(error)) from error
        if self.done:
            self.stdout.write(self.done.format(person.email))

    def act(self, person: User) -> None:
        raise NotImplementedError
