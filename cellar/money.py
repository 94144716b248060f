"""Money: whole minor units (cents) and an ISO 4217 code, so that sums are exact on every engine."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

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
MAX_DIGITS = 20
_SIGNS = ("€", "$", "£")

# How an amount is written, with the sign that separates thousands: 1234.50 and 1 234,50, 1.234,50, 1,234.50.
_WRITTEN = (
    (re.compile(r"\d+(?:[.,]\d{1,2})?"), ""),
    (re.compile(r"[1-9]\d{0,2}(?:[ '’\u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?"), " '’\u00a0\u202f"),
    (re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d{1,2})?"), "."),
    (re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d{1,2})?"), ","),
)


def exponent(currency: str) -> int:
    """Return how many digits follow the point in a currency."""
    return 0 if currency in NO_MINOR_UNIT else 2


def parse_amount(text: str, currency: str) -> int:
    """Read "12", "€12.50", "1.234,56" or "1,234.56" as minor units; a ValueError is a sentence for the person."""
    bare = _without_currency(text.strip(), currency)
    separators = next((sign for written, sign in _WRITTEN if written.fullmatch(bare)), None)
    if separators is None:
        raise ValueError(_("Enter an amount such as 12.50."))
    plain = bare.translate(str.maketrans("", "", separators)).replace(",", ".")
    if len(plain) > MAX_DIGITS:
        raise ValueError(_out_of_bounds())
    minor = int((Decimal(plain) * 10 ** exponent(currency)).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if minor > MAX_MINOR:
        raise ValueError(_out_of_bounds())
    return minor


def _without_currency(text: str, currency: str) -> str:
    """Return an amount without the currency before or after it, as a code or a sign."""
    for sign in (currency, CURRENCIES.get(currency, ""), *_SIGNS):
        if sign:
            text = text.removeprefix(sign).removesuffix(sign).strip()
    return text


def _out_of_bounds() -> str:
    return _("An amount is between 0 and 10 billion.")


def amount_of(minor: int, currency: str) -> Decimal:
    """Return an amount in whole units: 1250 cents are 12.50."""
    return Decimal(minor).scaleb(-exponent(currency))


def format_money(minor: int, currency: str, *, cents: bool = True) -> str:
    """Return an amount as people read it: "€1,234.50", "CHF 12.00"; without cents it is rounded."""
    digits = exponent(currency) if cents else 0
    amount = amount_of(minor, currency).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
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
