"""Finding the wine of a catalogue that a label speaks of."""

from cellar.labels.reading import certainty
from cellar.labels.reading.known import shipped
from cellar.labels.reading.matching import Candidate, Clues, Index, KnownWine, ranked
from cellar.labels.reading.words import ReadWord, lines, trusted


def candidates(text: str) -> list[Candidate]:
    """Return the candidates for words that were read with some doubt, far from each other."""
    reading = [ReadWord(word, 0.8, 500 * place, 0, 40, 20) for place, word in enumerate(text.split())]
    known = shipped()
    seen = known.index.seen(trusted([reading]))
    return ranked(known.wines(known.index.first_round(seen)), known.index, seen, Clues())


def test_the_wine_whose_words_were_read_comes_first() -> None:
    assert candidates("KETTMEIR MÜLLER THURGAU ALTO ADIGE")[0].wine.producer == "Kettmeir"


def test_misread_letters_are_forgiven() -> None:
    assert candidates("KETTNEIR MULLEP THURGAU ADICE")[0].wine.producer == "Kettmeir"


def test_a_clear_wine_is_sure() -> None:
    assert certainty.of(candidates("LUSTAU SOLERA RESERVA RARE CREAM SHERRY SUPERIOR")).wine > 0.8


def test_a_producer_may_be_sure_where_the_wine_is_not() -> None:
    sure = certainty.of(candidates("HENRI BOURGEOIS SANCERRE BARONNES"))
    assert sure.producer > 0.8 > sure.wine


def test_common_words_make_nothing_sure() -> None:
    found = candidates("VINHO TINTO RESERVA PORTUGAL")
    assert certainty.of(found).wine < 0.3


def test_letters_without_meaning_find_nothing() -> None:
    assert candidates("xq zzw qqqq 7") == []


def test_neighbouring_halves_of_a_word_are_read_as_one() -> None:
    halves = [ReadWord("SAN", 0.9, 0, 0, 60, 20), ReadWord("CERRE", 0.9, 70, 0, 90, 20)]
    assert "sancerre" in trusted([halves])


def test_a_word_of_the_producer_in_a_name_does_not_tell_which_wine_it_is() -> None:
    wines = [KnownWine(1, "Grande Alberone", "Grande Riserva"), KnownWine(2, "Grande Alberone", "Grande Alberone")]
    others = [(number, f"another{number}") for number in range(3, 50)]
    index = Index.of([*((wine.wine_id, f"{wine.producer} {wine.name}") for wine in wines), *others])
    seen = index.seen({"grande": 0.9, "alberone": 0.9})
    shares = {one.wine.wine_id: one.name_seen for one in ranked(wines, index, seen, Clues())}
    assert shares[1] == 0
    assert shares[2] > 0.5


def test_specks_that_were_read_as_words_of_few_letters_are_no_text() -> None:
    words = [("sec", 0.5), ("SEC", 0.7), ("Château", 0.4), ("12%", 0.4), ("«»", 0.9), ("Margau", 0.3)]
    reading = [ReadWord(text, confidence, 0, 0, 40, 20) for text, confidence in words]
    assert lines(reading) == "SEC Château 12%"


def first_of(wines: list[KnownWine], read: dict[str, float], clues: Clues) -> int:
    """Return which of these wines, among others, comes first for these words."""
    others = [(number, f"another{number}") for number in range(100, 150)]
    index = Index.of([*((wine.wine_id, f"{wine.producer} {wine.name} {wine.region}") for wine in wines), *others])
    return ranked(wines, index, index.seen(read), clues)[0].wine.wine_id


def test_a_country_on_the_label_speaks_for_its_wines() -> None:
    wines = [
        KnownWine(number, "Villa Raiano", "Riserva", country=name) for number, name in ((1, "Chile"), (2, "Italy"))
    ]
    read = {"villa": 0.9, "raiano": 0.9}
    assert first_of(wines, read, Clues(country="Italy")) == 2
    assert first_of(wines, read, Clues(country="Chile")) == 1


def test_a_country_is_no_rare_word_though_few_names_have_it() -> None:
    wines = [
        KnownWine(1, "Sole", "Italy Bianco", country="Italy"),
        KnownWine(2, "Villa", "Raiano Bianco", country="Italy"),
        KnownWine(3, "Villa", "Raiano Bianco", country="Spain"),
    ]
    others = [(number, f"another{number}") for number in range(100, 150)]
    index = Index.of([*((wine.wine_id, f"{wine.producer} {wine.name}") for wine in wines), *others])
    seen = index.seen({"italy": 0.9, "raiano": 0.9})
    scores = {one.wine.wine_id: one.score for one in ranked(wines, index, seen, Clues())}
    assert scores[2] == scores[3]


def test_the_words_of_a_founder_name_no_wine() -> None:
    wines = [KnownWine(1, "Anno", "Riserva"), KnownWine(2, "Raiano", "Riserva"), KnownWine(3, "Villa", "Riserva Rara")]
    assert first_of(wines, {"anno": 0.95, "raiano": 0.7, "riserva": 0.9}, Clues()) == 2
