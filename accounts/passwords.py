"""Which passwords are refused. The same list of validators (`AUTH_PASSWORD_VALIDATORS`) rules on every path."""

import re
import string
from collections.abc import Iterable
from functools import cache
from pathlib import Path
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

# What people put around a word that is too short, and the digits they write for letters.
DECORATION = string.digits + string.punctuation + " "
# A 1 may be an l or an i.
HACKERS_LETTERS = (str.maketrans("013457@$!", "oleastasi"), str.maketrans("013457@$!", "oieastasi"))
SHORTEST_KNOWN = 5


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


class KnownValidator:
    """Refuses what is a known password in disguise: with digits around it, said twice, or in the letters of hackers.

    Django's list of 20,000 has few that are long enough here; those that are long and known from breaches stand in
    `known_passwords.txt`. People make a long password of a short one by these few tricks.
    """

    def validate(self, password: str, user: object | None = None) -> None:
        if any(form in _known_passwords() for form in _undisguised(password.casefold())):
            raise ValidationError(
                _("Too easy to guess: it is a well-known password, or one with a few characters more."),
                code="password_known",
            )

    def get_help_text(self) -> str:
        return _("Not a well-known password with a few characters more.")


class SequenceValidator:
    """Refuses what runs along the keyboard, the alphabet or the digits, such as qwertyuiop12."""

    ROWS = (
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890",
        "qwertyuiop[]",
        "qwertzuiopü+",
        "azertyuiop^$",
        "asdfghjkl;'",
        "zxcvbnm,./",
        "yxcvbnm,.-",
    )
    MOST = 0.85  # of the steps from one character to the next

    def validate(self, password: str, user: object | None = None) -> None:
        text = password.casefold()
        pairs = [text[start : start + 2] for start in range(len(text) - 1)]
        steps = sum(any(pair in row or pair[::-1] in row for row in self.ROWS) for pair in pairs)
        if pairs and steps > self.MOST * len(pairs):
            raise ValidationError(
                _("Too easy to guess: it runs along the keyboard or the alphabet."), code="password_sequence"
            )

    def get_help_text(self) -> str:
        return _("Not a run along the keyboard or the alphabet.")


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


@cache
def _known_passwords() -> frozenset[str]:
    ours = (Path(__file__).parent / "known_passwords.txt").read_text(encoding="utf-8").split()
    return frozenset({*password_validation.CommonPasswordValidator().passwords, *ours})


def _undisguised(text: str) -> set[str]:
    """Return what a password may have been before it was made longer; shorter than five letters is no word."""
    forms = {text}
    without_year = re.sub(r"[\W_]*\d{0,4}[\W_]*$", "", text)
    spelled_out = [form.translate(letters) for form in (text, without_year) for letters in HACKERS_LETTERS]
    for form in (text, *spelled_out):
        forms |= {form, form.strip(DECORATION), form.rstrip(DECORATION), re.sub(r"[\W_]", "", form)}
    forms |= {repeated[1] for form in forms if (repeated := re.fullmatch(r"(.{4,}?)\1+", form))}
    return {form for form in forms if len(form) >= SHORTEST_KNOWN}
