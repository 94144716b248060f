"""How the text of a setting becomes its value; each raises Refused, whose text ends the sentence "WINEBOX_X …"."""

import re
import zoneinfo
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.conf import global_settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

SHORTEST_KEY = 32
FEWEST_DIFFERENT = 10
# Parts of keys that stand in tutorials, in our own example file and in what Django writes for a new project.
PLACEHOLDERS = re.compile(r"insecure|change.?me|replace|your.?secret|secret.?key|placeholder|example", re.IGNORECASE)
TRUE = frozenset({"true", "yes", "on", "1"})
FALSE = frozenset({"false", "no", "off", "0"})
HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)


class Refused(ValueError):
    """A value that a setting cannot have."""


def text(given: str) -> str:
    return given


def boolean(given: str) -> bool:
    if given.lower() in TRUE | FALSE:
        return given.lower() in TRUE
    raise Refused(f'must be true or false, not "{given}"')


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def read(given: str) -> int:
        # isascii: int() would also take digits of other scripts.
        if given.isascii() and given.isdigit() and least <= int(given[:12]) <= most:
            return int(given)
        raise Refused(f'must be a whole number from {least} to {most}, not "{given}"')

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    def read(given: str) -> str:
        if given in choices:
            return given
        raise Refused(f'must be one of {", ".join(choices)}, not "{given}"')

    return read


def words(given: str) -> list[str]:
    return [word.strip() for word in given.split(",") if word.strip()]


def secret_key(given: str) -> str:
    if len(given) < SHORTEST_KEY:
        raise Refused(
            f"must have at least {SHORTEST_KEY} characters: `manage.py generate_secret_key` prints a good one"
        )
    if len(set(given)) < FEWEST_DIFFERENT:
        raise Refused(
            f"must have at least {FEWEST_DIFFERENT} different characters: "
            "`manage.py generate_secret_key` prints a good one"
        )
    if PLACEHOLDERS.search(given):
        raise Refused("is a placeholder: `manage.py generate_secret_key` prints a good one")
    return given


def secret_keys(given: str) -> list[str]:
    return [secret_key(word) for word in words(given)]


def hosts(given: str) -> list[str]:
    for host in words(given):
        if not HOST.fullmatch(host):
            raise Refused(f'must be host names separated by commas, without scheme, port or "*", not "{host}"')
    return words(given)


def origins(given: str) -> list[str]:
    return [_origin(word) for word in words(given)]


def site_url(given: str) -> str:
    return _origin(given)


def web_url(given: str) -> str:
    parts = _split(given, "http", "https")
    if not parts.hostname:
        raise Refused(f'must begin with http:// or https:// and name a host, not "{given}"')
    return given


def _origin(given: str) -> str:
    parts = _split(given.rstrip("/"), "http", "https")
    bare = not (parts.path or parts.query or parts.fragment or parts.username)
    if bare and parts.hostname and HOST.fullmatch(parts.netloc.rpartition(":")[0] or parts.netloc):
        return f"{parts.scheme}://{parts.netloc}".lower()
    if bare and parts.hostname and HOST.fullmatch(parts.netloc):
        return f"{parts.scheme}://{parts.netloc}".lower()
    raise Refused(f'must be an address such as https://wine.example.org, without a path, not "{given}"')


def _split(given: str, *schemes: str, secret: bool = False) -> SplitResult:
    """Return the parts of an address with one of these schemes; a secret one is not repeated in the refusal."""
    try:
        parts = urlsplit(given)
        _ = parts.port  # raises ValueError for a port that is no number
    except ValueError:
        parts = urlsplit("")
    if parts.scheme in schemes:
        return parts
    expected = " or ".join(f"{scheme}://" for scheme in schemes)
    raise Refused(f"must begin with {expected}" + ("" if secret else f', not "{given}"'))


def database_url(given: str) -> str:
    schemes = ("sqlite", "postgres", "postgresql", "mongodb", "mongodb+srv")
    # A list of hosts with ports is one MongoDB understands and urlsplit does not.
    if given.startswith("mongodb://"):
        return given
    parts = _split(given, *schemes, secret=True)
    if not parts.path.strip("/"):
        raise Refused("must end with the name of the database, such as postgres://user:password@host/winebox")
    return given


def redis_url(given: str) -> str:
    _split(given, "redis", "rediss", secret=True)
    return given


def media_url(given: str) -> str:
    if not _split(given, "s3").netloc:
        raise Refused(f'must name a bucket, such as s3://bucket/prefix, not "{given}"')
    return given


def email_url(given: str) -> str:
    if given.startswith("ses://"):
        if not re.fullmatch(r"ses://([a-z0-9-]+/?)?", given):
            raise Refused("must be ses://, or ses://eu-west-1 with a region; the keys are WINEBOX_AWS_…")
        return given
    if given in {"console://", "consolemail://"}:
        return "consolemail://"
    parts = _split(given, "smtp", "smtp+tls", "smtps", "smtp+ssl", "ses", "consolemail", secret=True)
    if not parts.hostname:
        raise Refused("must name a mail server, such as smtp+tls://user:password@mail.example.org:587")
    return given


def email_address(given: str) -> str:
    address = given.rpartition("<")[2].rstrip(">") if given.endswith(">") else given
    try:
        validate_email(address)
    except ValidationError:
        raise Refused(f'must be an e-mail address, not "{given}"') from None
    if any(character in given for character in "\r\n"):
        raise Refused("must be one line")
    return given


def contact(given: str) -> str:
    """Return where to report a hole, as the URI that RFC 9116 wants; a bare address becomes mailto:."""
    if re.fullmatch(r"https://[^\s/]+\S*|tel:\+?[0-9-]+", given):
        return given
    return f"mailto:{email_address(given.removeprefix('mailto:'))}"


def price_of_tokens(given: str) -> tuple[Decimal, Decimal]:
    """Return what a million tokens cost, sent and returned."""
    found = re.fullmatch(r"([0-9]{1,4}(?:\.[0-9]{1,4})?)\s*/\s*([0-9]{1,4}(?:\.[0-9]{1,4})?)", given)
    if found is None:
        raise Refused(f'must be two amounts of US dollars such as 2/10, not "{given}"')
    return Decimal(found[1]), Decimal(found[2])


def folder(given: str) -> Path:
    path = Path(given).expanduser()
    if path.exists() and not path.is_dir():
        raise Refused(f'must be a folder, and "{given}" is a file')
    return path.absolute()


def time_zone(given: str) -> str:
    if given not in zoneinfo.available_timezones():
        raise Refused(f'must be a time zone such as Europe/Berlin, not "{given}"')
    return given


def currency(given: str) -> str:
    if not re.fullmatch(r"[A-Z]{3}", given):
        raise Refused(f'must be three capital letters such as EUR, not "{given}"')
    return given


def language(given: str) -> str:
    if given.lower() not in dict(global_settings.LANGUAGES):
        raise Refused(f'must be a language such as en or en-gb, not "{given}"')
    return given.lower()
