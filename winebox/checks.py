"""What `manage.py check` looks at besides Django's own; most of it only with `--deploy`."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db import connection
from django.utils import timezone

from winebox.archive.age import OLD, last_backup
from winebox.environment import env_file

Messages = list[checks.CheckMessage]

# The release that repaired a rare corruption of the write-ahead log when several processes write.
SAFE_SQLITE = (3, 51, 3)
# Beyond that, a slip of the finger is more likely than so many bottles.
MANY_SCANS = 2_000
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})


# -- Who can read what -------------------------------------------------------------------------------------------------


@checks.register(checks.Tags.security)
def env_file_is_private(app_configs: Any, **kwargs: Any) -> Messages:
    """Warn when the file with the secrets can be read by others."""
    path = env_file()
    if not path.is_file() or not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return []
    return [
        checks.Warning(f"{path} can be read by others on this machine.", hint=f"chmod 600 {path}", id="winebox.W001")
    ]


@checks.register(checks.Tags.security, deploy=True)
def data_folder_is_private(app_configs: Any, **kwargs: Any) -> Messages:
    """Warn when others on this machine can look at the cellar, or write into it."""
    path: Path = settings.DATA_DIR
    if not path.is_dir() or not path.stat().st_mode & stat.S_IRWXO:
        return []
    return [
        checks.Warning(
            f"The data folder {path} is open to everybody on this machine.",
            hint=f"chmod 750 {path}",
            id="winebox.W002",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def not_run_as_root(app_configs: Any, **kwargs: Any) -> Messages:
    """Say that the site needs no rights; not a warning, because commands are run as root now and then."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    return [
        checks.Info(
            "This was run as root.",
            hint="Run the server as a user of its own, as deploy/systemd/winebox.service does.",
            id="winebox.I005",
        )
    ]


# -- How the site is reached -------------------------------------------------------------------------------------------


