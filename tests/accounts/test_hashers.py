"""How passwords are hashed"""

import threading
import time

import pytest
from django.contrib.auth import hashers as django_hashers
from django.contrib.auth.hashers import PBKDF2PasswordHasher, identify_hasher
from django.test import Client
from pytest_django import Settings

from accounts import hashers
from tests.accounts.factories import PASSWORD, make_user


class Meter:
    """Counts how many are inside at the same time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.inside = self.most = 0

    def __enter__(self) -> None:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        time.sleep(0.02)

    def __exit__(self, *args: object) -> None:
        with self.lock:
            self.inside -= 1


@pytest.fixture
def meter(monkeypatch: pytest.MonkeyPatch) -> Meter:
    """Measure at the place where Django's own hashers begin to work."""
    meter = Meter()
    for hasher, method in (
        (django_hashers.Argon2PasswordHasher, "verify"),
        (django_hashers.Argon2PasswordHasher, "encode"),
        (django_hashers.PBKDF2PasswordHasher, "encode"),
        (django_hashers.ScryptPasswordHasher, "encode"),
    ):

        def metered(*args: object, _original: object = getattr(hasher, method), **kwargs: object) -> object:
            with meter:
                return _original(*args, **kwargs)  # type: ignore[operator]

        monkeypatch.setattr(hasher, method, metered)
    return meter


@pytest.mark.once
def test_two_passwords_at_most_are_hashed_at_once(meter: Meter) -> None:
    quick = type("Quick", (hashers.Argon2PasswordHasher,), {"time_cost": 1, "memory_cost": 8, "parallelism": 1})()
    encoded = quick.encode(PASSWORD, "some salt or other")
    threads = [threading.Thread(target=quick.verify, args=(PASSWORD, encoded)) for _ in range(8)]
    threads += [threading.Thread(target=quick.encode, args=(PASSWORD, "some salt or other")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert meter.most == hashers.AT_ONCE == 2


@pytest.mark.django_db
def test_an_older_hash_is_made_anew_at_sign_in(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, "accounts.hashers.PBKDF2PasswordHasher"]
    person = make_user(email="ada@example.org")
    person.password = PBKDF2PasswordHasher().encode(PASSWORD, "some salt or other", iterations=1000)
    person.save()
    data = {"email": "ada@example.org", "password": PASSWORD}
    assert Client().post("/accounts/sign-in/", data).status_code == 302
    person.refresh_from_db()
    assert identify_hasher(person.password).algorithm == "argon2"


def test_the_site_hashes_with_argon2id_and_the_work_that_django_asks_for_by_one_thread() -> None:
    hasher, djangos = hashers.Argon2PasswordHasher(), django_hashers.Argon2PasswordHasher()
    encoded = hasher.encode(PASSWORD, hasher.salt())
    assert encoded.startswith(f"argon2$argon2id$v=19$m={djangos.memory_cost},t={djangos.time_cost},p=1$")
    assert not hasher.must_update(encoded)


def test_a_hash_made_by_eight_threads_is_good_and_made_anew_when_its_owner_signs_in() -> None:
    encoded = django_hashers.Argon2PasswordHasher().encode(PASSWORD, "some salt or other")
    assert hashers.Argon2PasswordHasher().verify(PASSWORD, encoded)
    assert hashers.Argon2PasswordHasher().must_update(encoded)
