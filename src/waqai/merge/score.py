"""How far two claims look like one event: a sum of weights, each with its reason. `WEIGHTS` is the whole of it.

The score is in log-odds: 0 is even. A pair in `opposed` never stands in one event, whatever its score.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from waqai.merge.facts import Fact

__all__ = ["BIAS", "FAMILIES", "WEIGHTS", "Weight", "dated_apart", "denies", "explain", "family", "opposed", "score"]

# Types that one act is coded as, now this, now that. All others are families of their own.
FAMILIES = {"SANCTION": "COERCE", "RETREAT": "CONCEDE"}
_MUTUAL = frozenset(("AGREE", "CONSULT", "SUPPORT", "COOPERATE"))
_VERBAL = frozenset(("ACCUSE", "REQUEST", "REJECT", "THREATEN", "AGREE", "SUPPORT", "CONCEDE"))
BIAS = -1.6


class Weight(NamedTuple):
    """A row of the table: what is compared, what it counts, and how much of it (-1 .. 1) a pair has."""

    name: str
    weight: float
    of: Callable[[Fact, Fact], float]


def family(kind: str) -> str:
    """Return the family of an event type: only claims of one family are compared."""
    return FAMILIES.get(kind, kind)


def denies(a: Fact, b: Fact) -> bool:
    """Tell whether one denies what the other tells."""
    return (a.status == "negated") != (b.status == "negated")


def opposed(a: Fact, b: Fact) -> bool:
    """Tell whether one says what the other denies, or both are told to be on days that cannot be one event's."""
    return denies(a, b) or dated_apart(a, b)


def dated_apart(a: Fact, b: Fact) -> bool:
    """Tell whether the dates of two claims cannot be one event's."""
    return bool(a.day and b.day) and _gap(a, b) > 45


def _gap(a: Fact, b: Fact) -> int:
    """Days between the two dates; 0 where they overlap."""
    return max(0, a.day - b.last, b.day - a.last)


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _dice(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _other_type(a: Fact, b: Fact) -> float:
    return float(a.type != b.type)


def _mode(a: Fact, b: Fact) -> float:
    if not a.modes or not b.modes:
        return 0.0
    return 1.0 if a.modes & b.modes else -1.0


def _record(a: Fact, b: Fact) -> float:
    kinds = {a.record, b.record}
    if a.record == b.record or "" in kinds:
        return 0.0
    return 0.3 if kinds == {"agreement", "deal"} else 1.0


def _same_parties(a: Fact, b: Fact) -> float:
    if not a.countries or not b.countries:
        return 0.0
    if a.type not in _MUTUAL:
        return (_overlap(a.actors, b.actors) + _overlap(a.recipients, b.recipients)) / 2
    return _dice(a.countries, b.countries)


def _other_parties(a: Fact, b: Fact) -> float:
    if a.type in _MUTUAL:
        return 0.0 if not a.countries or not b.countries else 1 - _overlap(a.countries, b.countries)
    sides = [(a.actors, b.actors), (a.recipients, b.recipients)]
    return sum(1 - _overlap(x, y) for x, y in sides if x and y)


def _sectors(a: Fact, b: Fact) -> float:
    """Whether the sides that share a country are the same kind of people: 1 all, -1 none."""
    known = [(s, [t for t in b.sides if t[0] == s[0]]) for s in a.sides if s[1] and s[1] != "UNK"]
    told = [any(t[1] == s[1] for t in others) for s, others in known if others]
    return 2 * sum(told) / len(told) - 1 if told else 0.0


def _same_day(a: Fact, b: Fact) -> float:
    if not a.day or not b.day or _gap(a, b):
        return 0.0
    longest = max(a.last - a.day, b.last - b.day)
    return 1.0 if longest == 0 else 0.7 if longest <= 31 else 0.4


def _near_day(a: Fact, b: Fact) -> float:
    """A day apart: yesterday's act as today's news."""
    return float(bool(a.day and b.day) and _gap(a, b) == 1)


def _other_day(a: Fact, b: Fact) -> float:
    if not a.day or not b.day:
        return 0.0
    gap = _gap(a, b)
    return 0.0 if gap <= 1 else min(1.0, gap / 7)


def _far_apart(a: Fact, b: Fact) -> float:
    """Reported weeks from each other, where a date does not tell."""
    if not a.published or not b.published or (a.day and b.day):
        return 0.0
    return min(1.0, max(0, abs(a.published - b.published) - 3) / 30)


def _trigger(a: Fact, b: Fact) -> float:
    if a.trigger == b.trigger:
        return 1.0
    return 0.7 if _overlap(frozenset(a.trigger.split()), frozenset(b.trigger.split())) else 0.0


def _other_words(a: Fact, b: Fact) -> float:
    """Two things said are two events unless words are shared."""
    if a.type not in _VERBAL or a.trigger == b.trigger:
        return 0.0
    return 1.0 - min(1.0, _said(a, b) * 3)


def _said(a: Fact, b: Fact) -> float:
    drop = a.names | b.names
    return _dice(a.words - drop, b.words - drop)


def _names(a: Fact, b: Fact) -> float:
    return _dice(a.names, b.names)


def _place(a: Fact, b: Fact) -> float:
    if not a.place or not b.place:
        return 0.0
    if a.place & b.place:
        return 1.0
    return -1.0 if a.place_country and b.place_country and a.place_country != b.place_country else -0.4


def _numbers(a: Fact, b: Fact) -> float:
    same = [
        low1 <= high2 and low2 <= high1
        for what1, low1, high1 in a.counts
        for what2, low2, high2 in b.counts
        if what1 == what2
    ]
    return 0.0 if not same else 1.0 if any(same) else -0.4


def _agreement(a: Fact, b: Fact) -> float:
    if not a.agreement[0] or not b.agreement[0]:
        return 0.0
    return _dice(a.agreement[1], b.agreement[1])


def _status(a: Fact, b: Fact) -> float:
    return float(a.status != b.status)


def _one_article(a: Fact, b: Fact) -> float:
    return float(a.doc == b.doc)


WEIGHTS = (
    Weight("other type", -1.5, _other_type),
    Weight("mode", 0.9, _mode),
    Weight("other register", -1.5, _record),
    Weight("same parties", 1.8, _same_parties),
    Weight("other parties", -3.0, _other_parties),
    Weight("sectors", 0.6, _sectors),
    Weight("names", 0.8, _names),
    Weight("same day", 1.2, _same_day),
    Weight("day before or after", 0.6, _near_day),
    Weight("other day", -4.0, _other_day),
    Weight("reported far apart", -2.0, _far_apart),
    Weight("trigger", 1.2, _trigger),
    Weight("said otherwise", -1.0, _other_words),
    Weight("words of the sentence", 3.0, _said),
    Weight("place", 0.8, _place),
    Weight("numbers", 0.8, _numbers),
    Weight("agreement", 0.6, _agreement),
    Weight("other status", -0.8, _status),
    Weight("one article", 0.0, _one_article),
)


def _parts(a: Fact, b: Fact) -> Iterator[tuple[str, float]]:
    yield "to begin with", BIAS
    for row in WEIGHTS:
        if row.weight:
            yield row.name, row.weight * row.of(a, b)


def score(a: Fact, b: Fact) -> float:
    """Return the log-odds that two claims tell one event."""
    return sum(x for _, x in _parts(a, b))


def explain(a: Fact, b: Fact) -> dict[str, float]:
    """Return each row's part in the score of a pair, without those that add nothing."""
    return {name: round(x, 3) for name, x in _parts(a, b) if x}
