"""People for tests."""

from itertools import count

from django.contrib.auth.hashers import make_password

from accounts.models import Role, User

PASSWORD = "a quiet cellar in autumn"

_numbers = count(1)
_hashes: dict[str, str] = {}


def _hashed(password: str) -> str:
    # Hashing is slow on purpose; a test suite needs each hash once.
    if password not in _hashes:
        _hashes[password] = make_password(password)
    return _hashes[password]


def make_user(
    *,
    role: Role | str = Role.MEMBER,
    email: str | None = None,
    name: str | None = None,
    password: str = PASSWORD,
    is_active: bool = True,
) -> User:
    """Return a saved person whose password is PASSWORD."""
    number = next(_numbers)
    return User.objects.create(
        email=email or f"{Role(role).value}{number}@example.org",
        name=f"{Role(role).label} {number}" if name is None else name,
        role=Role(role),
        password=_hashed(password),
        is_active=is_active,
    )


def make_owner(**kwargs: str) -> User:
    """Return a saved owner."""
    return make_user(role=Role.OWNER, **kwargs)
