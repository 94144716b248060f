"""`manage.py reset_second_factor`: the phone is lost, and the recovery codes are, too."""

from accounts import second_factor
from accounts.management.person import PersonCommand
from accounts.models import User


class Command(PersonCommand):
    help = "Switch a person's second factor off; the password alone signs in again."
    done = "{} signs in with the password alone."

    def act(self, person: User) -> None:
        second_factor.switch_off(person=person, actor=None)
