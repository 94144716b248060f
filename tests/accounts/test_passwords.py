"""Which passwords are refused"""

import pytest
from pytest_django import Settings

from accounts.models import User
from accounts.passwords import refusals
from winebox.environment import BASE_DIR

ADA = User(email="ada.lovelace@example.org", name="Ada Lovelace")


@pytest.mark.parametrize(
    "password",
    [
        "three plain words",
        "correct horse battery",
        "ein Glas Wein am Abend",
        "ünïcödé pässphräse",
        "密码密码一二三四五六七八九十",
        " blanks at both ends ",
        "cellar door at midnight",
        "sunshine through the fog 24",
        "purple monkey dishwasher",
        "Gewürztraminer im Regen",
        "hijklmn wild strawberries",
        "x7$Kq!2mZp9@",
        "abcde" * 25 + "xyz",
    ],
)
def test_a_good_password_is_taken(password: str) -> None:
    assert refusals(password, person=ADA) == []


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("eleven char", "at least 12"),
        ("", "at least 12"),
        ("abcdefgh" * 16 + "i", "at most 128"),
        ("adalovelace1", "similar"),
        ("ada.lovelace@example.org", "similar"),
        ("password1234", "easy to guess"),
        ("WineBox-2026!!", "own words"),
        ("winecellar1234", "own words"),
        ("welcome-to-winebox", "own words"),
        ("sunshine2024!!", "well-known"),
        ("  Sunshine  1234", "well-known"),
        ("sunshinesunshine", "well-known"),
        ("5un5h1n3!!!2024", "well-known"),
        ("P@$$w0rd-2026!", "well-known"),
        ("CorrectHorseBatteryStaple", "well-known"),
        ("correct horse battery staple", "well-known"),
        ("thisismypassword", "well-known"),
        ("abcdefghijklm", "runs along"),
        ("qwertyuiop[]12", "runs along"),
        ("9876543210987", "runs along"),
        ("aaaaaaaaaaaa", "repeats"),
        ("121212121212", "repeats"),
    ],
)
def test_a_bad_password_is_refused_with_the_reason(password: str, reason: str) -> None:
    assert any(reason in refusal for refusal in refusals(password, person=ADA))


@pytest.mark.parametrize("password", ["qwertyuiop123", "1q2w3e4r5t6y"])
def test_a_common_password_is_refused(password: str) -> None:
    assert refusals(password, person=ADA) != []


def test_the_name_of_the_site_is_one_of_its_words(settings: Settings) -> None:
    assert refusals("weinbergweg-12345", person=ADA) == []
    settings.SITE_URL = "https://weinbergweg.example.org"
    assert refusals("weinbergweg-12345", person=ADA) != []


def test_every_known_password_of_the_list_is_refused() -> None:
    listed = (BASE_DIR / "accounts" / "known_passwords.txt").read_text().split()
    assert [password for password in listed if not refusals(password, person=ADA)] == []


def test_the_same_rule_holds_on_every_path() -> None:
    """Set-up, invitation, change, reset and command have no list of their own, but the one of the settings."""
    paths = ("accounts/forms.py", "accounts/management/commands/create_user.py")
    assert all("passwords.refusals(" in (BASE_DIR / path).read_text() for path in paths)
