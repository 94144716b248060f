"""Password hashes, at most two at a time: each takes 100 MB and all of a core, and pages must go on."""

from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any

from django.contrib.auth import hashers

if TYPE_CHECKING:
    Base = hashers.BasePasswordHasher
else:
    Base = object

AT_ONCE = 2
_turns = BoundedSemaphore(AT_ONCE)


class InTurn(Base):
    """Hashes when it is its turn."""

    def encode(self, password: str, salt: str, *args: Any, **kwargs: Any) -> str:
        with _turns:
            return super().encode(password, salt, *args, **kwargs)


class Argon2PasswordHasher(InTurn, hashers.Argon2PasswordHasher):
    """Argon2id, which also verifies by itself.

    The same memory and work as Django's own, done by one thread instead of eight, which would crowd out the pages on
    the two cores of a household's machine. A hash of the other kind is made anew when its owner signs in.
    """

    parallelism = 1

    def verify(self, password: str, encoded: str) -> bool:
        with _turns:
            return super().verify(password, encoded)


class PBKDF2PasswordHasher(InTurn, hashers.PBKDF2PasswordHasher):
    """For hashes of other systems; it verifies by encoding."""


class ScryptPasswordHasher(InTurn, hashers.ScryptPasswordHasher):
    """For hashes of other systems; it verifies by encoding."""
