"""Passwords in tests."""

from accounts.hashers import Argon2PasswordHasher


class QuickArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the least time, memory and threads it takes: real hashes, in a thousandth of the time."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
