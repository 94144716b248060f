"""The cellar in Django's admin: to look, search and mend; what is changed goes through the verbs of the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cellar import places, search, wines
from cellar.forms.wine import MAIN_FIELDS, MORE_FIELDS, WINDOW_FIELDS, WineForm
from cellar.models import (
    Bottle,
    Label,
    Location,
    ReferenceWine,
    Score,
    TastingNote,
    Transaction,
    TransactionLine,
    Wine,
)
from cellar.places import PlaceError
from cellar.wines import WineError
from winebox.admin_site import NotAdded, NotChanged, NotDeleted

if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
    WineModelAdmin = admin.ModelAdmin[Wine]
    BottleModelAdmin = admin.ModelAdmin[Bottle]
    LocationModelAdmin = admin.ModelAdmin[Location]
    NoteModelAdmin = admin.ModelAdmin[TastingNote]
    LabelModelAdmin = admin.ModelAdmin[Label]
    LineTabularInline = admin.TabularInline[TransactionLine, Transaction]
    LocationModelForm = forms.ModelForm[Location]
    NoteModelForm = forms.ModelForm[TastingNote]
else:
    AnyAdmin = WineModelAdmin = BottleModelAdmin = LocationModelAdmin = NoteModelAdmin = LabelModelAdmin = (
        admin.ModelAdmin
    )
    LineTabularInline = admin.TabularInline
    LocationModelForm = NoteModelForm = forms.ModelForm

KEPT = ("count_in_cellar", "count_open", "count_on_order", "count_gone")


def _of_wine(term: str) -> Q:
    """Return the condition that every word is somewhere in the text of a row's wine."""
    condition = Q()
    for word in search.words_of(term):
        condition &= Q(wine__search_text__contains=word)
    return condition


class CellarAdmin(AnyAdmin):
    """Rows are dealt with one by one, by the verbs; counting all of them for each search would take long."""

    show_full_result_count = False
    list_per_page = 50

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        # It would delete past the verbs.
        actions.pop("delete_selected", None)
        return actions


class OfWineAdmin(CellarAdmin):
    """Rows that belong to a wine are found by its words."""

    search_fields = ("wine__search_text",)
    list_select_related: ClassVar[tuple[str, ...]] = ("wine",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return queryset.filter(_of_wine(search_term)), False


# -- Wines -------------------------------------------------------------------------------------------------------------


class WineAdminForm(WineForm):
    """The form of the pages, for an admin that says `instance` where they say `wine`."""

    def __init__(self, *args: Any, instance: Wine | None = None, **kwargs: Any) -> None:
        super().__init__(*args, wine=instance, instance=instance, **kwargs)


@admin.register(Wine)
class WineAdmin(CellarAdmin):
    form = WineAdminForm
    list_display = ("full_name", "type", "region", *KEPT, "archived_at")
    list_filter = ("type", "wishlist", "non_vintage", ("archived_at", admin.EmptyFieldListFilter), "country")
    search_fields = ("search_text",)
    ordering = ("sort_key", "id")
    fieldsets = (
        (None, {"fields": MAIN_FIELDS}),
        (_("When to drink"), {"fields": WINDOW_FIELDS}),
        (_("More about the wine"), {"fields": MORE_FIELDS}),
        (_("Kept by the ledger"), {"fields": (*KEPT, "price_per_750", "price_currency", "archived_at")}),
        (_("Found by"), {"fields": ("search_text", "facets"), "classes": ("collapse",)}),
    )
    readonly_fields = (
        *KEPT, "price_per_750", "price_currency", "archived_at", "search_text", "facets", "created_at", "updated_at",
    )  # fmt: skip
    actions = ("archive", "restore", "index_anew")

    @admin.display(description=_("wine"), ordering="sort_key")
    def full_name(self, wine: Wine) -> str:
        return wine.full_name

    def view_on_site(self, obj: Wine) -> str:
        return reverse("wine", args=[obj.pk])

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Wine], search_term: str
    ) -> tuple[QuerySet[Wine], bool]:
        return queryset.filter(search.words_q(search_term)), False

    def save_model(self, request: HttpRequest, obj: Wine, form: Any, change: bool) -> None:
        # The form has already changed the wine it was given, so what differs is told from the stored one.
        if change:
            wines.edit_wine(wine=Wine.objects.get(pk=obj.pk), **form.facts())
        else:
            wines.add_wine(key=obj.pk, **form.facts())

    def has_delete_permission(self, request: HttpRequest, obj: Wine | None = None) -> bool:
        if obj is not None and (obj.has_history or obj.notes.exists()):
            return False
        return super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: Wine) -> None:
        wines.delete_wine(wine=obj)

    @admin.action(description=_("Archive: leave out of the lists"))
    def archive(self, request: HttpRequest, chosen: QuerySet[Wine]) -> None:
        self._each(request, chosen, wines.archive_wine)

    @admin.action(description=_("Bring back into the lists"))
    def restore(self, request: HttpRequest, chosen: QuerySet[Wine]) -> None:
        self._each(request, chosen, wines.restore_wine)

    @admin.action(description=_("Write anew what they are found by"))
    def index_anew(self, request: HttpRequest, chosen: QuerySet[Wine]) -> None:
        wines.index_wines(list(chosen.values_list("pk", flat=True)))
        self.message_user(request, _("Done."))

    def _each(self, request: HttpRequest, chosen: QuerySet[Wine], verb: Callable[..., Wine]) -> None:
        for wine in chosen:
            try:
                verb(wine=wine)
            except WineError as error:
                self.message_user(request, f"{wine}: {error}", messages.ERROR)
            else:
                self.message_user(request, _("%(name)s: done.") % {"name": wine})


