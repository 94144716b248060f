"""Finding wines: by words, whatever the accents, the case and the keyboard, and by facets."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellar import search, stock
from cellar.folding import fold
from cellar.models import Label, Location, Reason, Wine
from cellar.search import facet_q, starts_q, words_q
from cellar.stock import Place, Purchase
from tests.cellar.factories import check_in, make_location, make_note, make_wine, stocked_wine

pytestmark = pytest.mark.django_db


def found(query: str) -> list[str]:
    return sorted(Wine.objects.filter(words_q(query)).values_list("producer", flat=True))


def wine(producer: str, **fields: object) -> Wine:
    return make_wine(producer=producer, **{"name": "", "country": "", "region": "", "type": "", **fields})


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Château Pétrus", "chateau petrus"),
        ("Château Pétrus", "CHÂTEAU"),
        ("CHATEAU", "château"),
        ("Weingut Straße", "strasse"),
        ("Weingut Strasse", "straße"),
        ("Œil de Perdrix", "oeil"),
        ("Bodega Søren", "soren"),
        ("Tokaj Włocławek", "wloclawek"),
        ("Ægir", "aegir"),
        ("Ürziger Würzgarten", "urziger wurzgarten"),
        ("Ürziger Würzgarten", "ÜRZIGER"),
        ("Añada", "anada"),
        ("Żubrówka", "zubrowka"),
        ("Čotar", "cotar"),
        ("Château d’Yquem", "d'yquem"),
        ("Château d'Yquem", "d’yquem"),
        ("Saint-Émilion", "saint emilion"),
        ("Saint Émilion", "saint-emilion"),
        ("Châteauneuf-du-Pape", "chateauneuf du pape"),
        ("Pommard, Les Rugiens", "pommard les rugiens"),
        ("Pommard Les Rugiens", "Pommard, Les Rugiens"),
        ("Côte (Rôtie)", "cote rotie"),
    ],
)
def test_accents_case_and_signs_do_not_matter(written: str, typed: str) -> None:
    wine(written)
    wine("Something else")
    assert found(typed) == [written]


def test_every_word_has_to_match() -> None:
    wine("Domaine Leflaive", name="Puligny")
    wine("Domaine Leroy", name="Vosne")
    assert found("domaine") == ["Domaine Leflaive", "Domaine Leroy"]
    assert found("domaine puligny") == ["Domaine Leflaive"]
    assert found("domaine nowhere") == []


def test_the_order_of_words_does_not_matter() -> None:
    wine("Domaine Leflaive", name="Puligny")
    assert found("puligny leflaive domaine") == ["Domaine Leflaive"]


def test_a_part_of_a_word_is_enough() -> None:
    wine("Domaine Leflaive")
    assert found("lefl") == found("flaive") == ["Domaine Leflaive"]


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_no_words_find_everything(query: str) -> None:
    wine("Domaine Leflaive")
    assert found(query) == ["Domaine Leflaive"]


@pytest.mark.parametrize("sign", ["%", "_", "\\", "*", ".", "$", "^", "[a-z]", "(", "|", "?", "+"])
def test_no_sign_stands_for_something_else(sign: str) -> None:
    wine("Plain")
    wine(f"Cuvée 100{sign} pure")
    assert found(f"100{sign}") == [f"Cuvée 100{sign} pure"]


@pytest.mark.parametrize("query", ["p_ain", "pl%n", "p.ain", "pla.*", "\\p", "plai[n]"])
def test_patterns_are_taken_literally(query: str) -> None:
    wine("Plain")
    assert found(query) == []


@pytest.mark.parametrize("query", ["\0", "pet\0rus", "'; DROP TABLE cellar_wine; --", '"', "x" * 5000, "💥", "\ud800"])
def test_no_question_is_an_error(query: str) -> None:
    wine("Plain")
    assert isinstance(found(query), list)


WORDS = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=60)


@given(WORDS, st.data())
@settings(max_examples=30)
def test_any_part_of_any_word_finds_the_wine(text: str, data: st.DataObject) -> None:
    one = wine(text)
    words = fold(text).split()
    if words:
        word = data.draw(st.sampled_from(words))
        start = data.draw(st.integers(0, len(word) - 1))
        part = word[start : data.draw(st.integers(start + 1, len(word)))]
        assert Wine.objects.filter(words_q(part), pk=one.pk).exists()
    assert Wine.objects.filter(words_q(text), pk=one.pk).exists()


@pytest.mark.parametrize(
    ("field", "value", "query"),
    [
        ("name", "Cuvée Rosé", "cuvee"),
        ("vintage", 2015, "2015"),
        ("non_vintage", True, "nv"),
        ("type", "sparkling", "sparkling"),
        ("colour", "rose", "rose"),
        ("sweetness", "off_dry", "off-dry"),
        ("country", "Österreich", "osterreich"),
        ("region", "Kamptal", "kamptal"),
        ("sub_region", "Côte de Nuits", "nuits"),
        ("appellation", "Morey-Saint-Denis", "morey"),
        ("vineyard", "Clos de Tart", "clos tart"),
        ("classification", "1er Cru", "1er"),
        ("grapes", [{"name": "Grüner Veltliner", "percent": 100}], "veltliner"),
        ("pairings", ["Bœuf", "Crème brûlée"], "boeuf creme"),
        ("custom_fields", {"Importer": "Müller & Co"}, "importer muller"),
        ("ean", "4001234567890", "4001234567890"),
    ],
)
def test_a_wine_is_found_by_what_is_on_its_label(field: str, value: object, query: str) -> None:
    if field == "non_vintage":
        wine("Some", non_vintage=True)
    else:
        wine("Some", **{field: value})
    wine("Other", vintage=1999)
    assert found(query) == ["Some"]


def test_a_wine_is_found_by_what_was_written_about_it() -> None:
    one = wine("Some")
    wine("Other")
    make_note(one, "Smells of wet slate")
    assert found("slate") == ["Some"]


def test_a_wine_is_found_by_the_text_on_its_photo() -> None:
    one = wine("Some")
    Label.objects.create(wine=one, name="a", width=1, height=1, text="Mis en bouteille au château")
    search.reindex([one.pk])
    assert found("bouteille") == ["Some"]


def test_a_wine_is_found_by_where_it_lies_and_not_by_where_it_lay() -> None:
    one = wine("Some")
    house = make_location("Country house")
    check_in(one, 1, location=make_location("Shelf", parent=house))
    assert found("country house") == ["Some"]
    stock.move(wine=one, quantity=1, to=Place(make_location("Fridge").pk), actor=None)
    assert found("country") == []
    assert found("fridge") == ["Some"]


def test_a_wine_is_found_by_where_it_was_bought_and_what_was_noted_then() -> None:
    one = wine("Some")
    check_in(one, 1, purchase=Purchase(1000, "EUR", "Cave du Port"), note="for the wedding")
    assert found("cave port") == found("wedding") == ["Some"]


def test_a_wine_is_found_by_the_note_on_a_bottle() -> None:
    one = stocked_wine(1, producer="Some")
    bottle = one.bottles.get()
    bottle.note = "torn capsule"
    bottle.save(update_fields=["note"])
    search.reindex([one.pk])
    assert found("capsule") == ["Some"]


@pytest.mark.parametrize(
    ("size", "query"),
    [
        (1500, "magnum"),
        (375, "half"),
        (375, "demi bouteille"),
        (3000, "jeroboam"),
        (4500, "JÉROBOAM"),
        (6000, "imperiale"),
        (3000, "double magnum"),
    ],
)
def test_a_wine_is_found_by_what_the_size_of_its_bottles_is_called(size: int, query: str) -> None:
    one = wine("Vietti")
    wine("Gaja")
    check_in(one, 1, size_ml=size)
    check_in(Wine.objects.get(producer="Gaja"), 1)
    assert found(query) == ["Vietti"]
    stock.check_out(wine=one, quantity=1, reason=Reason.DRANK, actor=None)
    assert found(query) == []


def test_a_very_long_text_is_cut_and_still_found_by_its_beginning() -> None:
    one = wine("Some")
    make_note(one, " ".join(f"word{number}" for number in range(5000))[:5000])
    make_note(one, " ".join(f"other{number}" for number in range(5000))[:5000])
    one.refresh_from_db()
    assert len(one.search_text) <= 8000
    assert found("some word1") == ["Some"]


# -- Facets ------------------------------------------------------------------------------------------------------------


def chosen(name: str, *values: str) -> list[str]:
    return sorted(Wine.objects.filter(facet_q(name, values)).values_list("producer", flat=True))


def test_a_facet_asks_for_the_whole_value() -> None:
    wine("A", country="Guinea")
    wine("B", country="Guinea Bissau")
    assert chosen("country", "guinea") == ["A"]


def test_one_of_several_values_is_enough() -> None:
    wine("A", country="France")
    wine("B", country="España")
    wine("C", country="Italy")
    assert chosen("country", "France", "ESPANA") == ["A", "B"]


def test_no_values_find_nothing() -> None:
    wine("A", country="France")
    assert chosen("country") == []


def test_a_region_is_found_on_each_level() -> None:
    wine("A", region="Bourgogne")
    wine("B", sub_region="Bourgogne")
    wine("C", appellation="Bourgogne")
    wine("D", country="Bourgogne")
    assert chosen("region", "bourgogne") == ["A", "B", "C"]


def test_a_grape_is_found_by_each_of_its_names() -> None:
    wine("A", grapes=[{"name": "Syrah/Shiraz", "percent": None}, {"name": "Viognier", "percent": 5}])
    wine("B", grapes=[{"name": "Merlot", "percent": 100}])
    assert chosen("grape", "Shiraz") == chosen("grape", "syrah") == chosen("grape", "viognier") == ["A"]


def test_a_size_and_a_place_are_those_of_bottles_that_are_here() -> None:
    one, shelf = wine("A"), make_location()
    check_in(one, 1, location=shelf, size_ml=1500)
    check_in(one, 1)
    assert chosen("size", "1500") == chosen("at", str(shelf.pk)) == chosen("at", "none") == ["A"]
    stock.check_out(wine=one, quantity=2, reason=Reason.DRANK, actor=None)
    assert chosen("size", "1500") == chosen("at", str(shelf.pk)) == chosen("at", "none") == []


def test_a_value_cannot_pretend_to_be_two() -> None:
    wine("A", country="France||region:Bordeaux")
    assert chosen("region", "Bordeaux") == []


def test_a_value_can_be_asked_for_by_its_beginning() -> None:
    wine("A", region="Bordeaux")
    wine("B", region="New Bordeaux")
    assert list(Wine.objects.filter(starts_q("region", "bord")).values_list("producer", flat=True)) == ["A"]


# -- Prices ------------------------------------------------------------------------------------------------------------


def price(one: Wine) -> tuple[int | None, str]:
    one.refresh_from_db()
    return (one.price_per_750, one.price_currency)


def test_the_price_of_a_wine_is_the_last_one_paid() -> None:
    one = make_wine()
    check_in(one, 1, purchase=Purchase(2000, "EUR"), when=datetime(2020, 1, 1, tzinfo=UTC))
    check_in(one, 1, purchase=Purchase(1000, "USD"), when=datetime(2010, 1, 1, tzinfo=UTC))
    check_in(one, 1)
    assert price(one) == (2000, "EUR")


def test_the_price_of_a_magnum_counts_half() -> None:
    one = make_wine()
    check_in(one, 1, size_ml=1500, purchase=Purchase(5000, "EUR"))
    assert price(one) == (2500, "EUR")


def test_a_purchase_that_was_taken_back_has_no_price() -> None:
    one = make_wine()
    check_in(one, 1, purchase=Purchase(2000, "EUR"))
    mistake = check_in(one, 1, purchase=Purchase(99_900, "EUR"))
    stock.undo(action=mistake.action, actor=None)
    assert price(one) == (2000, "EUR")


def test_a_place_that_is_renamed_is_found_by_its_new_name() -> None:
    shelf = make_location("Attic")
    one = stocked_wine(1, producer="Some", location=shelf)
    Location.objects.filter(pk=shelf.pk).update(name="Loft")
    search.reindex([one.pk])
    assert (found("attic"), found("loft")) == ([], ["Some"])
