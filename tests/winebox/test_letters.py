"""Letters, through services that are real"""

import json
import time
from collections.abc import Callable
from urllib.request import urlopen

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from tests.engines import free_port
from tests.winebox import post_offices
from winebox import letters
from winebox.environment import SettingsError
from winebox.letters import Delivery
from winebox.mail_service import mail_config

SITE = "https://wine.example.org"
NO_KEYS = {"access_key_id": "", "secret_access_key": "", "region": ""}


@pytest.fixture
def reach(settings: Settings) -> Callable[..., None]:
    """Set the site up to send its mails to a URL, as `WINEBOX_EMAIL_URL` does."""

    def reach(url: str, **keys: str) -> None:
        settings.SITE_URL = SITE
        for name, value in mail_config(url, **{**NO_KEYS, **keys}).items():
            setattr(settings, name, value)

    return reach


def letter(*, to: str = "ada@example.org", inviter: str = "Bo", subject: str = "Come in") -> EmailMultiAlternatives:
    context = {"invitation": {"get_role_display": "Guest"}, "inviter": inviter, "url": f"{SITE}/accounts/x/"}
    return letters.write(to=to, subject=subject, template="invitation", context=context)


def test_a_letter_arrives_as_text_and_as_html(reach: Callable[..., None]) -> None:
    with post_offices.smtp() as office:
        reach(f"smtp://127.0.0.1:{office.port}")
        assert letters.send(letter()) is Delivery.SENT
    (arrived,) = office.letters
    text, page = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert text is not None
    assert page is not None
    assert f"{SITE}/accounts/x/" in text.get_content()
    assert f'<a href="{SITE}/accounts/x/">' in page.get_content()
    assert arrived["Subject"] == "Come in"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert office.envelopes == [["ada@example.org"]]


def test_names_are_escaped_in_html_and_left_alone_in_text(reach: Callable[..., None]) -> None:
    written = letter(inviter="<b>Bo & Co</b>")
    page = written.alternatives[0][0]
    assert "<b>Bo & Co</b>" in str(written.body)
    assert "&lt;b&gt;Bo &amp; Co&lt;/b&gt;" in str(page)


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\x0b", "\u2028", "\x85"])
def test_no_line_break_gets_into_a_header(reach: Callable[..., None], break_: str) -> None:
    with post_offices.smtp() as office:
        reach(f"smtp://127.0.0.1:{office.port}")
        assert letters.send(letter(subject=f"Hello{break_}Bcc: eve@example.org")) is Delivery.SENT
    (arrived,) = office.letters
    assert arrived["Bcc"] is None
    assert office.envelopes == [["ada@example.org"]]


@pytest.mark.parametrize("to", ["ada@example.org\r\nBcc: eve@example.org", "ada@example.org\nX: y"])
def test_an_address_with_a_line_break_is_not_written_to(reach: Callable[..., None], to: str) -> None:
    with post_offices.smtp() as office:
        reach(f"smtp://127.0.0.1:{office.port}")
        assert letters.send(letter(to=to)) is Delivery.FAILED
    assert office.letters == []


def test_a_service_that_refuses_is_a_failure_and_no_error(
    reach: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    with post_offices.smtp(refuses=True) as office:
        reach(f"smtp://127.0.0.1:{office.port}")
        assert letters.send(letter()) is Delivery.FAILED
    assert "A letter could not be sent" in caplog.text


def test_a_service_that_is_away_is_a_failure_and_no_error(reach: Callable[..., None]) -> None:
    reach(f"smtp://127.0.0.1:{free_port()}")
    assert letters.send(letter()) is Delivery.FAILED


@pytest.mark.once
def test_a_service_that_accepts_and_never_answers_costs_five_seconds_at_most(reach: Callable[..., None]) -> None:
    with post_offices.silent_server() as port:
        reach(f"smtp://127.0.0.1:{port}")
        began = time.monotonic()
        assert letters.send(letter()) is Delivery.FAILED
        assert time.monotonic() - began < letters.PATIENCE_SECONDS + 1
        post_offices.wait_for_couriers()


@pytest.mark.once
def test_letters_that_nobody_waits_for_cost_nothing_and_do_not_pile_up(
    reach: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    with post_offices.silent_server() as port:
        reach(f"smtp://127.0.0.1:{port}")
        written = [letter() for _ in range(20)]
        couriers = [courier for one in written if (courier := letters.post(one)) is not None]
        # Whoever posted them did not wait until they had given up.
        assert [courier.is_alive() for courier in couriers] == [True] * 8
        post_offices.wait_for_couriers()
    assert "too many are on their way" in caplog.text


def test_without_a_service_nothing_is_sent(settings: Settings) -> None:
    settings.SITE_URL = SITE
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert letters.send(letter()) is Delivery.NOT_CONFIGURED
    assert letters.post(letter()) is None


@pytest.mark.once
def test_a_letter_goes_through_amazon_ses(reach: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    with post_offices.amazon_ses("winebox@localhost") as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", endpoint)
        reach("ses://", access_key_id="AKIA", secret_access_key="secret", region="eu-west-1")
        assert letters.send(letter()) is Delivery.SENT
        with urlopen(f"{endpoint}/moto-api/data.json") as answer:
            (message,) = json.load(answer)["ses"]["RawMessage"]
    assert "ada@example.org" in str(message)


@pytest.mark.once
def test_amazon_refusing_a_letter_is_a_failure_and_no_error(
    reach: Callable[..., None], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with post_offices.amazon_ses("somebody.else@example.org") as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", endpoint)
        reach("ses://eu-west-1", access_key_id="AKIA", secret_access_key="a secret key", region="")
        assert letters.send(letter()) is Delivery.FAILED
    assert "A letter could not be sent" in caplog.text
    assert "a secret key" not in caplog.text


@pytest.mark.once
def test_amazon_accepting_and_never_answering_costs_five_seconds_at_most(
    reach: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with post_offices.silent_server() as port:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SESV2", f"http://127.0.0.1:{port}")
        reach("ses://eu-west-1", access_key_id="AKIA", secret_access_key="secret")
        began = time.monotonic()
        assert letters.send(letter()) is Delivery.FAILED
        assert time.monotonic() - began < letters.PATIENCE_SECONDS + 1
        post_offices.wait_for_couriers()


@pytest.mark.parametrize(
    ("keys", "missing"),
    [({}, "WINEBOX_AWS_REGION"), ({"region": "eu-west-1", "access_key_id": "A"}, "WINEBOX_AWS_SECRET_ACCESS_KEY")],
)
def test_amazon_with_half_of_its_settings_stops_the_start(keys: dict[str, str], missing: str) -> None:
    with pytest.raises(SettingsError, match=missing):
        mail_config("ses://", **{**NO_KEYS, **keys})
