"""Money: whole minor units (cents) and an ISO 4217 code, so that sums are exact on every engine."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.formats import number_format
from django.utils.translation import gettext as _

# Symbol (or nothing, where the code itself is shown), for the currencies in which wine is bought most.
CURRENCIES: dict[str, str] = {
    "EUR": "€", "USD": "$", "GBP": "£", "CHF": "", "AUD": "A$", "BRL": "R$", "CAD": "C$", "CLP": "", "CNY": "CN¥",
    "CZK": "", "DKK": "", "HKD": "HK$", "HUF": "", "ILS": "₪", "INR": "₹", "JPY": "¥", "KRW": "₩", "MXN": "MX$",
    "NOK": "", "NZD": "NZ$", "PLN": "", "RON": "", "RUB": "", "SEK": "", "SGD": "S$", "THB": "", "TRY": "",
    "TWD": "NT$", "UAH": "", "ZAR": "",
}  # fmt: skip
NO_MINOR_UNIT = frozenset({"JPY", "KRW", "CLP"})
MAX_MINOR = 10**12

_NUMBER = re.compile(r"^-?\d{1,3}(?:[ '’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?$|^-?\d+(?:[.,]\d{1,2})?$")
_GROUPED = re.compile(r"^-?\d{1,3}(?:(,\d{3})+(\.\d{1,2})?|(\.\d{3})+(,\d{1,2})?)$")


def exponent(currency: str) -> int:
    """Return how many digits follow the point in a currency."""
    return 0 if currency in NO_MINOR_UNIT else 2


def parse_amount(text: str, currency: str) -> int:
    """Read "12", "12.50", "1.234,56" or "1,234.56" as minor units; a ValueError is a sentence for the person."""
    bare = text.strip().strip("€$£ ").strip()
    if not (_NUMBER.match(bare) or _GROUPED.match(bare)):
        raise ValueError(_("Enter an amount such as 12.50."))
    if _GROUPED.match(bare):
        decimal_mark = max(bare.rfind(","), bare.rfind("."))
        has_cents = len(bare) - decimal_mark - 1 != 3
        whole, cents = (bare[:decimal_mark], bare[decimal_mark + 1 :]) if has_cents else (bare, "")
        bare = re.sub(r"[.,]", "", whole) + (f".{cents}" if cents else "")
    bare = re.sub(r"[ '’\u00a0\u202f]", "", bare).replace(",", ".")
    try:
        amount = Decimal(bare)
    except InvalidOperation as error:
        raise ValueError(_("Enter an amount such as 12.50.")) from error
    minor = int((amount * 10 ** exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if not 0 <= minor <= MAX_MINOR:
        raise ValueError(_("An amount is between 0 and 10 billion."))
    return minor


def plain_amount(minor: int, currency: str) -> str:
    """Return an amount for an input field: "12.50"."""
    return f"{Decimal(minor).scaleb(-exponent(currency)):f}"


def format_money(minor: int, currency: str, *, cents: bool = True) -> str:
    """Return an amount as people read it: "€1,234.50", "CHF 12.00"; without cents it is rounded."""
    digits = exponent(currency) if cents else 0
    amount = Decimal(minor).scaleb(-exponent(currency)).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    number = number_format(amount, decimal_pos=digits, use_l10n=True, force_grouping=True)
    symbol = CURRENCIES.get(currency, "")
    return f"{symbol}{number}" if symbol else f"{currency} {number}".strip()


def per_750(minor: int, size_ml: int) -> int:
    """Return a bottle's price as that of 750 ml, in minor units."""
    return (minor * 750 + size_ml // 2) // size_ml


def currency_choices(household: str) -> list[tuple[str, str]]:
    """Return the currencies for a form, the household's own first."""
    codes = [household, *(code for code in CURRENCIES if code != household)]
    return [(code, f"{code} {CURRENCIES.get(code, '')}".strip()) for code in codes]
