"""How far two claims look like one event: a sum of weights, each with its reason. `WEIGHTS` is the whole of it.

The score is in log-odds: 0 is even. A pair in `opposed` never stands in one event, whatever its score.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from waqai.merge.facts import Fact

__all__ = [
    "BIAS", "FAMILIES", "FIGHTS", "LOCAL", "MUTUAL", "WEIGHTS", "Weight", "dated_apart", "denies", "distance", "explain", "family",
    "link_score", "opposed", "score",
]  # fmt: skip

# Types that one act is coded as, now this, now that. All others are families of their own.
FAMILIES = {"SANCTION": "COERCE", "RETREAT": "CONCEDE"}
MUTUAL = frozenset(("AGREE", "CONSULT", "SUPPORT", "COOPERATE"))
_VERBAL = frozenset(("ACCUSE", "REQUEST", "REJECT", "THREATEN", "AGREE", "SUPPORT", "CONCEDE"))
# Acts that are where they are; a meeting may be told by its city or its palace, a word by either capital.
LOCAL = frozenset(("ASSAULT", "PROTEST", "COERCE", "MOBILIZE", "RETREAT"))
FIGHTS = frozenset(("ASSAULT", "MOBILIZE", "RETREAT", "COERCE"))
# Modes that cover acts of many kinds, and registers that name one.
_WIDE = frozenset(("discontinue", "restrict", "targeted", "destroy", "visit", "multilateral", "third-party"))
# Ways of attack that are never told as another.
_DISTINCT = frozenset(("abduct", "torture", "sexual", "crowd-control", "unconventional"))
_ACTS = frozenset(("meeting", "visit", "agreement", "deal", "relation"))
_APART, _APART_TOLD = 45, 2  # days; the second where both texts name the day
BIAS = -2.55


class Weight(NamedTuple):
    """A row of the table: what is compared, what it counts, and how much of it (up to `most`) a pair has."""

    name: str
    weight: float
    of: Callable[[Fact, Fact], float]
    most: float = 1.0


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
    if not a.day or not b.day:
        return False
    gap = _gap(a, b)
    # Acts on the ground happen again the next day: fresh reports of two days tell of two.
    if a.type in LOCAL and gap > 1 and _fresh(a) and _fresh(b):
        return True
    if not (a.told and b.told and _one_day(a) and _one_day(b)):
        return gap > _APART
    fresh = a.type in LOCAL and a.published == a.day and b.published == b.day
    return gap > (0 if fresh else _APART_TOLD)


def _one_day(f: Fact) -> bool:
    return f.day == f.last or f.night


def _fresh(f: Fact) -> bool:
    """Tell whether a claim tells of the day on which it was published, or the one before."""
    return bool(f.published) and _one_day(f) and 0 <= f.published - f.day <= 1


def _gap(a: Fact, b: Fact) -> int:
    """Days between the two dates; 0 where they overlap."""
    return max(0, a.day - b.last, b.day - a.last)


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _dice(a: frozenset[str], b: frozenset[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _other_type(a: Fact, b: Fact) -> float:
    return float(a.type != b.type)


def _same_mode(a: Fact, b: Fact) -> float:
    return float(bool(_narrow(a) & _narrow(b)))


def _narrow(f: Fact) -> frozenset[str]:
    """The modes that name one kind of act, and not a wide field of them."""
    return f.modes - _WIDE if f.type not in _VERBAL else frozenset()


def _other_mode(a: Fact, b: Fact) -> float:
    """Other modes; less where one attack may be told by either (strikes and shells, the shooting and the killing)."""
    if not a.modes or not b.modes or a.modes & b.modes:
        return 0.0
    if a.type != b.type:
        return 0.3
    return 0.3 if a.type == "ASSAULT" and not (a.modes | b.modes) & _DISTINCT else 1.0


def _other_record(a: Fact, b: Fact) -> float:
    if a.record == b.record:
        return 0.0
    if not a.record or not b.record:
        return 0.4
    return 0.2 if {a.record, b.record} == {"agreement", "deal"} else 1.0


def _same_parties(a: Fact, b: Fact) -> float:
    if not a.countries or not b.countries:
        return 0.0
    if a.type not in MUTUAL:
        same = (_overlap(a.actors, b.actors) + _overlap(a.recipients, b.recipients)) / 2
    else:
        same = _dice(a.countries, b.countries)
    # One country with itself says little: a war at home, a day of its courts.
    return same if len(a.countries | b.countries) > 1 else same * 0.7


def _other_parties(a: Fact, b: Fact) -> float:
    if a.type in MUTUAL:
        return 0.0 if not a.countries or not b.countries else 1 - _overlap(a.countries, b.countries)
    sides = [(a.actors, b.actors), (a.recipients, b.recipients)]
    return sum(1 - _overlap(x, y) for x, y in sides if x and y)


def _sectors(a: Fact, b: Fact) -> float:
    """Whether the sides that share a country are the same kind of people: 1 all, -1 none."""
    told = same = 0
    for one, other in ((a, b), (b, a)):
        for side in one.sides:
            if side[1] and side[1] != "UNK":
                if side in other.sides:
                    told += 1
                    same += 1
                elif any(c == side[0] and s and s != "UNK" for c, s in other.sides):
                    told += 1
    return 2 * same / told - 1 if told else 0.0


def _names(a: Fact, b: Fact) -> float:
    return _dice(a.names, b.names)


def _other_people(a: Fact, b: Fact) -> float:
    return float(bool(a.people and b.people) and not a.people & b.people)


def _same_day(a: Fact, b: Fact) -> float:
    if not a.day or not b.day or _gap(a, b):
        return 0.0
    longest = max(a.last - a.day, b.last - b.day)
    return 1.0 if longest == 0 else 0.7 if longest <= 31 else 0.4


def _near_day(a: Fact, b: Fact) -> float:
    """A day apart: yesterday's act as today's news, unless both texts name their day."""
    return float(bool(a.day and b.day) and _gap(a, b) == 1 and not (a.told and b.told and a.type in LOCAL))


def _other_day(a: Fact, b: Fact) -> float:
    if not a.day or not b.day:
        return 0.0
    gap = _gap(a, b)
    if gap == 1:
        return 0.4 if a.told and b.told and a.type in LOCAL else 0.0
    return 0.0 if gap == 0 else 0.6 if gap == 2 else 1.0


def _one_undated(a: Fact, b: Fact) -> float:
    """One has a date and the other none: 1, and more where that date is long before the other was published."""
    if bool(a.day) == bool(b.day):
        return 0.0
    dated, other = (a, b) if a.day else (b, a)
    return 1.3 if other.published and other.published - dated.last > 60 else 1.0


def _far_apart(a: Fact, b: Fact) -> float:
    """Reported days from each other, where a date does not tell; acts on the ground happen again sooner than words."""
    if not a.published or not b.published or (a.day and b.day):
        return 0.0
    gap = abs(a.published - b.published)
    return min(1.0, max(0, gap - 1) / 4) if a.type in LOCAL else min(1.0, max(0, gap - 3) / 20)


def _act(a: Fact, b: Fact) -> float:
    """One word for the act; else words of one kind, one narrow mode, or one register of acts (a meeting, a signing)."""
    if a.trigger == b.trigger:
        return 1.0
    if a.act & b.act:
        return 0.8
    if a.kinds & b.kinds:
        return 0.7
    if _narrow(a) & _narrow(b):
        return 0.6
    # The dinner is not the talks: the register tells where the words do not.
    told = bool(a.kinds and b.kinds)
    return 0.3 if a.record == b.record and a.record in _ACTS and not told and not _other_mode(a, b) else 0.0


def _other_act(a: Fact, b: Fact) -> float:
    """Two words for it are two acts unless the sentences share others."""
    return 0.0 if _act(a, b) else 1.0 - min(1.0, _said(a, b) * 3)


def _near(a: Fact, b: Fact) -> float:
    """Words right around the act, without those of the parties."""
    drop = a.names | b.names
    return _dice(a.near - drop, b.near - drop)


def _other_matter(a: Fact, b: Fact) -> float:
    """A country says many things in a day: words of one kind are one only where they are about the same."""
    if a.type not in _VERBAL or a.record in _ACTS:
        return 0.0
    return 1.0 - min(1.0, _near(a, b) * 3)


def _other_front(a: Fact, b: Fact) -> float:
    """A war at home has fights on many fronts a day: one only where the words around the act are shared."""
    if a.type not in FIGHTS or a.doc == b.doc or len(a.countries | b.countries) > 1:
        return 0.0
    return 1.0 - min(1.0, _near(a, b) * 3)


def _title(a: Fact, b: Fact) -> float:
    return _dice(a.title, b.title) if a.doc != b.doc else 0.0


def _one_article(a: Fact, b: Fact) -> float:
    return float(a.doc == b.doc and (a.type not in _VERBAL or a.record in _ACTS))


def _sides_swapped(a: Fact, b: Fact) -> float:
    """Who does it in one suffers it in the other: the blow and the answer."""
    if a.type in MUTUAL or a.actors & b.actors or a.recipients & b.recipients:
        return 0.0
    return float(bool(a.actors & b.recipients or b.actors & a.recipients))


def _said(a: Fact, b: Fact) -> float:
    if a.doc == b.doc and a.sentence == b.sentence:
        return 0.0
    drop = a.names | b.names
    return _dice(a.words - drop, b.words - drop)


def _place(a: Fact, b: Fact) -> float:
    return float(bool(a.place & b.place) or _nearby(a, b) is True) * 0.5


def _other_place(a: Fact, b: Fact) -> float:
    """Two places: most where both are known and lie apart, and for acts that are where they are."""
    if not a.place or not b.place or a.place & b.place:
        return 0.0
    near = _nearby(a, b)
    if near is not None:
        return 0.0 if near else 0.3 if a.type not in LOCAL else _how_far(a, b) * (0.5 if _one_dyad(a, b) else 1.0)
    if a.place_country and b.place_country and a.place_country != b.place_country:
        return 0.3
    return 0.25 if a.type in LOCAL and a.told and b.told else 0.1


def _one_dyad(a: Fact, b: Fact) -> bool:
    """Tell whether both name the same two countries and one day: then a place is easily one that stands beside the act."""
    return len(a.countries & b.countries) > 1 and bool(a.day) and a.day == b.day


def _how_far(a: Fact, b: Fact) -> float:
    """1, and more where the places are hundreds of kilometres apart."""
    return 1.3 if a.spot and b.spot and distance(a.spot, b.spot) > 3 else 1.0


def _nearby(a: Fact, b: Fact) -> bool | None:
    """Tell whether two places lie within some 70 km; None where that is not known."""
    if a.spot is None or b.spot is None:
        return None
    return distance(a.spot, b.spot) < 0.7


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return how far two places are apart, in degrees of latitude and longitude together."""
    return abs(a[0] - b[0]) + abs(a[1] - b[1])


