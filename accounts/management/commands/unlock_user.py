"""`manage.py unlock_user`: a person who mistyped the password too often may try again."""

from accounts import people
from accounts.management.person import PersonCommand
from accounts.models import User


class Command(PersonCommand):
    help = "Let a person try again at once after too many failed sign-ins."
    done = "{} can try to sign in again."

    def act(self, person: User) -> None:
        people.unlock(person=person, actor=None)
