"""Which service takes the mails, and how it is reached: what `WINEBOX_EMAIL_URL` means for Django."""

from typing import Any
from urllib.parse import urlsplit

import environ

from winebox.environment import SettingsError

CONSOLE = "django.core.mail.backends.console.EmailBackend"
AMAZON_SES = "anymail.backends.amazon_ses.EmailBackend"
# For each step of a conversation; the whole of it has `winebox.letters.PATIENCE_SECONDS`.
STEP_SECONDS = 4


def mail_config(url: str, *, access_key_id: str, secret_access_key: str, region: str) -> dict[str, Any]:
    """Return Django's settings for sending mails through the service at this URL."""
    if url.startswith("ses://"):
        return _amazon_ses(urlsplit(url).hostname or region, access_key_id, secret_access_key)
    read = environ.Env.email_url_config(url)
    return {
        "EMAIL_BACKEND": read["EMAIL_BACKEND"],
        "EMAIL_HOST": read["EMAIL_HOST"] or "localhost",
        "EMAIL_PORT": read["EMAIL_PORT"] or 25,
        "EMAIL_HOST_USER": read["EMAIL_HOST_USER"] or "",
        "EMAIL_HOST_PASSWORD": read["EMAIL_HOST_PASSWORD"] or "",
        "EMAIL_USE_TLS": read.get("EMAIL_USE_TLS", False),
        "EMAIL_USE_SSL": read.get("EMAIL_USE_SSL", False),
        "EMAIL_TIMEOUT": STEP_SECONDS,
    }


def _amazon_ses(region: str, access_key_id: str, secret_access_key: str) -> dict[str, Any]:
    if not region:
        raise SettingsError("WINEBOX_AWS_REGION is missing, and WINEBOX_EMAIL_URL=ses:// needs it (such as eu-west-1).")
    if bool(access_key_id) != bool(secret_access_key):
        raise SettingsError("WINEBOX_AWS_ACCESS_KEY_ID and WINEBOX_AWS_SECRET_ACCESS_KEY belong together: set both.")
    session = {"region_name": region}
    if access_key_id:
        session |= {"aws_access_key_id": access_key_id, "aws_secret_access_key": secret_access_key}
    patience = {
        "connect_timeout": STEP_SECONDS,
        "read_timeout": STEP_SECONDS,
        "retries": {"total_max_attempts": 1},
    }
    return {
        "EMAIL_BACKEND": AMAZON_SES,
        "ANYMAIL": {
            "AMAZON_SES_SESSION_PARAMS": session,
            "AMAZON_SES_CLIENT_PARAMS": {"config": patience},
        },
    }
