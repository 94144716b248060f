"""Links that let somebody in: made, signed for one purpose, and kept only as a hash."""

import hashlib
import secrets
from dataclasses import dataclass

from django.core.signing import BadSignature, Signer


@dataclass(frozen=True)
class Link:
    """The secret part of a link, and the form in which it is stored."""

    token: str
    stored: str


def new_secret() -> str:
    """Return 256 random bits that fit into a link."""
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    """Return SHA-256 in hex; enough, because what is hashed here is 256 random bits and no password."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_link(*, purpose: str) -> Link:
    """Return a fresh link that is valid for this purpose alone."""
    secret = new_secret()
    return Link(token=_signer(purpose).sign(secret), stored=hash_secret(secret))


def stored_form(token: str, *, purpose: str) -> str | None:
    """Return what to look for in the database, or None if we never signed this token for this purpose."""
    try:
        return hash_secret(_signer(purpose).unsign(token))
    except BadSignature:
        return None


def _signer(purpose: str) -> Signer:
    return Signer(salt=f"accounts.links.{purpose}", sep=".")
