"""What a question to Claude costs, as far as prices are known: an estimate, never a bill."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings

# US dollars for a million tokens, sent and returned, by how the model's name begins; the longest that fits counts.
# From Anthropic's list of November 2026. Of Haiku 5.5 the price for short questions, and ours are short.
LIST_PRICES = {
    "claude-haiku-4-5": ("1", "5"),
    "claude-haiku-5-5": ("0.10", "0.50"),
    "claude-sonnet-4-5": ("3", "15"),
    "claude-sonnet-4-6": ("3", "15"),
    "claude-sonnet-5": ("2", "10"),
    "claude-opus-4-5": ("5", "25"),
    "claude-opus-4-6": ("5", "25"),
    "claude-opus-4-7": ("5", "25"),
    "claude-opus-4-8": ("5", "25"),
    "claude-opus-5": ("5", "25"),
    "claude-opus-5-5": ("4", "20"),
    "claude-fable-5": ("10", "50"),
}


def price_of(model: str) -> tuple[Decimal, Decimal] | None:
    """Return what a million tokens cost with this model, sent and returned: as set, else as listed, else None."""
    if settings.ANTHROPIC_PRICE is not None:
        given: tuple[Decimal, Decimal] = settings.ANTHROPIC_PRICE
        return given
    names = [name for name in LIST_PRICES if model == name or model.startswith(f"{name}-")]
    if not names:
        return None
    sent, returned = LIST_PRICES[max(names, key=len)]
    return Decimal(sent), Decimal(returned)


def cost_of(*, model: str, sent: int, returned: int) -> int | None:
    """Return the estimated cost in millionths of a dollar, or None for a model without a known price."""
    price = price_of(model)
    # Dollars for a million tokens are millionths of a dollar for one.
    return None if price is None else int((sent * price[0] + returned * price[1]).to_integral_value())
