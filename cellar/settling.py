"""Making a change of the cellar happen once: the database's transaction around it, its key, trying again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.utils.translation import gettext as _

from cellar import search
from cellar.ledger import AlreadyDoneError, Entry, LostRaceError, StockError, record
from cellar.models import Transaction
from winebox import databases

_waiting: ContextVar[set[UUID] | None] = ContextVar("wines that a batch has changed", default=None)


def settle(work: Callable[[], list[Transaction]], key: UUID | None) -> list[Transaction]:
    """Do the work, all or nothing, and look again when somebody else was quicker.

    With a key that was used before nothing happens, and what was done then is returned.
    """
    try:
        return databases.atomically(lambda: done_with(key) or work(), again_on=(AlreadyDoneError, LostRaceError))
    except AlreadyDoneError as error:
        # It stays refused, and nothing was done before: the entries themselves break a rule of the database.
        raise error.__cause__ or error from None
    except StockError:
        # The same form, sent twice at once: the other one took the bottles that this one wanted.
        if databases.may_try_again() and (done := done_with(key)):
            return done
        raise
    except Exception as error:
        if not databases.is_conflict(error):
            raise
        raise LostRaceError(
            _("Others were changing the same bottles at that moment. Nothing was changed; please try again.")
        ) from error


def done_with(key: UUID | None) -> list[Transaction]:
    """Return what was done with this key before."""
    return list(Transaction.objects.filter(action=key).order_by("created_at", "id")) if key else []


def write(entries: Sequence[Entry]) -> list[Transaction]:
    """Record the entries and index their wines anew, or leave that to the batch around it."""
    if not entries:
        return []
    wine_ids = {entry.transaction.wine_id for entry in entries}
    waiting = _waiting.get()
    if waiting is None:
        return record(entries, finish=lambda: search.reindex(wine_ids))
    waiting.update(wine_ids)
    return record(entries)


@contextmanager
def batch() -> Iterator[None]:
    """Do many verbs of `cellar.stock` as one: all or none, each wine indexed once, at the end.

    Each verb keeps its rules. Let errors out of the block: on MongoDB nothing else undoes what was
    written in it. While it lasts nobody else can write on SQLite, so do a few hundred at a time.
    """
    if _waiting.get() is not None:
        yield
        return
    changed: set[UUID] = set()
    token = _waiting.set(changed)
    try:
        with databases.atomic():
            yield
            search.reindex(changed)
    except BaseException:
        if not databases.rolls_back():
            search.reindex(changed)
        raise
    finally:
        _waiting.reset(token)
