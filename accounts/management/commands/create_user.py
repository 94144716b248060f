"""`manage.py create_user`: a person without an invitation, such as the first owner."""

import getpass
import sys
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts import passwords, people
from accounts.models import Role, User, normalise_email


class Command(BaseCommand):
    help = "Create a person. The password is asked for, or read from standard input; it is never an argument."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address with which the person will sign in")
        parser.add_argument("--role", required=True, choices=[Role.OWNER.value, Role.MEMBER.value, Role.GUEST.value])
        parser.add_argument("--name", default="", help="what the person is called")
        parser.add_argument(
            "--password-stdin", action="store_true", help="read the password's line from standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        person = User(email=_valid_email(options["email"]), name=options["name"][:80])
        password = _piped_password() if options["password_stdin"] else _typed_password()
        if reasons := passwords.refusals(password, person=person):
            raise CommandError("This password is refused. " + " ".join(reasons))
        try:
            created = people.add(email=person.email, name=person.name, role=options["role"], password=password)
        except people.EmailTakenError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Created {created.email}, {created.role}.")


def _valid_email(text: str) -> str:
    email = normalise_email(text)
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"{text} is not an e-mail address.") from error
    return email


def _piped_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _typed_password() -> str:
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to ask for the password; give it with --password-stdin.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Once more: ") != password:
        raise CommandError("The two passwords are not the same. Nobody was created.")
    return password
