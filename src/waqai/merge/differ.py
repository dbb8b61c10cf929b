"""Where the claims of one event differ: dates, numbers, who acted, status. And what they have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from waqai.days import day_range
from waqai.merge.facts import Fact

__all__ = ["Common", "Difference", "common", "differences"]


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One point on which the claims of an event differ: `values` maps each value to the ids of the claims that hold it.

    `what`: date | status | type | actors | recipients | place | dead | injured | arrested | other. Under status, the ids of
    "negated" may be claims of another merged event, the one that denies this one.
    """

    what: str
    values: dict[str, list[str]]


class Common(msgspec.Struct, frozen=True, kw_only=True):
    """What a merged event is said to be: the claims' most frequent values, a more precise date before a vaguer one."""

    type: str
    status: str
    record: str
    date: str | None
    day: int
    countries: list[str]


def _by(facts: Sequence[Fact], value: dict[str, str]) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for f in facts:
        if value.get(f.uid):
            out.setdefault(value[f.uid], []).append(f.uid)
    return {k: sorted(out[k]) for k in sorted(out)}


def differences(facts: Sequence[Fact], deniers: Sequence[str] = ()) -> list[Difference]:
    """Return where the claims differ; what one leaves out is no difference, nor is a vaguer date that fits."""
    facts = sorted(facts, key=lambda f: f.uid)
    out: list[Difference] = []

    def tell(what: str, value: dict[str, str]) -> None:
        values = _by(facts, value)
        if len(values) > 1:
            out.append(Difference(what=what, values=values))

    if _dates_differ(facts):
        tell("date", {f.uid: f.date for f in facts})
    status = _by(facts, {f.uid: f.status for f in facts})
    if deniers:
        status["negated"] = sorted({*status.get("negated", []), *deniers})
    if len(status) > 1:
        out.append(Difference(what="status", values=status))
    tell("type", {f.uid: f.type for f in facts})
    for what in ("actors", "recipients"):
        sides: list[frozenset[str]] = [getattr(f, what) for f in facts]
        if any(not (a & b) for a in sides for b in sides if a and b):
            tell(what, {f.uid: " ".join(sorted(s)) for f, s in zip(facts, sides, strict=True)})
    if any(not (a.place & b.place) for a in facts for b in facts if a.place and b.place):
        tell("place", {f.uid: f.place_name for f in facts})
    for kind in ("dead", "injured", "arrested", "other"):
        tell(kind, {f.uid: _number(f, kind) for f in facts})
    return out


def _dates_differ(facts: Sequence[Fact]) -> bool:
    dated = [f for f in facts if f.day]
    return bool(dated) and max(f.day for f in dated) > min(f.last for f in dated)


def _number(f: Fact, kind: str) -> str:
    ranges = [(low, high) for what, low, high in f.counts if what == kind]
    return "; ".join(str(low) if low == high else f"{low}-{high}" for low, high in sorted(ranges))


def _most(values: Sequence[str]) -> str:
    counts = Counter(values)
    return min(counts, key=lambda v: (-counts[v], v)) if counts else ""


def common(facts: Sequence[Fact]) -> Common:
    """Return what the claims have in common."""
    told = [f for f in facts if f.status == "actual"]
    dates = [f.date for f in (told or facts) if f.date]
    # One dated mention among many without is not the event's date.
    if len(dates) < len(told or facts) / 5:
        dates = []
    precise = max((len(d) for d in dates), default=0)
    date = _most([d for d in dates if len(d) == precise]) or None
    countries = Counter(c for f in facts for c in f.countries)
    return Common(
        type=_most([f.type for f in facts]),
        status="actual" if told else _most([f.status for f in facts]),
        record=_most([f.record for f in facts if f.record]),
        date=date,
        day=day_range(date)[0],
        countries=sorted(countries),
    )
