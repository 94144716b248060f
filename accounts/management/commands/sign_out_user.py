"""`manage.py sign_out_user`: a lost phone is signed out."""

from accounts import people
from accounts.management.person import PersonCommand
from accounts.models import User


class Command(PersonCommand):
    help = "End all sessions of a person, on every device."
    done = "{} is signed out on every device."

    def act(self, person: User) -> None:
        people.sign_out_everywhere(person=person, actor=None)
