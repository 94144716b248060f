"""How a bottle is, and why it is gone, in words."""

from __future__ import annotations

from cellar.folding import fold
from cellar.models import Reason, State

# Words of many languages, folded; the first that begins a word of the text decides.
_REASONS = (
    (Reason.MISSING, "missing presumed lost verloren vermisst perdu manquant perso mancante perdido saknas"),
    (Reason.SPOILED, "corked spoiled defective flawed cooked bouchon korkig kork verdorben tappo corcho rolha"),
    (Reason.BROKEN, "broken breakage broke casse zerbrochen kaputt rotto rotta roto rota quebrad krossad knust"),
    (Reason.DONATED, "donat charity gespendet spende donazione donacion doacao"),
    (Reason.GIFT, "gift gave given offered offert cadeau donne verschenkt geschenk regal present"),
    (Reason.SOLD, "sold sale auction vend verkauft verkauf vendut vendid sald solgt verkocht traded"),
    (Reason.RETURNED, "return retour zuruck reso devuelt devolvid"),
    (Reason.DRANK, "drank drunk drink consumed restaurant tasting opened poured bu bue conso getrunken verbraucht "
     "bevut consumat bebid consumid drucken druckit drukket gedronken"),
)  # fmt: skip
_STATES = (
    (State.ON_ORDER, "on order|order|ordered|pending|en commande|commande|bestellt|besteld|bestilt|bestalld|ordinat|"
     "pedido|encomendad|en primeur|futures|in transit|not delivered"),
    (State.OPEN, "open|opened|ouvert|offen|angebrochen|apert|abiert|abert|oppnad|abnet|geopend"),
    (State.IN_CELLAR, "in cellar|in stock|inventory|stored|cellar|available|in storage|en cave|en stock|im keller|"
     "auf lager|vorhanden|in cantina|disponibil|en bodega|disponible|na adega|em stock|i lager|pa lager|op voorraad"),
)  # fmt: skip


_WISHES = frozenset({"wishlist", "wish", "wanted", "wunschliste", "listedenvie", "listadedeseo", "verlanglijst"})


def reason_of(*texts: str) -> Reason | None:
    """Return why a bottle is gone, from words such as "Gave away as a gift"; None where no word is known."""
    words = fold(" ".join(texts)).replace("/", " ").split()
    for reason, beginnings in _REASONS:
        known = tuple(beginnings.split())
        if any(word.startswith(known) if len(word) > 3 else word in known for word in words):
            return reason
    return None


def is_wish(text: str) -> bool:
    """Whether a state is that of a wine one would like to have: there are no bottles."""
    return fold(text).replace("-", " ").replace(" ", "").rstrip("s") in _WISHES


def read_state(text: str) -> State | None:
    """Read "In cellar", "consumed", "bestellt", "open"; None where the words are not known."""
    said = fold(text)
    for state, phrases in _STATES:
        if any(said == phrase or said.startswith(phrase) for phrase in phrases.split("|")):
            return state
    return State.GONE if reason_of(text) is not None or said == "gone" else None