@admin.register(Label)
class LabelAdmin(NotAdded, OfWineAdmin):
    """Photos are added on the pages, where they are made safe; their text can be mended here."""

    list_display = ("wine", "kind", "width", "height", "created_at", "photo")
    list_filter = ("kind", "created_at")
    fields = ("wine", "kind", "photo", "width", "height", "text", "created_at")
    readonly_fields = ("wine", "kind", "photo", "width", "height", "created_at")

    @admin.display(description=_("photo"))
    def photo(self, label: Label) -> SafeString:
        small, large = (reverse("label", args=[label.pk, size]) for size in ("small", "large"))
        return format_html('<a href="{}"><img src="{}" height="80" alt=""></a>', large, small)

    def save_model(self, request: HttpRequest, obj: Label, form: Any, change: bool) -> None:
        wines.describe_label(label=obj, text=obj.text)

    def delete_model(self, request: HttpRequest, obj: Label) -> None:
        wines.remove_label(label=obj)


# -- Notes -------------------------------------------------------------------------------------------------------------


class NoteAdminForm(NoteModelForm):
    """A tasting note with the rules of the page."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors:
            note = TastingNote(rating=cleaned["rating"], scale=cleaned["scale"], text=cleaned["text"])
            for name, error in note.errors().items():
                self.add_error(name, error)
        return cleaned


@admin.register(TastingNote)
class TastingNoteAdmin(OfWineAdmin):
    form = NoteAdminForm
    list_display = ("wine", "author", "tasted_on", "rating_label", "occasion")
    list_filter = ("scale", "tasted_on", "author")
    list_select_related = ("wine", "author")
    autocomplete_fields = ("wine",)
    fields = ("wine", "tasted_on", "text", "rating", "scale", "occasion", "company", "author", "created_at")

    def get_readonly_fields(self, request: HttpRequest, obj: TastingNote | None = None) -> tuple[str, ...]:
        return ("author", "created_at") if obj is None else ("wine", "author", "created_at")

    def save_model(self, request: HttpRequest, obj: TastingNote, form: Any, change: bool) -> None:
        facts = {name: form.cleaned_data[name] for name in form.fields if name != "wine"}
        if change:
            wines.edit_note(note=TastingNote.objects.get(pk=obj.pk), **facts)
        else:
            wines.add_note(wine=obj.wine, author=request.user, key=obj.pk, **facts)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: TastingNote) -> None:
        wines.delete_note(note=obj)


@admin.register(Score)
class ScoreAdmin(OfWineAdmin):
    list_display = ("wine", "source", "label", "reviewer", "year")
    list_filter = ("source", "scale")
    autocomplete_fields = ("wine",)
    fields = ("wine", "source", "value", "scale", "reviewer", "year", "created_at")
    readonly_fields = ("created_at",)


# -- The catalogue -----------------------------------------------------------------------------------------------------


@admin.register(ReferenceWine)
class ReferenceWineAdmin(NotAdded, NotChanged, NotDeleted, CellarAdmin):
    """The catalogue is read here; `import_catalogue` changes it."""

    list_display = ("producer", "name", "type", "country", "region", "body", "acidity", "rating", "ratings")
    list_filter = ("type", "body", "acidity", "non_vintage", "country")
    search_fields = ("words",)
    ordering = ("producer", "name", "number")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[ReferenceWine], search_term: str
    ) -> tuple[QuerySet[ReferenceWine], bool]:
        for word in search.words_of(search_term):
            queryset = queryset.filter(words__contains=word)
        return queryset, False


# -- Places ------------------------------------------------------------------------------------------------------------


class LocationAdminForm(LocationModelForm):
    """A place with the rules of the page."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        rows, columns = cleaned.get("rows"), cleaned.get("columns")
        if (rows is None) != (columns is None):
            self.add_error("columns", _("A rack has rows and columns; a place without slots has neither."))
        elif not self.errors:
            try:
                self._require(cleaned)
            except PlaceError as error:
                self.add_error(error.field, str(error))
        return cleaned

    def _require(self, cleaned: dict[str, Any]) -> None:
        one, parent = self.instance, cleaned.get("parent")
        if not one._state.adding:
            places.require_fit(location=one, parent=parent, rows=cleaned.get("rows"), columns=cleaned.get("columns"))
        if {"name", "parent"} & set(self.changed_data):
            places.require_free_name(name=cleaned["name"], parent=parent, but=one.pk)


