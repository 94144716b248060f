"""`manage.py enable_user`: a person who was locked out of the site may come back."""

from accounts import people
from accounts.management.person import PersonCommand
from accounts.models import User


class Command(PersonCommand):
    help = "Let a disabled person sign in again, with the password and the role they had."
    done = "{} can sign in again."

    def act(self, person: User) -> None:
        people.reactivate(person=person, actor=None)