def _one_sentence(a: Fact, b: Fact) -> float:
    """Two acts in one sentence are two, mostly: a report of one act names it once."""
    return float(a.doc == b.doc and a.sentence == b.sentence)


def _numbers(a: Fact, b: Fact) -> float:
    same = [x <= w and y <= z for k, x, z in a.counts for what, y, w in b.counts if k == what]
    return 0.0 if not same else 1.0 if any(same) else -0.5


def _agreement(a: Fact, b: Fact) -> float:
    if not a.agreement[0] or not b.agreement[0]:
        return 0.0
    return _dice(a.agreement[1], b.agreement[1])


def _only_thought_of(a: Fact, b: Fact) -> float:
    """One is a condition, a call for it or a threat; less where only the words before it hint at that."""
    if (a.status == "hypothetical") != (b.status == "hypothetical"):
        # Without a word before the act that says so, the status may have been read wrongly.
        return 1.0 if (a if a.status == "hypothetical" else b).hedged else 0.4
    return 0.6 if a.status == b.status == "actual" and a.hedged != b.hedged else 0.0


def _announced(a: Fact, b: Fact) -> float:
    return float({a.status, b.status} == {"actual", "future"})


def _told_before(a: Fact, b: Fact) -> float:
    """One was reported before the day on which the other says that it happened."""
    for x, y in ((a, b), (b, a)):
        happened = bool(x.day) and x.told and x.status == "actual" and x.last - x.day <= 1
        if happened and y.status != "future" and y.published and y.published < x.day - bool(y.day):
            return 1.0
    return 0.0


