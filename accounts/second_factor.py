"""The second factor: switching it on and off, and checking a code.

The codes are those of RFC 6238, computed by django-otp. Its own tables are not used: they keep recovery codes in the
clear, and read the latest code before they write it, so that one code sent twice at the same moment works twice.
"""

import base64
import hmac
import re
import secrets
import time
from urllib.parse import quote

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.oath import hotp

from accounts import devices, mails, security
from accounts.links import hash_secret
from accounts.models import HouseholdRules, RecoveryCode, Role, SecondFactor, User
from winebox import limits
from winebox.databases import atomic

STEP_SECONDS = 30
DIGITS = 6
# Clocks differ: the code before and the one after count, too.
STEPS_AROUND = 1
RECOVERY_CODES = 10
RECOVERY_CODE_LENGTH = 16


class TooManyCodesError(Exception):
    """So many wrong codes that further ones are not looked at for a while."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


def is_on(person: User) -> bool:
    return SecondFactor.objects.filter(person=person, confirmed_at__isnull=False).exists()


def is_required() -> bool:
    """Whether the owner wants everybody to have one."""
    return HouseholdRules.objects.filter(pk=HouseholdRules.THE_ONE, second_factor_required=True).exists()


def is_missing(person: User) -> bool:
    """Whether this person has to set one up; a helper has not even a password."""
    return person.confined_to is None and is_required() and not is_on(person)


def start(*, person: User) -> None:
    """Make a new secret for an app; what is on already stays."""
    secret = base64.b32encode(secrets.token_bytes(20)).decode()
    if not SecondFactor.objects.filter(person=person, confirmed_at=None).update(secret=secret, last_step=0):
        SecondFactor.objects.get_or_create(person=person, defaults={"secret": secret})


def being_set_up(person: User) -> SecondFactor | None:
    """Return the secret that waits for its first code."""
    return SecondFactor.objects.filter(person=person, confirmed_at=None).first()


def switch_on(*, person: User, code: str) -> list[str] | None:
    """Switch it on if the app shows the right code; return the recovery codes, which exist only here and now."""
    factor = being_set_up(person)
    if factor is None or not _is_right_now(factor, code):
        return None
    if not SecondFactor.objects.filter(pk=factor.pk, confirmed_at=None).update(confirmed_at=timezone.now()):
        return None
    codes = _new_recovery_codes(person)
    _end_sessions(person)
    security.record(kind=security.Kind.SECOND_FACTOR_ON, actor=person, subject=person)
    mails.tell_second_factor(person, what=_("Signing in with your account now needs a code from your app."))
    return codes


def switch_off(*, person: User, actor: User | None) -> None:
    """Forget the secret and the recovery codes; the password alone signs in again."""
    was_on = is_on(person)
    with atomic():
        SecondFactor.objects.filter(person=person).delete()
        RecoveryCode.objects.filter(person=person).delete()
    if was_on:
        _end_sessions(person)
        security.record(kind=security.Kind.SECOND_FACTOR_OFF, actor=actor, subject=person)
        mails.tell_second_factor(person, what=_("Your second factor was switched off: the password alone signs in."))


def new_recovery_codes(*, person: User) -> list[str]:
    """Return ten new codes; the old ones are worth nothing."""
    codes = _new_recovery_codes(person)
    security.record(kind=security.Kind.RECOVERY_CODES_MADE, actor=person, subject=person)
    mails.tell_second_factor(person, what=_("New recovery codes were made; the old ones are worth nothing."))
    return codes


def check(*, person: User, typed: str) -> bool:
    """Whether this is a code of the app or on paper; each is good for once, and too many wrong ones for a while."""
    tries = f"second-factor.{person.pk}"
    limit, seconds = settings.AXES_FAILURE_LIMIT, int(settings.AXES_COOLOFF_TIME.total_seconds())
    if wait := limits.take(tries, limit=limit, seconds=seconds):
        security.record(kind=security.Kind.LOCKED_OUT, subject=person, detail="second factor")
        raise TooManyCodesError(wait)
    if _is_code(person, typed) or _is_recovery_code(person, typed):
        limits.forget(tries, seconds=seconds)
        return True
    security.record(kind=security.Kind.SECOND_FACTOR_FAILED, subject=person)
    if limits.seconds_left(tries, limit=limit, seconds=seconds):
        mails.tell_locked_out(person.email, person=person)
    return False


def require(*, required: bool, actor: User) -> None:
    """Decide whether everybody needs one; those without are signed out and set one up when they come back."""
    HouseholdRules.objects.update_or_create(pk=HouseholdRules.THE_ONE, defaults={"second_factor_required": required})
    security.record(kind=security.Kind.SETTINGS_CHANGED, actor=actor, detail=f"second factor required: {required}")
    if required:
        having = SecondFactor.objects.filter(confirmed_at__isnull=False).values_list("person_id", flat=True)
        for person in User.objects.filter(is_active=True).exclude(role=Role.HELPER).exclude(pk__in=list(having)):
            _end_sessions(person)


def address_for_app(factor: SecondFactor) -> str:
    """Return what the QR code says: whose secret it is, and the secret."""
    issuer = quote(f"WineBox {settings.SITE_HOST}".strip())
    return f"otpauth://totp/{issuer}:{quote(factor.person.email)}?secret={factor.secret}&issuer={issuer}"


def code_at(secret: str, step: int) -> str:
    """Return the code of one half minute since 1970."""
    return f"{hotp(base64.b32decode(secret), step, DIGITS):0{DIGITS}d}"


def _is_code(person: User, typed: str) -> bool:
    factor = SecondFactor.objects.filter(person=person, confirmed_at__isnull=False).first()
    return factor is not None and _is_right_now(factor, typed)


def _is_right_now(factor: SecondFactor, typed: str) -> bool:
    code = re.sub(r"\s", "", typed)
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", code):
        return False
    now = int(time.time()) // STEP_SECONDS
    for step in range(now - STEPS_AROUND, now + STEPS_AROUND + 1):
        if hmac.compare_digest(code_at(factor.secret, step), code):
            # The gate: of two who send the same code at once, one gets in.
            return bool(SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step))
    return False


def _is_recovery_code(person: User, typed: str) -> bool:
    code = re.sub(r"[^A-Z2-7]", "", typed.upper())
    if len(code) != RECOVERY_CODE_LENGTH:
        return False
    waiting = RecoveryCode.objects.filter(person=person, code_hash=hash_secret(code), used_at=None)
    if not waiting.update(used_at=timezone.now()):
        return False
    left = RecoveryCode.objects.filter(person=person, used_at=None).count()
    security.record(kind=security.Kind.RECOVERY_CODE_USED, actor=person, subject=person, detail=f"{left} left")
    return True


def _new_recovery_codes(person: User) -> list[str]:
    # 80 random bits each, so that a plain hash is enough.
    codes = [base64.b32encode(secrets.token_bytes(10)).decode() for _number in range(RECOVERY_CODES)]
    with atomic():
        RecoveryCode.objects.filter(person=person).delete()
        RecoveryCode.objects.bulk_create(RecoveryCode(person=person, code_hash=hash_secret(code)) for code in codes)
    return ["-".join(re.findall("....", code)) for code in codes]


def _end_sessions(person: User) -> None:
    User.objects.filter(pk=person.pk).update(session_generation=F("session_generation") + 1)
    person.refresh_from_db()
    devices.end_all(person)
