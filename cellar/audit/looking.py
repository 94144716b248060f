"""How rows are looked at: part by part, and again with their wines held where something looks wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from cellar.models import Bottle, Transaction, TransactionLine, Wine
from winebox import databases

PART = 500


@dataclass
class Finding:
    """Something that is wrong: which check found it, about which row, and what it is."""

    check: str
    id: UUID
    problem: str
    mended: bool = False

    @property
    def key(self) -> tuple[str, UUID, str]:
        return (self.check, self.id, self.problem)


@dataclass
class Report:
    """What was looked at, and what was found."""

    counted: dict[str, int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong, or nothing any more."""
        return all(finding.mended for finding in self.findings)


@dataclass(frozen=True)
class Check:
    """How rows of one model are looked at, by their ids, and what is done about what is wrong with them."""

    model: type[Bottle] | type[Transaction] | type[TransactionLine] | type[Wine]
    look: Callable[[Sequence[UUID]], list[Finding]]
    hold: Callable[[Sequence[UUID]], object] = list
    mend: Callable[[Sequence[UUID]], None] | None = None
    part: int = PART


def findings(check: Check, *, fix: bool) -> Iterator[Finding]:
    """Yield what is wrong with the rows of a check, and mend it where that is asked and can be done."""
    for part in databases.keys_in_parts(check.model._default_manager.all(), check.part):
        suspects = sorted({finding.id for finding in check.look(part)})
        if suspects:
            yield from databases.atomically(lambda ids=suspects: _look_again(check, ids, fix=fix))  # type: ignore[misc]


def _look_again(check: Check, ids: Sequence[UUID], *, fix: bool) -> list[Finding]:
    check.hold(ids)
    found = check.look(ids)
    if fix and found and check.mend is not None:
        check.mend(sorted({finding.id for finding in found}))
        left = {finding.key for finding in check.look(ids)}
        for finding in found:
            finding.mended = finding.key not in left
    return found
