"""What is on a label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cellar import drinking
from cellar.folding import fold
from winebox.models import BaseModel

if TYPE_CHECKING:
    from cellar.models.label import Label

FIRST_YEAR, LAST_YEAR = 1800, 2200
MAX_GRAPES = 20
GRAPE_LENGTH = 80
NAME_LENGTH = 200
PLACE_LENGTH = 120
MAX_CUSTOM_FIELDS = 20
SEARCH_LENGTH = 8_000
# Changed by one statement each, while others change them, too: a form that saves a wine must not write old values back.
KEPT = frozenset(
    {
        "count_on_order",
        "count_in_cellar",
        "count_open",
        "count_gone",
        "price_per_750",
        "price_currency",
        "search_text",
        "facets",
    }
)


class WineType(models.TextChoices):
    UNKNOWN = "", _("Unknown")
    RED = "red", _("Red")
    WHITE = "white", _("White")
    ROSE = "rose", _("Rosé")
    ORANGE = "orange", _("Orange")
    SPARKLING = "sparkling", _("Sparkling")
    DESSERT = "dessert", _("Dessert")
    FORTIFIED = "fortified", _("Fortified")
    OTHER = "other", _("Other")


class Colour(models.TextChoices):
    """The colour of a sparkling, dessert or fortified wine; for the others the type says it."""

    UNKNOWN = "", _("Unknown")
    RED = "red", _("Red")
    WHITE = "white", _("White")
    ROSE = "rose", _("Rosé")


class Sweetness(models.TextChoices):
    UNKNOWN = "", _("Unknown")
    DRY = "dry", _("Dry")
    OFF_DRY = "off_dry", _("Off-dry")
    MEDIUM = "medium", _("Medium")
    SWEET = "sweet", _("Sweet")


class Body(models.TextChoices):
    UNKNOWN = "", _("Unknown")
    VERY_LIGHT = "very_light", _("Very light-bodied")
    LIGHT = "light", _("Light-bodied")
    MEDIUM = "medium", _("Medium-bodied")
    FULL = "full", _("Full-bodied")
    VERY_FULL = "very_full", _("Very full-bodied")


class Acidity(models.TextChoices):
    UNKNOWN = "", _("Unknown")
    LOW = "low", _("Low")
    MEDIUM = "medium", _("Medium")
    HIGH = "high", _("High")


class ProducerType(models.TextChoices):
    UNKNOWN = "", _("Unknown")
    ESTATE = "estate", _("Estate")
    NEGOCIANT = "negociant", _("Négociant")
    COOPERATIVE = "cooperative", _("Cooperative")


class PriceTier(models.TextChoices):
    UNKNOWN = "", _("Unknown")
    BUDGET = "budget", _("Budget")
    VALUE = "value", _("Value")
    MID_RANGE = "mid_range", _("Mid-range")
    PREMIUM = "premium", _("Premium")
    LUXURY = "luxury", _("Luxury")
    ULTRA_PREMIUM = "ultra_premium", _("Ultra-premium")

    @classmethod
    def of(cls, per_750_ml: int) -> PriceTier:
        """Return the tier of a price for 750 ml, in minor units of the household's currency."""
        bounds = [
            (15_00, cls.BUDGET),
            (25_00, cls.VALUE),
            (50_00, cls.MID_RANGE),
            (100_00, cls.PREMIUM),
            (250_00, cls.LUXURY),
        ]
        return next((tier for bound, tier in bounds if per_750_ml < bound), cls.ULTRA_PREMIUM)


@dataclass(frozen=True)
class Grape:
    """One grape of a blend; `percent` is of the whole, or None where the label does not say."""

    name: str
    percent: float | None = None

    def __str__(self) -> str:
        return self.name if self.percent is None else f"{self.name} {self.percent:g} %"


def identity(producer: str, name: str, vintage: str) -> str:
    """Return what makes two wines the same one: producer, name and vintage, without case and accents."""
    return f"{fold(producer)}|{fold(name)}|{vintage.lower()}"