@admin.register(Location)
class LocationAdmin(CellarAdmin):
    form = LocationAdminForm
    list_display = ("name", "kind", "parent", "rows", "columns", "archived_at")
    list_filter = ("kind", ("archived_at", admin.EmptyFieldListFilter))
    list_select_related = ("parent",)
    search_fields = ("name", "note")
    autocomplete_fields = ("parent",)
    fields = ("name", "kind", "parent", "rows", "columns", "note", "archived_at", "created_at", "updated_at")
    readonly_fields = ("archived_at", "created_at", "updated_at")

    def view_on_site(self, obj: Location) -> str:
        return reverse("location", args=[obj.pk])

    def save_model(self, request: HttpRequest, obj: Location, form: Any, change: bool) -> None:
        facts = {name: form.cleaned_data[name] for name in form.fields}
        if change:
            places.edit_place(location=Location.objects.get(pk=obj.pk), **facts)
        else:
            places.add_place(key=obj.pk, **facts)

    def has_delete_permission(self, request: HttpRequest, obj: Location | None = None) -> bool:
        if obj is not None and places.is_named(obj.pk):
            return False
        return super().has_delete_permission(request, obj)


# -- Bottles and the ledger --------------------------------------------------------------------------------------------


@admin.register(Bottle)
class BottleAdmin(NotAdded, NotDeleted, OfWineAdmin):
    """Where a bottle is, and how, is changed on the pages; here its note and barcode can be mended."""

    list_display = ("wine", "size_label", "state", "location", "row", "column", "note", "barcode", "created_at")
    list_filter = ("state", "size_ml", ("location", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("wine", "location")
    fields = (
        "wine", "size_label", "state", "location", "row", "column", "step", "source", "note", "barcode", "created_at",
        "updated_at",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name not in {"note", "barcode"})

    def view_on_site(self, obj: Bottle) -> str:
        return reverse("bottle", args=[obj.pk])

    def save_model(self, request: HttpRequest, obj: Bottle, form: Any, change: bool) -> None:
        wines.describe_bottle(bottle=obj, note=obj.note, barcode=obj.barcode)


class LineInline(NotAdded, NotChanged, NotDeleted, LineTabularInline):
    model = TransactionLine
    fields = (
        "bottle", "step", "state_before", "state_after", "location_before", "row_before", "column_before",
        "location_after", "row_after", "column_after",
    )  # fmt: skip
    readonly_fields = fields
    ordering = ("bottle", "step")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TransactionLine]:
        return super().get_queryset(request).select_related("bottle__wine", "location_before", "location_after")


@admin.register(Transaction)
class TransactionAdmin(NotAdded, NotChanged, NotDeleted, OfWineAdmin):
    """The ledger is read here; a step is taken back in the history."""

    list_display = ("happened_at", "kind", "wine", "quantity", "actor", "reason", "note", "store", "recipient")
    list_filter = ("kind", "reason", "happened_at", "actor")
    list_select_related = ("wine", "actor")
    date_hierarchy = "happened_at"
    ordering = ("-happened_at", "-created_at", "-id")
    inlines = (LineInline,)

    def view_on_site(self, obj: Transaction) -> str:
        return f"{reverse('history')}?wine={obj.wine_id}"
