"""Changing what is in the cellar: check in and out, open, move, deliver, undo."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from cellar import contexts, stock
from cellar.forms.stock import CancelForm, CheckInForm, CheckOutForm, DeliverForm, MoveForm, OpenForm
from cellar.ledger import StockError
from cellar.models import PRESENT, Bottle, Kind, Reason, State, Transaction, Wine
from cellar.settling import done_with
from cellar.sizes import STANDARD
from cellar.stock import Arrival
from cellar.tree import Tree, load_tree
from cellar.views.answers import actor_of, attempt, back_to, form_page, key_of, name_of, posted, slots_told, wine_or_404
from winebox import notices, security_log
from winebox.access import members


def _bottles_of(transaction: Transaction, wine: Wine) -> str:
    text = ngettext("%(n)d bottle of %(wine)s", "%(n)d bottles of %(wine)s", transaction.quantity)
    return text % {"n": transaction.quantity, "wine": name_of(wine)}


def _tell(request: HttpRequest, text: str, transaction: Transaction, wine: Wine) -> None:
    undo_url = reverse("undo", args=[transaction.action])
    told = text % {"bottles": _bottles_of(transaction, wine)}
    notices.done(request, f"{told} {_which_one(transaction)}".strip(), undo_url=undo_url)


def _which_one(transaction: Transaction) -> str:
    """Return which slots the bottles are to be put into, or where the one lay that is to be taken out or opened now.

    So the bottles are where the book has them, and the one in hand is that of the book.
    """
    if transaction.kind in (Kind.CHECK_IN, Kind.DELIVER, Kind.MOVE):
        return slots_told([transaction])
    if transaction.quantity != 1 or transaction.kind not in (Kind.CHECK_OUT, Kind.OPEN):
        return ""
    line = transaction.lines.get()
    if line.location_before_id is None:
        return ""
    place = load_tree().slot_label(line.location_before_id, line.row_before, line.column_before)
    return _("Take the one at %(place)s.") % {"place": place}


def _page(
    request: HttpRequest, wine: Wine, form: forms.BaseForm, tree: Tree, *, heading: str, action: str, **extra: Any
) -> HttpResponse:
    contexts.attach_places([wine], tree)
    context = {"wine": wine, "form": form, "page_heading": heading, "action": action, **extra}
    return form_page(request, "cellar/stock_form.html", context, form)


def _pointed_at(request: HttpRequest) -> UUID | None:
    """Return the bottle that a link pointed at, such as the one in a slot of a rack."""
    value = request.GET.get("bottle") or request.POST.get("which", "").removeprefix("bottle:")
    try:
        return UUID(value)
    except ValueError:
        return None


def _initial(request: HttpRequest, choices: list[tuple[str, str]]) -> dict[str, str]:
    """Return what is chosen at first: the bottle that was pointed at, and the slot of a rack that was tapped."""
    chosen = {"which": choices[0][0]} if choices and choices[0][0].startswith("bottle:") else {}
    return chosen | {name: request.GET[name] for name in ("location", "row", "column") if name in request.GET}


def _done(
    request: HttpRequest, form: forms.BaseForm, verb: Callable[..., Transaction], wine: Wine
) -> Transaction | None:
    """Do what the form asks for; sent again, it is done already, though its bottle may be no choice any more."""
    done = attempt(form, verb, wine=wine, actor=actor_of(request))
    return done or next((one for one in done_with(key_of(request)) if one.wine_id == wine.pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def check_in(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    wine, tree = wine_or_404(wine_id), load_tree()
    form = CheckInForm(posted(request), tree=tree, initial=_last_purchase(wine) | _initial(request, []))
    done = _done(request, form, _arrive, wine)
    if done is None:
        return _page(request, wine, form, tree, heading=_("Check in"), action=_("Check in"))
    ordered = form.cleaned_data["on_order"]
    _tell(request, _("%(bottles)s ordered.") if ordered else _("%(bottles)s checked in."), done, wine)
    return redirect("wine", wine.pk)


def _arrive(*, wine: Wine, actor: stock.Actor, **facts: Any) -> Transaction:
    return stock.check_in_many(arrivals=[Arrival(wine=wine, **facts)], actor=actor)[0]


def _last_purchase(wine: Wine) -> dict[str, Any]:
    """Return what is likely to be the same again: size, shop and currency of the last purchase."""
    last = wine.transactions.filter(kind__in=("check_in", "order")).order_by("-happened_at").first()
    if last is None:
        return {}
    known = {"size_ml": last.size_ml, "store": last.store, "currency": last.currency}
    return {name: value for name, value in known.items() if value}


@require_http_methods(["GET", "HEAD", "POST"])
@members
def check_out(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    wine, tree = wine_or_404(wine_id), load_tree()
    choices = contexts.bottle_choices(wine, PRESENT, tree, _pointed_at(request))
    form = CheckOutForm(posted(request), choices=choices, initial=_initial(request, choices))
    done = _done(request, form, stock.check_out, wine)
    if done is None:
        return _page(request, wine, form, tree, heading=_("Check out"), action=_("Check out"))
    _tell(request, _("%(bottles)s checked out."), done, wine)
    return redirect("wine", wine.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def open_bottle(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    wine, tree = wine_or_404(wine_id), load_tree()
    choices = contexts.bottle_choices(wine, [State.IN_CELLAR], tree, _pointed_at(request))
    form = OpenForm(posted(request), choices=choices, initial=_initial(request, choices))
    done = _done(request, form, stock.open_bottle, wine)
    if done is None:
        return _page(request, wine, form, tree, heading=_("Open"), action=_("Open"))
    _tell(request, _("%(bottles)s opened."), done, wine)
    return redirect("wine", wine.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def move(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    wine, tree = wine_or_404(wine_id), load_tree()
    choices = contexts.bottle_choices(wine, PRESENT, tree, _pointed_at(request))
    form = MoveForm(posted(request), choices=choices, tree=tree, initial=_initial(request, choices))
    done = _done(request, form, stock.move, wine)
    if done is None:
        return _page(request, wine, form, tree, heading=_("Move"), action=_("Move"))
    _tell(request, _("%(bottles)s moved."), done, wine)
    return redirect("wine", wine.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def deliver(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    wine, tree = wine_or_404(wine_id), load_tree()
    form = DeliverForm(posted(request), tree=tree, initial={"quantity": wine.count_on_order or 1})
    done = _done(request, form, stock.deliver, wine)
    if done is None:
        return _page(
            request, wine, form, tree, heading=_("Delivery"), action=_("Put into the cellar"), never_comes=True
        )
    _tell(request, _("%(bottles)s delivered."), done, wine)
    return redirect("wine", wine.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@members
def cancel(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    """Take bottles off an order, all or some of them."""
    wine, tree = wine_or_404(wine_id), load_tree()
    form = CancelForm(posted(request), initial={"quantity": wine.count_on_order or 1})
    done = _done(request, form, stock.cancel, wine)
    if done is None:
        return _page(request, wine, form, tree, heading=_("Cancel an order"), action=_("Take off the order"))
    _tell(request, _("%(bottles)s taken off the order."), done, wine)
    return redirect("wine", wine.pk)


@require_POST
@members
def drink(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    """Take one bottle out with one tap; a note can be added on the wine's page."""
    wine = wine_or_404(wine_id)
    try:
        done = stock.check_out(wine=wine, quantity=1, reason=Reason.DRANK, actor=actor_of(request), key=key_of(request))
    except StockError as error:
        notices.refused(request, str(error))
    else:
        _tell(request, _("%(bottles)s checked out."), done, wine)
    return back_to(request, reverse("wine", args=[wine.pk]))


