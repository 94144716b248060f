"""`manage.py create_demo`: a believable cellar to look at."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cellar.demo import DemoError, create_demo


class Command(BaseCommand):
    help = (
        "Fill an empty cellar with wines of the catalogue and ten years of purchases. The same seed, the same cellar."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--wines", type=int, default=200, help="how many wines (default: 200)")
        parser.add_argument(
            "--bottles", type=int, default=900, help="how many bottles, those drunk since among them (default: 900)"
        )
        parser.add_argument("--seed", type=int, default=1, help="which of the many possible cellars (default: 1)")

    def handle(self, *args: Any, wines: int, bottles: int, seed: int, **options: Any) -> None:
        try:
            demo = create_demo(wines=wines, bottles=bottles, seed=seed)
        except DemoError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(
            f"A cellar of {demo.wines} wines and {demo.bottles} bottles, with {demo.transactions} transactions."
        )
