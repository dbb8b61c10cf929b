"""The nationality that a text tells beside a person's name: «فلان، وهو سوري»، «فلان اللبناني الجنسية»، «المواطن الأميركي فلان»."""

from __future__ import annotations

from waqai.text import Hit
from waqai.types import Mention, Sentence
from waqai.who.lexicon import Item, Lexicon

__all__ = ["origin"]

_IS = frozenset(("وهو", "وهي", "هو", "هي"))
_NATIONALITY = frozenset(("الجنسيه", "جنسيه", "الجنسيتين"))
_MARKS = frozenset(("،", ",", "(", "-", "–"))
_NEAR, _FAR = 5, 9
"""How many words after «وهو» and after the name a demonym may stand."""


def origin(sentence: Sentence, m: Mention, lexicon: Lexicon) -> str | None:
    """Return the country that the words behind the name `m` tell as the person's own, or None.

    Read are «وهو» with a demonym near it, and a demonym beside «الجنسية»; a mark other than one comma or bracket ends the search.
    """
    toks = sentence.tokens
    i, marks = m.last, 0
    opened: int | None = None
    while i < min(m.last + _FAR, len(toks)):
        norm = toks[i].norm
        if toks[i].kind == "p":
            marks += 1
            if norm not in _MARKS or marks > 1:
                return None
        elif norm in _IS and i <= m.last + 1:
            opened = i
        else:
            h = _demonym(sentence, i, lexicon)
            if h is not None:
                beside = {toks[j].norm for j in (i - 1, h.last) if m.last <= j < len(toks)}
                near = (
                    opened is not None
                    and i - opened < _NEAR
                    and (not h.value.definite or i == opened + 1 or _person(toks[i - 1].norm, lexicon))
                )
                if near or not _NATIONALITY.isdisjoint(beside):
                    return h.value.country
                if opened is None:
                    return None
        i += 1
    return None


def _person(norm: str, lexicon: Lexicon) -> bool:
    nouns = lexicon.word(norm).nouns
    return bool(nouns) and nouns[0].noun.kind == "person"


def _demonym(sentence: Sentence, i: int, lexicon: Lexicon) -> Hit[Item] | None:
    if not lexicon.word(sentence.tokens[i].norm).starts:
        return None
    at = lexicon.names.at(sentence.tokens, i)
    return next((h for h in at if h.value.cls == "demonym" and not h.clitic and h.value.country), None)