@checks.register(checks.Tags.security, deploy=True)
def site_is_reached_by_https(app_configs: Any, **kwargs: Any) -> Messages:
    """Name the one setting that Django's five warnings about HTTPS come from."""
    if settings.IS_HTTPS:
        return []
    return [
        checks.Warning(
            "WINEBOX_SITE_URL is not an https:// address, so passwords and cookies travel readably.",
            hint="Set WINEBOX_SITE_URL=https://your.name and put a proxy that speaks TLS before WineBox (see deploy/).",
            id="winebox.W003",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def hosts_are_exact(app_configs: Any, **kwargs: Any) -> Messages:
    """Warn of host names that let in more than one."""
    loose = [host for host in settings.ALLOWED_HOSTS if host.startswith((".", "*"))]
    if not loose:
        return []
    return [
        checks.Warning(
            f"WINEBOX_ALLOWED_HOSTS lets in any name that fits {', '.join(loose)}.",
            hint="Name each host.",
            id="winebox.W004",
        )
    ]


@checks.register(checks.Tags.security, deploy=True)
def proxies_are_counted(app_configs: Any, **kwargs: Any) -> Messages:
    """Warn where WINEBOX_TRUSTED_PROXIES does not fit how the site is reached."""
    if settings.IS_HTTPS and not settings.TRUSTED_PROXIES:
        return [
            checks.Warning(
                "The site is reached by HTTPS, but no proxy is trusted: all visitors seem to have the proxy's address, "
                "and share its limits.",
                hint="Set WINEBOX_TRUSTED_PROXIES to the number of proxies before WineBox, usually 1.",
                id="winebox.W005",
            )
        ]
    if settings.TRUSTED_PROXIES and not settings.IS_HTTPS:
        return [
            checks.Warning(
                f"{settings.TRUSTED_PROXIES} proxies are trusted, but the site is not reached by HTTPS: without a "
                "proxy, anybody can say which address a request comes from.",
                hint="Set WINEBOX_SITE_URL to the https:// address, or WINEBOX_TRUSTED_PROXIES=0.",
                id="winebox.W006",
            )
        ]
    return []


# -- What is kept ------------------------------------------------------------------------------------------------------


@checks.register(checks.Tags.database, deploy=True)
def sqlite_and_processes(app_configs: Any, **kwargs: Any) -> Messages:
    """Say that an older SQLite wants one process only, and warn where there seem to be several."""
    if settings.ENGINE != "sqlite" or sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return []
    text = f"SQLite {sqlite3.sqlite_version} can damage its write-ahead log, rarely, when several processes write."
    hint = "Run one server process (manage.py serve is one), or use PostgreSQL or MongoDB."
    if settings.CACHES["limits"]["BACKEND"] == "winebox.redis_counters.RedisCounters":
        text += " WINEBOX_REDIS_URL is only of use to several."
        return [checks.Warning(text, hint=hint, id="winebox.W007")]
    return [checks.Info(text, hint=hint, id="winebox.I001")]


@checks.register(checks.Tags.database, deploy=True)
def backups_are_made(app_configs: Any, **kwargs: Any) -> Messages:
    """Warn when the last backup was made too long ago."""
    made = _last_backup()
    if made is None:
        return [
            checks.Info(
                "No backup has been made here yet.",
                hint="manage.py backup FILE.zip, each night by deploy/systemd/winebox-backup.timer.",
                id="winebox.I003",
            )
        ]
    since = timezone.now() - made
    if since < OLD:
        return []
    return [
        checks.Warning(
            f"The last backup was made {since.days} days ago.",
            hint="manage.py backup FILE.zip; is the timer for it running?",
            id="winebox.W008",
        )
    ]


def _last_backup() -> datetime | None:
    """Return when the last backup was made; a database that is not there yet, or away, knows of none."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return None
    try:
        return last_backup()
    except Exception:  # noqa: BLE001  (each driver has its own; to look must never keep the check from its other findings)
        return None


@checks.register(checks.Tags.security, deploy=True)
def earlier_keys_are_dropped(app_configs: Any, **kwargs: Any) -> Messages:
    """Say that earlier secret keys are still good."""
    if not settings.SECRET_KEY_FALLBACKS:
        return []
    return [
        checks.Info(
            f"{len(settings.SECRET_KEY_FALLBACKS)} earlier secret keys are still accepted.",
            hint="manage.py rotate_secret_key --drop-fallbacks, when the sessions of that time have ended.",
            id="winebox.I004",
        )
    ]


# -- Claude ------------------------------------------------------------------------------------------------------------


@checks.register(checks.Tags.security, deploy=True)
def claude_is_asked_sensibly(app_configs: Any, **kwargs: Any) -> Messages:
    return list(_about_claude()) if settings.ANTHROPIC_API_KEY else []


def _about_claude() -> Iterator[checks.CheckMessage]:
    address = urlsplit(settings.ANTHROPIC_BASE_URL)
    if address.scheme == "http" and address.hostname not in LOCAL_HOSTS:
        yield checks.Warning(
            f"The key of Anthropic, and photos of labels, travel readably to {address.hostname}.",
            hint="Write WINEBOX_ANTHROPIC_BASE_URL with https://.",
            id="winebox.W012",
        )
    if settings.SCANS_PER_DAY > MANY_SCANS:
        yield checks.Warning(
            f"WINEBOX_SCANS_PER_DAY lets {settings.SCANS_PER_DAY} labels a day be read at your cost.",
            hint="A household that adds a whole cellar needs a few hundred.",
            id="winebox.W013",
        )
    if not settings.SCANS_PER_DAY:
        yield checks.Info(
            "There is a key of Anthropic, but WINEBOX_SCANS_PER_DAY is 0: Claude reads nothing.",
            hint="Set WINEBOX_SCANS_PER_DAY, or take the key away.",
            id="winebox.I006",
        )


# -- Mail --------------------------------------------------------------------------------------------------------------


@checks.register(checks.Tags.security, deploy=True)
def mail_is_sent_well(app_configs: Any, **kwargs: Any) -> Messages:
    return list(_about_mail())


def _about_mail() -> Iterator[checks.CheckMessage]:
    if not settings.MAIL_IS_SENT:
        yield checks.Info(
            "WineBox sends no mail: nobody is told of a new device, and a forgotten password needs the owner.",
            hint="Set WINEBOX_EMAIL_URL.",
            id="winebox.I002",
        )
        return
    address = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip("> ")
    if address.endswith("@localhost"):
        yield checks.Warning(
            "Mails are sent from winebox@localhost, which no mail service takes.",
            hint="Set WINEBOX_EMAIL_FROM.",
            id="winebox.W009",
        )
    is_plain = settings.EMAIL_HOST_PASSWORD and not (settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL)
    if is_plain and settings.EMAIL_HOST not in LOCAL_HOSTS:
        yield checks.Warning(
            f"The password for {settings.EMAIL_HOST} travels readably.",
            hint="Write WINEBOX_EMAIL_URL as smtp+tls://… (port 587) or smtp+ssl://… (port 465).",
            id="winebox.W010",
        )
    if not urlsplit(settings.SITE_URL).hostname:
        yield checks.Warning(
            "Mails cannot carry links, because WineBox does not know where it is reached.",
            hint="Set WINEBOX_SITE_URL.",
            id="winebox.W011",
        )
