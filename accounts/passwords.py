"""Which passwords are refused. The same list of validators (`AUTH_PASSWORD_VALIDATORS`) rules on every path."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import User, normalise_password

MIN_LENGTH = 12
MAX_LENGTH = 128

# Words that anybody would try first on this site, longest first so that "winebox" is not read as "wine" and "box".
SITE_WORDS = ("winebox", "password", "welcome", "bottles", "bottle", "cellar", "wines", "wine", "box")


def refusals(password: str, *, person: User) -> list[str]:
    """Return every reason why this person may not have this password; none means it is good."""
    try:
        password_validation.validate_password(normalise_password(password), person)
    except ValidationError as error:
        return list(error.messages)
    return []


class LengthValidator:
    """12 to 128 characters; the upper limit keeps a huge text from costing the server seconds."""

    def validate(self, password: str, user: object | None = None) -> None:
        if len(password) < MIN_LENGTH:
            raise ValidationError(
                _("Too short: a password has at least %(count)d characters.") % {"count": MIN_LENGTH},
                code="password_too_short",
            )
        if len(password) > MAX_LENGTH:
            raise ValidationError(
                _("Too long: a password has at most %(count)d characters.") % {"count": MAX_LENGTH},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return _("12 to 128 characters. A few unrelated words are easy to remember and hard to guess.")


class VarietyValidator:
    """Refuses what repeats a few characters, such as 121212121212."""

    FEWEST = 5

    def validate(self, password: str, user: object | None = None) -> None:
        if len(set(password.casefold())) < self.FEWEST:
            raise ValidationError(_("Too simple: it repeats the same few characters."), code="password_too_uniform")

    def get_help_text(self) -> str:
        return _("Not the same few characters again and again.")


class SiteWordsValidator:
    """Refuses what consists of this site's own words and digits, such as WineBox-2026!."""

    FEWEST_OTHER_LETTERS = 4

    def validate(self, password: str, user: object | None = None) -> None:
        rest = password.casefold()
        for word in _words_of_this_site():
            rest = rest.replace(word, " ")
        if rest != password.casefold() and len(re.findall(r"[^\W\d_]", rest)) < self.FEWEST_OTHER_LETTERS:
            raise ValidationError(
                _("Too easy to guess: it is made of this site's own words."), code="password_of_site_words"
            )

    def get_help_text(self) -> str:
        return _("Not made of this site's own words.")


def _words_of_this_site() -> Iterable[str]:
    host = urlsplit(settings.SITE_URL).hostname or ""
    return sorted({*SITE_WORDS, *(part for part in host.split(".") if len(part) > 2)}, key=len, reverse=True)
