"""What a group of claims tells as a whole, and whether two groups may be one event: the guard against mixed large events.

One claim may have its day, its parties or its place wrong; of many claims the greater part has them right. So two groups are kept
apart where the greater parts tell of other days, other parties or other places, however well single pairs fit (Note [Chaining]).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeVar

from waqai.merge.facts import Fact
from waqai.merge.score import FIGHTS, LOCAL, MUTUAL, distance

__all__ = ["Profile", "apart", "profile", "strangers", "too_early"]

Key = TypeVar("Key", str, int)
_COUNTED = 2  # claims that must tell something before it counts
_SHARED = 0.2  # how much of what two groups tell must be the same
_SHARED_PLACES = 0.1  # a place goes by many names
_AGREED = 4  # claims that must tell the day
_OFTEN = 0.15  # how often a country must be named to count as one that suffers
_SURE = 0.75  # how many of those that tell the day must agree, for the next day to be another event's
_FAR = 3.0  # degrees of latitude and longitude together
_NEVER = 10**7
_SHARED_AT_HOME = 0.4
_SHARED_UNPLACED = 0.7  # of the days, where no places tell
_DATED = 0.4  # how many of a group's claims must have a day for its days to count
_HOME = 0.7  # how much of the parties must be of one country
_STATUS = 0.5  # a greater difference in what is only thought of parts two groups


class Profile:
    """Counts over the claims of a group. `days` holds only dates told to the day (or to a night, as both its days)."""

    __slots__ = ("actors", "claims", "dated", "days", "kinds", "places", "published", "recipients", "thought", "told")

    def __init__(self) -> None:
        self.claims = self.thought = self.dated = 0
        self.kinds: Counter[str] = Counter()
        self.actors: Counter[str] = Counter()
        self.recipients: Counter[str] = Counter()
        self.days: Counter[int] = Counter()
        self.places: Counter[str] = Counter()
        self.told: Counter[int] = Counter()
        self.published: Counter[int] = Counter()


def profile(facts: Iterable[Fact]) -> Profile:
    """Return what `facts` tell together."""
    out = Profile()
    for f in facts:
        out.claims += 1
        out.thought += f.status == "hypothetical"
        out.kinds[f.type] += 1
        if f.type in MUTUAL:
            out.actors.update(f.countries)
        else:
            out.actors.update(f.actors)
            out.recipients.update(f.recipients)
        if f.day and f.last - f.day <= 1:
            out.dated += 1
            out.days.update({f.day, f.last})
            if f.told and f.status == "actual":
                out.told[f.day] += 1
        if f.published and f.status != "future":
            out.published[f.published] += 1
        out.places.update(f.place)
    return out


def too_early(a: Profile, b: Profile) -> bool:
    """Tell whether one was reported, not as something to come, before the day on which the other happened."""
    return any(_happened(x) > max(y.published, default=_NEVER) for x, y in ((a, b), (b, a)))


def _happened(p: Profile) -> int:
    """The day on which a large group says that it happened; 0 where it does not agree."""
    if p.told.total() < _AGREED:
        return 0
    day, n = max(p.told.items(), key=lambda x: (x[1], -x[0]))
    return day if n >= p.told.total() / 2 else 0


def strangers(facts: Mapping[str, Fact]) -> list[str]:
    """Return the ids of claims that cannot be of the event on whose day or place the greater part of a group agrees.

    They came in with claims that tell neither. A claim of something to come may be older than what it foretells.
    """
    whole = profile(facts.values())
    day, spot = _happened(whole), _agreed_spot(facts.values())
    sure = bool(day) and whole.told[day] >= _SURE * whole.told.total()
    actor = _agreed(whole.actors)
    actor = "" if actor == _agreed(whole.recipients) else actor
    sides = actor, {c for c, n in whole.recipients.items() if n >= _OFTEN * whole.recipients.total()}
    out = []
    for uid, f in facts.items():
        early = bool(f.published) and f.published < day and f.status != "future" and not f.told
        far = spot is not None and f.type in LOCAL and f.spot is not None and distance(spot, f.spot) > _FAR
        if early or far or _other_day(f, day, sure) or _swapped(f, *sides):
            out.append(uid)
    return sorted(out)


def _other_day(f: Fact, day: int, sure: bool) -> bool:
    if not (day and f.day and f.told):
        return False
    most = 2 if f.type not in LOCAL else 0 if sure else 1
    return max(f.day - day, day - f.last) > most


def _agreed(sides: Counter[str]) -> str:
    """The country that most claims name on one side."""
    if sides.total() < _AGREED:
        return ""
    country, n = max(sides.items(), key=lambda x: (x[1], x[0]))
    return country if n > sides.total() / 2 else ""


def _swapped(f: Fact, actor: str, recipients: set[str]) -> bool:
    """Tell whether he who acts in the group suffers in the claim: the blow and the answer."""
    if not actor or f.type in MUTUAL or actor in f.actors:
        return False
    return actor in f.recipients or not recipients.isdisjoint(f.actors)


def _agreed_spot(facts: Iterable[Fact]) -> tuple[float, float] | None:
    """The place that most of the claims with a known place name, where enough of them do."""
    spots = Counter(f.spot for f in facts if f.spot is not None)
    if spots.total() < _AGREED:
        return None
    spot, n = max(spots.items(), key=lambda x: (x[1], x[0]))
    return spot if n > spots.total() / 2 else None


def apart(a: Profile, b: Profile) -> bool:
    """Tell whether the greater parts of two groups tell of different events."""
    if abs(a.thought / a.claims - b.thought / b.claims) > _STATUS:
        return True
    if _less(a.actors, b.actors, _SHARED) or _less(a.recipients, b.recipients, _SHARED):
        return True
    local = not LOCAL.isdisjoint(a.kinds) and not LOCAL.isdisjoint(b.kinds)
    if local and _at_home(a) and _at_home(b):
        # A war at home: many fights a day that parties do not tell apart.
        least = _SHARED_AT_HOME if a.places and b.places else _SHARED_UNPLACED
        return _other_days(a, b, least) or _less(a.places, b.places, _SHARED_AT_HOME)
    # Two parties and a day tell an act well; its place is often read off what stands beside it.
    placed = local and not (_two(a) & _two(b))
    return _other_days(a, b, _SHARED) or (placed and _less(a.places, b.places, _SHARED_PLACES))


def _other_days(a: Profile, b: Profile, least: float) -> bool:
    """Tell whether both mostly have dates, and on other days. Of a few dates among many claims without, some are wrong."""
    return min(a.dated / a.claims, b.dated / b.claims) >= _DATED and _less(a.days, b.days, least)


def _two(p: Profile) -> frozenset[tuple[str, str]]:
    """Who does it to whom, where two countries are told."""
    actor, recipient = _agreed(p.actors), _agreed(p.recipients)
    return frozenset([(actor, recipient)] if actor and recipient and actor != recipient else [])


def _at_home(p: Profile) -> bool:
    sides = p.actors + p.recipients
    return bool(sides) and max(sides.values()) > _HOME * sides.total() and not FIGHTS.isdisjoint(p.kinds)


def _less(a: Counter[Key], b: Counter[Key], least: float) -> bool:
    """Tell whether both are counted and less than `least` of the one is also in the other."""
    m, n = a.total(), b.total()
    return m >= _COUNTED and n >= _COUNTED and sum(min(x / m, b[k] / n) for k, x in a.items()) < least
