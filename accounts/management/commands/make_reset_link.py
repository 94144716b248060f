"""`manage.py make_reset_link`: for an owner who forgot the password where no mail is configured."""

from django.conf import settings

from accounts import resets
from accounts.management.person import PersonCommand
from accounts.models import User
from winebox import letters


class Command(PersonCommand):
    help = "Print a link with which this person sets a new password; it works once, for an hour."
    done = ""

    def act(self, person: User) -> None:
        if not settings.SITE_URL:
            self.stdout.write("Put this behind the address at which you open the site:")
        self.stdout.write(letters.address_of(resets.path_of(resets.make(person=person, actor=None))))