class WineQuerySet(models.QuerySet["Wine"]):
    def current(self) -> Self:
        """Leave out archived wines."""
        return self.filter(archived_at=None)

    def in_stock(self) -> Self:
        """Return wines with at least one bottle in the cellar, full or open."""
        return self.filter(Q(count_in_cellar__gt=0) | Q(count_open__gt=0))

    def hold(self) -> int:
        """Make others who change these wines wait for the end of this transaction; return how many wines there are.

        Called before what depends on them is read. On MongoDB others do not wait, they are refused and try again.
        """
        return self.update(updated_at=timezone.now())

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete these wines, and mark the newest of the others: a wine that is gone bears no mark that it changed."""
        deleted = super().delete()
        newest = Wine.objects.order_by("-updated_at").values_list("pk", flat=True).first()
        if newest is not None:
            Wine.objects.filter(pk=newest).hold()
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]  # (so that no template calls it)
    delete.queryset_only = True  # type: ignore[attr-defined]

    def same_as(self, *, producer: str, name: str, vintage: str) -> Self:
        return self.filter(identity_key=identity(producer, name, vintage))

    def vintages_of(self, *, producer: str, name: str) -> Self:
        """Return the vintages of a wine; one by one, because an index finds them so on every engine."""
        vintages = ["", "nv", *map(str, range(FIRST_YEAR, timezone.localdate().year + 3))]
        return self.filter(identity_key__in=[identity(producer, name, vintage) for vintage in vintages])

    def below_minimum(self) -> Self:
        """Return wines of which the household wants to keep more than there are."""
        return self.filter(minimum_stock__isnull=False, minimum_stock__gt=models.F("count_in_cellar"))


class Wine(BaseModel):
    """A wine: what is on the label. How many bottles there are is kept by `cellar.stock` alone."""

    # Kept by cellar.search: what is looked up, without case and accents. SQLite reads a row from its first column on,
    # so what a search reads of every wine stands first: that halves its time.
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    search_text = models.TextField(editable=False, blank=True)
    facets = models.TextField(editable=False, blank=True)
    identity_key = models.CharField(max_length=2 * NAME_LENGTH + 40, editable=False, db_index=True)
    sort_key = models.CharField(max_length=2 * NAME_LENGTH + 40, editable=False)

    producer = models.CharField(_("producer"), max_length=NAME_LENGTH, blank=True)
    name = models.CharField(_("name"), max_length=NAME_LENGTH, blank=True)
    vintage = models.PositiveSmallIntegerField(_("vintage"), null=True, blank=True)
    non_vintage = models.BooleanField(_("non-vintage"), default=False)
    type = models.CharField(_("type"), max_length=12, choices=WineType, blank=True)
    colour = models.CharField(_("colour"), max_length=12, choices=Colour, blank=True)
    sweetness = models.CharField(_("sweetness"), max_length=12, choices=Sweetness, blank=True)
    body = models.CharField(_("body"), max_length=12, choices=Body, blank=True)
    acidity = models.CharField(_("acidity"), max_length=12, choices=Acidity, blank=True)
    country = models.CharField(_("country"), max_length=PLACE_LENGTH, blank=True)
    region = models.CharField(_("region"), max_length=PLACE_LENGTH, blank=True)
    sub_region = models.CharField(_("sub-region"), max_length=PLACE_LENGTH, blank=True)
    appellation = models.CharField(_("appellation"), max_length=PLACE_LENGTH, blank=True)
    vineyard = models.CharField(_("vineyard"), max_length=PLACE_LENGTH, blank=True)
    classification = models.CharField(_("classification"), max_length=PLACE_LENGTH, blank=True)
    grapes = models.JSONField(_("grapes"), default=list, blank=True)
    pairings = models.JSONField(_("goes with"), default=list, blank=True)
    alcohol = models.DecimalField(_("alcohol"), max_digits=4, decimal_places=1, null=True, blank=True)
    producer_type = models.CharField(_("kind of producer"), max_length=12, choices=ProducerType, blank=True)
    price_tier = models.CharField(_("price tier"), max_length=14, choices=PriceTier, blank=True)
    drink_from = models.PositiveSmallIntegerField(_("drink from"), null=True, blank=True)
    drink_until = models.PositiveSmallIntegerField(_("drink until"), null=True, blank=True)
    best_from = models.PositiveSmallIntegerField(_("best from"), null=True, blank=True)
    best_until = models.PositiveSmallIntegerField(_("best until"), null=True, blank=True)
    custom_fields = models.JSONField(_("own fields"), default=dict, blank=True)
    minimum_stock = models.PositiveSmallIntegerField(_("minimum stock"), null=True, blank=True)
    wishlist = models.BooleanField(_("on the wish list"), default=False)

    cellartracker_id = models.CharField("CellarTracker iWine", max_length=20, blank=True, db_index=True)
    vivino_url = models.CharField("Vivino", max_length=300, blank=True)
    lwin = models.CharField("LWIN", max_length=18, blank=True)
    ean = models.CharField("EAN", max_length=14, blank=True, db_index=True)

    cover = models.ForeignKey(
        "cellar.Label", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    # Kept by cellar.stock.
    count_on_order = models.PositiveIntegerField(default=0, editable=False)
    count_in_cellar = models.PositiveIntegerField(default=0, editable=False)
    count_open = models.PositiveIntegerField(default=0, editable=False)
    count_gone = models.PositiveIntegerField(default=0, editable=False)
    price_per_750 = models.PositiveBigIntegerField(null=True, editable=False)
    price_currency = models.CharField(max_length=3, blank=True, editable=False)

    objects = WineQuerySet.as_manager()

    class Meta:
        ordering = ("sort_key", "id")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["vintage", "sort_key"], name="wine_vintage"),
            # On SQLite alone (see its migration): a search reads this, a fifth of the table. It takes the id to be
            # preferred to the others for a search, and for nothing else.
            models.Index(fields=["archived_at", "search_text", "id"], name="wine_searched"),
            # Lists show what is not archived: an index that begins with that gives their first page at once.
            models.Index(fields=["archived_at", "sort_key", "id"], name="wine_sorted"),
            models.Index(fields=["archived_at", "drink_until", "sort_key", "id"], name="wine_due"),
            models.Index(fields=["-created_at"], name="wine_newest"),
            models.Index(fields=["-updated_at"], name="wine_changed"),
            # Holds all that the usual list asks, so that its wines are counted without being read.
            models.Index(fields=["archived_at", "count_in_cellar", "count_open"], name="wine_in_stock"),
            models.Index(fields=["-count_in_cellar", "sort_key"], name="wine_count"),
            models.Index(fields=["price_per_750", "sort_key"], name="wine_price"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def vintage_label(self) -> str:
        """Return the year, "NV" for non-vintage, or nothing where it is unknown."""
        return "NV" if self.non_vintage else str(self.vintage or "")

    @property
    def display_name(self) -> str:
        """Return the name without a producer it begins with, unless nothing would remain (Pétrus)."""
        name, producer = self.name.strip(), self.producer.strip()
        if not name:
            return producer
        if producer and fold(name).startswith(fold(producer) + " ") and name[: len(producer)].strip():
            return name[len(producer) :].lstrip(" -–,·") or name
        return name

    @property
    def title(self) -> str:
        """Return what a person calls the wine when the year is clear: producer and name."""
        return (
            self.display_name if self.display_name == self.producer else f"{self.producer} {self.display_name}".strip()
        )

    @property
    def full_name(self) -> str:
        return f"{self.title} {self.vintage_label}".strip()

    @property
    def grape_list(self) -> list[Grape]:
        return [Grape(name=row["name"], percent=row.get("percent")) for row in self.grapes]

    @property
    def place_line(self) -> str:
        """Return where the wine is from, narrowest first: "Margaux · Bordeaux · France"."""
        levels = [self.appellation, self.sub_region, self.region, self.country]
        return " · ".join(dict.fromkeys(level for level in levels if level))

    @property
    def count_present(self) -> int:
        return self.count_in_cellar + self.count_open

    @property
    def has_history(self) -> bool:
        return self.transactions.exists()

    @property
    def window(self) -> drinking.Window:
        return drinking.Window(self.drink_from, self.drink_until, self.best_from, self.best_until)

    @property
    def readiness(self) -> drinking.Readiness:
        return self.window.readiness(drinking.this_year())

    @property
    def window_label(self) -> str:
        return self.window.label

    @property
    def tier(self) -> PriceTier:
        """Return the tier somebody chose, or the one the last price paid suggests."""
        if self.price_tier or self.price_per_750 is None:
            return PriceTier(self.price_tier)
        return PriceTier.of(self.price_per_750)

    def cover_of(self, labels: list[Label]) -> Label | None:
        """Return the photo that stands for the wine: the first front, else the first."""
        return next((label for label in labels if label.kind == "front"), labels[0] if labels else None)

    def write_keys(self) -> None:
        """Work out what follows from the names alone."""
        self.identity_key = identity(self.producer, self.name, self.vintage_label)[: 2 * NAME_LENGTH + 40]
        self.sort_key = fold(f"{self.title} {self.vintage_label}")[: 2 * NAME_LENGTH + 40]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the keys under which the wine is found again; never what `stock` and `search` keep."""
        self.write_keys()
        fields = kwargs.get("update_fields")
        if fields is not None:
            kwargs["update_fields"] = {*fields, "identity_key", "sort_key", "updated_at"}
        elif not self._state.adding:
            kwargs["update_fields"] = {one.name for one in self._meta.concrete_fields} - {"id", *KEPT}
        super().save(*args, **kwargs)