@require_POST
@members
def plus(request: HttpRequest, wine_id: UUID) -> HttpResponse:
    """Put one more bottle in with one tap: of the size that came last, to where most of them lie, a free slot first."""
    wine = wine_or_404(wine_id)
    size = _last_purchase(wine).get("size_ml", STANDARD)
    place, actor = stock.Place(_usual_location(wine), fills=True, or_loose=True), actor_of(request)
    try:
        done = stock.check_in(wine=wine, quantity=1, size_ml=size, place=place, actor=actor, key=key_of(request))
    except StockError as error:
        notices.refused(request, str(error))
    else:
        _tell(request, _("%(bottles)s checked in."), done, wine)
    return back_to(request, reverse("wine", args=[wine.pk]))


def _usual_location(wine: Wine) -> UUID | None:
    """Return the place with the most bottles of a wine."""
    bottles = Bottle.objects.present().filter(wine=wine).order_by()
    places: Counter[UUID | None] = Counter(bottles.values_list("location_id", flat=True))
    return max(places, key=lambda place: places[place], default=None)


def _what_was(undone: list[Transaction]) -> str:
    """Return what was taken back, for the security log: "check out, 2 bottles of Barolo 2016"."""
    first = undone[0]
    original = first.reverses or first
    text = f"{original.get_kind_display()}, {_bottles_of(original, original.wine)}"
    others = len(undone) - 1
    return text + (ngettext(" and %(n)d more wine", " and %(n)d more wines", others) % {"n": others} if others else "")


@require_POST
@members
def undo(request: HttpRequest, action: UUID) -> HttpResponse:
    try:
        done = stock.undo(action=action, actor=actor_of(request))
    except StockError as error:
        notices.refused(request, str(error))
    else:
        security_log.note("undone", detail=_what_was(done))
        notices.done(request, _("Taken back."), undo_url=reverse("undo", args=[done[0].action]))
    return back_to(request, reverse("history"))
