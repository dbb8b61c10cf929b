"""The country an article is about: what bare «الشرطة» and «الحكومة» in it belong to."""

from __future__ import annotations

from typing import NamedTuple

from waqai.text import fold, tokens
from waqai.types import Document, Mention, Sentence
from waqai.who.find import ActorMention, find_actors
from waqai.who.lexicon import Lexicon

__all__ = ["NOT_STATES", "NO_ARMY", "DocumentCountry", "document_country", "outlet_country"]

NOT_STATES = frozenset(("IGO", "UNO", "EUR", "NGO", "MNC", "IMG", "ISM"))


_OUTLET = 8.0
_OPENING = (3.0, 2.0)
NO_ARMY = frozenset(("PSE", "VAT", "AND", "CRI", "ISL", "LIE", "MCO", "PAN", "SMR"))
"""States and territories without an army: soldiers told without their country are not theirs."""
_WEIGHT = {"demonym": 1.6, "state": 1.3}


class DocumentCountry(NamedTuple):
    """The country an article is about, or None, and how that was told."""

    code: str | None
    reason: str
    share: float = 1.0
    """The country's part of all that was counted, 0 to 1."""
    armed: str | None = None
    """The state with an army of its own that is named most: `code`, where it has one."""


def document_country(
    document: Document, sentences: list[Sentence], lexicon: Lexicon, mentions: list[Mention] | None = None
) -> DocumentCountry:
    """Tell the country that an article is about, which bare «الشرطة» and «الحكومة» belong to.

    The state named most: mentions in the title and the first sentences count more, demonyms and states more than people's names.
    The outlet's country counts where the outlet writes for one. Ties go to the one named first. The weights were set on marked
    articles (evals/who.py --labels), where they hardly matter one by one.
    """
    if mentions is None:
        mentions = find_actors(document, sentences, lexicon)
    score: dict[str, float] = {}
    for m in mentions:
        if m.kind == "company" or m.sector in ("JRN", "BUS"):
            continue
        placed = isinstance(m, ActorMention) and m.place
        weight = _WEIGHT.get("" if placed else m.form, 1.0) * (0.6 if m.kind == "person" and m.form == "name" else 1.0)
        weight *= _OPENING[m.sentence] if m.sentence < 2 else 1.0
        for code in ([m.country] if m.country else []) + (m.near if isinstance(m, ActorMention) else []):
            if code not in NOT_STATES:
                score[code] = score.get(code, 0.0) + weight
    for h in lexicon.names.scan(tokens(document.title or "")):
        code = h.value.country or ""
        if h.value.country in lexicon.unclear:
            continue
        if len(code) == 3 and code not in NOT_STATES and h.value.cls != "org" and not h.clitic.endswith("ال"):
            score[code] = score.get(code, 0.0) + 3.0
    home = outlet_country(document, lexicon)
    if home:
        score[home] = score.get(home, 0.0) + _OUTLET
    if not score:
        return DocumentCountry(None, "the article names no state")
    code = max(score, key=lambda c: score[c])
    share = score[code] / sum(score.values())
    armed = max((c for c in score if c not in NO_ARMY), key=lambda c: score[c], default=None)
    if code == home and score[code] == _OUTLET:
        return DocumentCountry(code, "the outlet's country; the article names no other state more", share, armed)
    return DocumentCountry(code, "the state that the article names most", share, armed)


def outlet_country(document: Document, lexicon: Lexicon) -> str | None:
    """The country of an outlet that writes for one country; None for pan-Arab and foreign outlets, and unknown ones."""
    name = fold(document.outlet or "")
    if not name or any(name == x or (len(x) > 3 and x in name) for x in lexicon.international):
        return None
    if document.outlet_country:
        return document.outlet_country
    return lexicon.outlets.get(name)
