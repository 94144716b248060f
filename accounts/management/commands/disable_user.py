"""`manage.py disable_user`: a person is locked out of the site."""

from accounts import people
from accounts.management.person import PersonCommand
from accounts.models import User


class Command(PersonCommand):
    help = "Lock a person out and end all their sessions; nothing they did is deleted."
    done = "{} cannot sign in any more and is signed out everywhere."

    def act(self, person: User) -> None:
        people.deactivate(person=person, actor=None)
