"""`manage.py check_ledger`: whether the book is right."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cellar.audit import Report, audit

SHOWN = 50


class Command(BaseCommand):
    help = (
        "Prove every bottle, counter, slot and search entry from the ledger. With --fix, mend what follows from the "
        "ledger; the ledger itself is never edited. Safe while the site runs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fix", action="store_true", help="mend what can be mended")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, fix: bool, **options: Any) -> None:
        report = audit(fix=fix)
        if options["json"]:
            self.stdout.write(json.dumps(_document(report), ensure_ascii=False, indent=2))
        else:
            self._tell(report)
        if not report.is_right:
            raise CommandError(_summary(report, fix=fix))

    def _tell(self, report: Report) -> None:
        for finding in report.findings[:SHOWN]:
            mended = "  (mended)" if finding.mended else ""
            self.stdout.write(f"{finding.check} {finding.id}: {finding.problem}{mended}")
        if len(report.findings) > SHOWN:
            self.stdout.write(f"… and {len(report.findings) - SHOWN} more (--json lists all)")
        if report.is_right:
            counted = ", ".join(f"{name}: {number}" for name, number in report.counted.items())
            self.stdout.write(f"The book is right ({counted}).")


def _document(report: Report) -> dict[str, Any]:
    findings = [
        {"check": one.check, "id": str(one.id), "problem": one.problem, "mended": one.mended} for one in report.findings
    ]
    return {"ok": report.is_right, **report.counted, "findings": findings}


def _summary(report: Report, *, fix: bool) -> str:
    left = sum(not finding.mended for finding in report.findings)
    if fix:
        return f"Not everything can be mended from the ledger (left: {left}); restore a backup, or count those places."
    return (
        f"The book is not right (findings: {left}). `manage.py check_ledger --fix` mends what follows from the ledger."
    )
