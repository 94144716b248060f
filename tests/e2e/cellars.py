"""Cellars to look at in a browser: `python -m tests.e2e.cellars NAME` fills an empty one and prints what is in it."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

Facts = dict[str, Any]

PASSWORD = "a long evening in the cellar"
PEOPLE = {"owner": "olivia@example.org", "member": "milo@example.org", "guest": "greta@example.org"}

# The longest words that labels have.
LONG = {
    "producer": "Weingut Dr. Hermann-Ludwig von Donaudampfschifffahrtsgesellschaft-Hohenzollern",
    "name": "Zeltinger Sonnenuhr Riesling Trockenbeerenauslese Goldkapsel Jubiläumsabfüllung",
    "type": "dessert",
    "country": "Deutschland",
    "region": "Mosel-Saar-Ruwer",
    "appellation": "Bernkasteler Doctorberg-Trockenbeerenauslesegebiet",
    "classification": "VDP.Große Lage Trockenbeerenauslese",
}
# A name without a blank, where no line can end.
ENDLESS = "Pfirsichweinbergterrassen" * 3 + "lagen"


WINES: tuple[Facts, ...] = (
    {"producer": "Château Margaux", "name": "Grand Vin", "vintage": 2005, "type": "red", "country": "France",
     "region": "Bordeaux", "appellation": "Margaux", "classification": "1er Grand Cru Classé",
     "alcohol": Decimal("13.0"), "grapes": [{"name": "Cabernet Sauvignon", "percent": 85.0},
                                            {"name": "Merlot", "percent": 15.0}],
     "drink_from": 2015, "drink_until": 2060, "best_from": 2022, "best_until": 2045},
    {"producer": "Giacomo Conterno", "name": "Barolo Cascina Francia", "vintage": 2016, "type": "red",
     "country": "Italy", "region": "Piemonte", "appellation": "Barolo", "drink_from": 2050, "drink_until": 2090},
    {"producer": "Keller", "name": "Von der Fels", "vintage": 2010, "type": "white", "country": "Germany",
     "region": "Rheinhessen", "drink_from": 2012, "drink_until": 2018, "minimum_stock": 12},
    {"producer": "Krug", "name": "Grande Cuvée", "non_vintage": True, "type": "sparkling", "country": "France",
     "region": "Champagne", "wishlist": True},
    {"producer": "Domaine Tempier", "name": "Bandol Rosé", "vintage": 2022, "type": "rose", "country": "France",
     "region": "Provence", "custom_fields": {"Bought with": "Aunt Léonie"}},
    {"producer": "Radikon", "name": "Oslavje", "vintage": 2015, "type": "orange", "country": "Italy",
     "region": "Friuli"},
    {"producer": "Taylor's", "name": "Quinta de Vargellas", "vintage": 1998, "type": "fortified",
     "country": "Portugal", "region": "Douro", "drink_from": 2008, "drink_until": 2080},
    {**LONG, "vintage": 2011, "drink_from": 2015, "drink_until": 2070},
)  # fmt: skip


SHEET = (
    "Producer,Wine,Vintage,Quantity,Price\nMuster,Riesling,2019,2,12.50\nMuster,Silvaner,2020,1,about ten\n,,2020,1,8\n"
)


def planned_import() -> str:
    """Bring a table, and plan it; return its id."""
    import tempfile
    from pathlib import Path

    from cellar.imports import batches
    from cellar.imports.files import LocalFile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wines.csv"
        path.write_text(SHEET)
        batch = batches.start(files_=[LocalFile(path, path.name)], actor=None)
    batches.plan_anew(batch=batch)
    batches.plan_step(batch=batch)
    return str(batch.pk)


def people() -> Facts:
    """Make an owner, a member and a guest; return them by their roles."""
    from accounts import people

    return {
        role: people.add(email=email, name=email.partition("@")[0].title(), role=role, password=PASSWORD)
        for role, email in PEOPLE.items()
    }


def label_file(colour: str) -> bytes:
    """Return a photo of a bottle with a capsule and glass of that colour, as a file."""
    picture = Image.new("RGB", (900, 1200), "#3a2a24")
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((330, 60, 570, 1180), 60, fill=colour)
    draw.rectangle((330, 560, 570, 960), fill="#fffaf0")
    target = BytesIO()
    picture.save(target, "JPEG")
    return target.getvalue()


def label(colour: str) -> Any:
    """Return the same, as the site keeps it."""
    from cellar.labels.sanitise import sanitise

    return sanitise(BytesIO(label_file(colour)), max_bytes=10_000_000)


def empty() -> Facts:
    people()
    return {}


def three() -> Facts:
    from cellar import stock, wines

    owner = people()["owner"]
    made = [wines.add_wine(**facts) for facts in (WINES[0], WINES[3], WINES[-1])]
    for wine in made:
        stock.check_in(wine=wine, quantity=3, actor=owner)
    return {"wine": str(made[0].pk)}


def many() -> Facts:
    """Make 120 wines of some 300 bottles: three pages of the list."""
    from cellar import places, stock, wines

    owner = people()["owner"]
    shelf = places.add_place(name="Shelf A", kind="shelf")
    with stock.batch():
        for number in range(120):
            facts = {**WINES[number % len(WINES)], "vintage": 2000 + number // len(WINES), "non_vintage": False}
            wine = wines.add_wine(**facts)
            stock.check_in(wine=wine, quantity=1 + number % 4, place=stock.Place(shelf.pk), actor=owner)
    return {}


def filled() -> Facts:
    """Make a cellar in which every page has something to show; return the ids of it."""
    from accounts import access_links, helpers, invitations, resets, second_factor
    from cellar import places, stock, wines
    from cellar.models import Reason

    everybody = people()
    owner, member = everybody["owner"], everybody["member"]
    house = places.add_place(name="House", kind="house")
    rack = places.add_place(name="Rack B", kind="rack", parent=house, rows=6, columns=8)
    shelf = places.add_place(name="Shelf by the door", kind="shelf", parent=house, note="cool in summer")
    fridge = places.add_place(name="Fridge", kind="fridge")
    margaux, barolo, keller, krug, tempier, radikon, port, long = [wines.add_wine(**facts) for facts in WINES]

    front = wines.add_label(wine=margaux, kind="front", photo=label("#5b1024"))
    wines.add_label(wine=margaux, kind="back", photo=label("#5b1024"))
    wines.add_label(wine=tempier, kind="front", photo=label("#d98a90"))

    def bring(wine: Any, quantity: int, *place: Any, price: int | None = None, size: int = 750, by: Any = owner) -> Any:
        purchase = stock.Purchase(price, "EUR", "Weinhandlung am Markt")
        return stock.check_in(
            wine=wine, quantity=quantity, place=stock.Place(*place), purchase=purchase, size_ml=size, actor=by
        )

    bring(margaux, 6, rack.pk, 1, 1, price=62500)
    bring(barolo, 5, rack.pk, 2, 3, price=18900)
    bring(barolo, 1, fridge.pk, price=41000, size=1500)
    bring(keller, 4, rack.pk, 3, 1, price=3200, by=member)
    bring(krug, 2, fridge.pk, price=19900)
    bring(tempier, 3, shelf.pk, price=2450)
    bring(radikon, 2, shelf.pk)
    bring(port, 4, rack.pk, 4, 2)
    bring(long, 3, rack.pk, 5, 4, price=129900, size=375)
    bring(long, 1)
    stock.order(wine=krug, quantity=6, actor=owner, expected_on=date.today() - timedelta(days=3))
    stock.open_bottle(wine=port, quantity=1, actor=member)
    stock.move(wine=barolo, quantity=1, to=stock.Place(shelf.pk), actor=member)
    drunk = stock.check_out(wine=keller, quantity=1, reason=Reason.DRANK, note="With asparagus.", actor=member)
    stock.undo(action=drunk.action, actor=owner)
    stock.check_out(wine=keller, quantity=1, reason=Reason.GIFT, recipient="Jonas", actor=member)
    closet = places.add_place(name=ENDLESS, kind="shelf", parent=house)
    endless = wines.add_wine(producer=ENDLESS, name=ENDLESS, vintage=2012, type="white", region=ENDLESS)
    bring(endless, 2, closet.pk, price=1500)
    stock.order(wine=endless, quantity=2, actor=owner)
    gone = wines.add_wine(producer="Maison Leroy", name="Bourgogne", vintage=2009, type="red", country="France")
    wines.archive_wine(wine=gone)
    note = wines.add_note(
        wine=margaux,
        author=owner,
        tasted_on=date(2024, 12, 24),
        text="Violets, cedar.\n\nBetter on the second day.",
        rating=Decimal("18.5"),
        scale="20",
        occasion="Christmas",
        company="the whole family",
    )
    score = wines.add_score(wine=margaux, source="Decanter", value="93-95", scale="100", reviewer="J. Anson", year=2016)
    invited = invitations.invite(email="nora@example.org", role="member", actor=owner)
    second_factor.start(person=owner)
    helper_link, helper_token = helpers.invite(scope=str(shelf.pk), name="Hanna", actor=member)
    email_token = access_links.make(purpose=access_links.Purpose.EMAIL, person=member, email="milo.new@example.org")
    return {
        "import": planned_import(),
        "reset_token": resets.make(person=member, actor=owner),
        "helper_link": str(helper_link.pk),
        "helper_token": helper_token,
        "email_token": email_token,
        "wine": str(margaux.pk),
        "plain_wine": str(radikon.pk),
        "ordered_wine": str(krug.pk),
        "long_wine": str(long.pk),
        "endless_wine": str(endless.pk),
        "endless_place": str(closet.pk),
        "wine_without_history": str(gone.pk),
        "bottle": str(margaux.bottles.order_by("row", "column")[0].pk),
        "label": str(front.pk),
        "note": str(note.pk),
        "score": str(score.pk),
        "rack": str(rack.pk),
        "shelf": str(shelf.pk),
        "member": str(member.pk),
        "invitation": str(invited.invitation.pk),
        "invitation_token": invited.token,
    }


CELLARS: dict[str, Callable[[], Facts]] = {"empty": empty, "three": three, "many": many, "filled": filled}

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "winebox.settings"
    import django

    django.setup()
    print(json.dumps(CELLARS[sys.argv[1]]()))
