"""What WineBox reads from the environment: one list of names, and the reading of them."""

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import environ

from winebox import values
from winebox.values import Refused

PREFIX = "WINEBOX_"
BASE_DIR = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting that stops the start; its text is one sentence for the person who starts WineBox."""


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One name of the environment, without its prefix; `help` and `default_text` go into docs/configuration.md."""

    name: str
    read: Callable[[str], Any]
    help: str
    default: Any = None
    default_text: str = ""
    secret: bool = False

    @property
    def full_name(self) -> str:
        return PREFIX + self.name

    @property
    def file_name(self) -> str:
        """The name under which a file that holds the secret may be given."""
        return f"{self.full_name}_FILE"


VARIABLES = (
    Variable(
        name="SITE_URL",
        read=values.site_url,
        default="",
        help="Where the site is reached, such as https://wine.example.org. With https it turns on everything that "
        "production needs: secure cookies, the redirect to HTTPS, HSTS, the allowed host and the trusted origin.",
    ),
    Variable(
        name="SECRET_KEY",
        read=values.secret_key,
        secret=True,
        default_text="none: required",
        help="Signs cookies and links. At least 32 characters, at least 10 of them different; `manage.py setup` "
        "writes one into `.env`.",
    ),
    Variable(
        name="SECRET_KEY_FALLBACKS",
        read=values.secret_keys,
        secret=True,
        default=[],
        help="Earlier keys, separated by commas, that are still accepted; `manage.py rotate_secret_key` fills it.",
    ),
    Variable(
        name="DEBUG",
        read=values.boolean,
        default=False,
        default_text="false",
        help="Tracebacks in the browser. Only ever on your own machine.",
    ),
    Variable(
        name="ALLOWED_HOSTS",
        read=values.hosts,
        default=[],
        default_text="the host of the site URL; without one localhost, 127.0.0.1 and [::1]",
        help="Further host names under which the site answers, separated by commas.",
    ),
    Variable(
        name="CSRF_TRUSTED_ORIGINS",
        read=values.origins,
        default=[],
        default_text="the site URL",
        help="Further origins whose forms are accepted, separated by commas, such as https://wine.example.org.",
    ),
    Variable(
        name="ENFORCE_HTTPS",
        read=values.boolean,
        default_text="true when the site URL is https",
        help="Redirect plain HTTP to HTTPS (the health page aside).",
    ),
    Variable(
        name="HSTS_SECONDS",
        read=values.whole_number(0, 10 * 31536000),
        default_text="31536000 when the site URL is https, else 0",
        help="How long browsers remember to use HTTPS only.",
    ),
    Variable(
        name="HSTS_INCLUDE_SUBDOMAINS",
        read=values.boolean,
        default=True,
        default_text="true",
        help="HSTS holds for the names below the site's own, too.",
    ),
    Variable(
        name="HSTS_PRELOAD",
        read=values.boolean,
        default=False,
        default_text="false",
        help="Allow browsers to ship the site in their list. It binds the whole domain, for years.",
    ),
    Variable(
        name="TRUSTED_PROXIES",
        read=values.whole_number(0, 10),
        default_text="1 when the site URL is https, else 0",
        help="How many proxies of your own stand before WineBox. The client's address and whether it came by HTTPS "
        "are taken from exactly that many hops of X-Forwarded-For, or from the connection when 0.",
    ),
    Variable(
        name="DATABASE_URL",
        read=values.database_url,
        secret=True,
        default="",
        default_text="SQLite in the data folder",
        help="`postgres://user:password@host/name` or `mongodb://user:password@host/name`.",
    ),
    Variable(
        name="REDIS_URL",
        read=values.redis_url,
        secret=True,
        default="",
        help="Where limits are counted. Without it, or while it is away, that is the database.",
    ),
    Variable(
        name="DATA_DIR",
        read=values.folder,
        default=BASE_DIR / "data",
        default_text="`data` beside manage.py",
        help="The folder of the SQLite database, the photos and the collected static files.",
    ),
    Variable(
        name="MEDIA_URL",
        read=values.media_url,
        default="",
        default_text="`photos` in the data folder",
        help="`s3://bucket/prefix` for photos on S3, with the AWS settings below.",
    ),
    Variable(
        name="MAX_UPLOAD_MB",
        read=values.whole_number(1, 100),
        default=10,
        help="The largest photo or file, in megabytes.",
    ),
    Variable(
        name="EMAIL_URL",
        read=values.email_url,
        secret=True,
        default="consolemail://",
        default_text="console: mails are printed by the server",
        help="Who takes the mails: `smtp://user:password@host:25`, `smtp+tls://…:587`, `smtp+ssl://…:465`, or `ses://` "
        "for Amazon SES with the three names below. Mails also need the site URL, for the links in them.",
    ),
    Variable(
        name="EMAIL_FROM",
        read=values.email_address,
        default="winebox@localhost",
        help="The sender of mails.",
    ),
    Variable(
        name="AWS_ACCESS_KEY_ID",
        read=values.text,
        secret=True,
        default="",
        help="For Amazon SES and S3. Without it boto3 looks where it always does, such as the role of the machine.",
    ),
    Variable(
        name="AWS_SECRET_ACCESS_KEY",
        read=values.text,
        secret=True,
        default="",
        help="The secret that belongs to it.",
    ),
    Variable(
        name="AWS_REGION",
        read=values.text,
        default="",
        help="The region of Amazon SES and S3, such as eu-west-1.",
    ),
    Variable(
        name="ANTHROPIC_API_KEY",
        read=values.text,
        secret=True,
        default="",
        help="With a key of Anthropic, Claude can read labels; photos are sent only when somebody asks for it.",
    ),
    Variable(
        name="ANTHROPIC_MODEL",
        read=values.text,
        default="claude-sonnet-5-5",
        help="Which model reads; `claude-haiku-5-5` costs a twentieth.",
    ),
    Variable(
        name="ANTHROPIC_BASE_URL",
        read=values.web_url,
        default="",
        default_text="https://api.anthropic.com",
        help="Where it is asked, for a gateway of your own.",
    ),
    Variable(
        name="ANTHROPIC_PRICE",
        read=values.price_of_tokens,
        default_text="the list price of the model, where WineBox knows it",
        help="US dollars for a million tokens that are sent and that come back, such as 2/10, to estimate the cost.",
    ),
    Variable(
        name="SCANS_PER_DAY",
        read=values.whole_number(0, 100_000),
        default=100,
        help="How often Claude may be asked in a day, by all together; 0 switches it off.",
    ),
    Variable(
        name="SESSION_HOURS",
        read=values.whole_number(1, 24 * 90),
        default=2,
        help="How long somebody stays signed in without doing anything.",
    ),
    Variable(
        name="LOCKOUT_FAILURES",
        read=values.whole_number(1, 100),
        default=5,
        help="After so many wrong passwords for an account from one address, sign-in is refused for a while.",
    ),
    Variable(
        name="LOCKOUT_MINUTES",
        read=values.whole_number(1, 24 * 60),
        default=15,
        help="How long that while is.",
    ),
    Variable(
        name="RATE_LIMIT_PER_MINUTE",
        read=values.whole_number(1, 1_000_000),
        default=60,
        help="How many changes, exports and backups a person may make in a minute; of searches, which are sent while "
        "they are typed, five times as many.",
    ),
    Variable(
        name="AUTH_RATE_LIMIT_PER_MINUTE",
        read=values.whole_number(1, 1_000_000),
        default=30,
        help="How many tries at signing in an address has in a minute.",
    ),
    Variable(
        name="SECURITY_CONTACT",
        read=values.contact,
        default="",
        help="Whom to tell of a hole: an e-mail address, or an https address of a page. It stands in "
        "`/.well-known/security.txt` for everybody to read; without it there is no such file.",
    ),
    Variable(
        name="TIME_ZONE",
        read=values.time_zone,
        default="UTC",
        help="In which times are shown, such as Europe/Berlin.",
    ),
    Variable(
        name="CURRENCY",
        read=values.currency,
        default="EUR",
        help="The household's currency, an ISO 4217 code.",
    ),
    Variable(
        name="LANGUAGE",
        read=values.language,
        default="en",
        help="The language and region that decide how dates and numbers look, such as en-gb. The words are English.",
    ),
    Variable(
        name="LOG_FORMAT",
        read=values.one_of("text", "json"),
        default="text",
        help="`text` or `json`: how a line of the log looks.",
    ),
    Variable(
        name="ENV_FILE",
        read=values.text,
        default=str(BASE_DIR / ".env"),
        default_text="`.env` beside manage.py",
        help="The file these names are read from; what the environment itself says wins over it.",
    ),
)