def _one_of_many(a: Fact, b: Fact) -> float:
    """One tells of many times («repeatedly», «for years»), the other of one."""
    return float(a.repeated != b.repeated)


# What parts two claims comes first: most pairs need not be looked at any further (`link_score`).
WEIGHTS = (
    Weight("one article", 0.45, _one_article),
    Weight("other day", -2.5, _other_day),
    Weight("same day", 0.85, _same_day),
    Weight("only thought of", -2.3, _only_thought_of),
    Weight("act", 1.6, _act),
    Weight("other register", -2.9, _other_record),
    Weight("sides swapped", -0.8, _sides_swapped),
    Weight("other parties", -0.8, _other_parties),
    Weight("titles", 2.4, _title),
    Weight("words around the act", 2.7, _near),
    Weight("other matter", -2.1, _other_matter),
    Weight("other front", -0.9, _other_front),
    Weight("words of the sentence", 1.1, _said),
    Weight("other type", -0.4, _other_type),
    Weight("other mode", -0.8, _other_mode),
    Weight("other people", -0.5, _other_people),
    Weight("announced", -0.25, _announced),
    Weight("told before it happened", -0.9, _told_before),
    Weight("one of many", -0.7, _one_of_many),
    Weight("one undated", -0.05, _one_undated),
    Weight("reported far apart", -1.6, _far_apart),
    Weight("one sentence", -2.8, _one_sentence),
    Weight("other act", -1.6, _other_act),
    Weight("names", 0.5, _names),
    Weight("place", 1.4, _place, 0.5),
    Weight("other place", -5.5, _other_place),
    Weight("same parties", 0.4, _same_parties),
    Weight("same mode", 0.5, _same_mode),
    Weight("sectors", 0.4, _sectors),
    Weight("day before or after", 0.05, _near_day),
    Weight("numbers", 0.3, _numbers),
    Weight("agreement", 0.15, _agreement),
)
# The most that the rows from here on can still add.
_REST = [sum(max(0.0, row.weight) * row.most for row in WEIGHTS[n:]) for n in range(len(WEIGHTS))]


def score(a: Fact, b: Fact) -> float:
    """Return the log-odds that two claims tell one event."""
    total = BIAS
    for _, weight, of, _ in WEIGHTS:
        total += weight * of(a, b)
    return total


def link_score(a: Fact, b: Fact, least: float) -> float | None:
    """Return the score where it is above `least`, else None: the rows stop as soon as it cannot be any more."""
    total = BIAS
    for (_, weight, of, _), rest in zip(WEIGHTS, _REST, strict=True):
        if total + rest <= least:
            return None
        total += weight * of(a, b)
    return total if total > least else None


def explain(a: Fact, b: Fact) -> dict[str, float]:
    """Return each row's part in the score of a pair, without those that add nothing."""
    parts = [("to begin with", BIAS), *((row.name, row.weight * row.of(a, b)) for row in WEIGHTS)]
    return {name: round(x, 3) for name, x in parts if x}