def table() -> str:
    """Return all names as the table of docs/configuration.md."""
    rows = ["| name | default | what it does |", "|---|---|---|"]
    for variable in VARIABLES:
        default = variable.default_text or (f"`{variable.default}`" if variable.default not in ("", None) else "none")
        rows.append(f"| `{variable.full_name}` | {default} | {variable.help} |")
    return "\n".join(rows)


def env_file() -> Path:
    """Return the path of the file that settings are read from, whether it exists or not."""
    return Path(os.environ.get(f"{PREFIX}ENV_FILE") or BASE_DIR / ".env")


def read_settings() -> dict[str, Any]:
    """Return every setting by its name without the prefix, from the environment and the `.env` file."""
    path = env_file()
    if path.is_file():
        try:
            environ.Env.read_env(path)
        except UnicodeDecodeError:
            raise SettingsError(f"{path} is not a text file in UTF-8.") from None
        if not os.access(path, os.R_OK):
            raise SettingsError(f"{path} cannot be read.")
    return read(os.environ)


def read(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return every setting by its name without the prefix; raise SettingsError at the first that is wrong."""
    refuse_unknown(environment)
    return {variable.name: _value(variable, environment) for variable in VARIABLES}


def refuse_unknown(environment: Mapping[str, str]) -> None:
    known = {variable.full_name for variable in VARIABLES}
    known |= {variable.file_name for variable in VARIABLES if variable.secret}
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            question = f" Did you mean {near[0]}?" if near else ""
            raise SettingsError(f"{name} is not a setting of WineBox.{question}")


def _value(variable: Variable, environment: Mapping[str, str]) -> Any:
    given = environment.get(variable.full_name, "").strip()
    if variable.secret and (path := environment.get(variable.file_name, "").strip()):
        if given:
            raise SettingsError(f"{variable.full_name} and {variable.file_name} are both set: keep one of them.")
        given = _secret_from(variable.file_name, path)
    if not given:
        if variable.name == "SECRET_KEY":
            raise SettingsError(f"{variable.full_name} is missing: `manage.py setup` writes one into {env_file()}.")
        return variable.default
    try:
        return variable.read(given)
    except Refused as problem:
        raise SettingsError(f"{variable.full_name} {problem}.") from None


def _secret_from(name: str, path: str) -> str:
    try:
        content = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is not text"
        raise SettingsError(f"{name}: the file {path} cannot be read ({reason}).") from None
    if not content:
        raise SettingsError(f"{name}: the file {path} is empty.")
    return content
