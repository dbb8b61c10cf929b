"""The year and the month that a day or month belongs to: written, told by relation, or inferred from the passage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from waqai.types import TimeType
from waqai.when import calendar as cal
from waqai.when.anchor import Context
from waqai.when.spec import Spec

__all__ = [
    "PUBLISHED",
    "Resolved",
    "full_year",
    "infer_year",
    "month_of",
    "on",
    "sign",
    "with_time",
    "year_by_relation",
]

PUBLISHED = -1


@dataclass(slots=True)
class Resolved:
    """A value, the days it covers, and what it was counted from (offset, -1 publication, None nothing)."""

    type: TimeType
    value: str
    span: cal.Span | None = None
    anchor: int | None = None
    conflict: str | None = None


def sign(rel: str) -> int:
    """Return -1, 0 or 1: where a relation points."""
    return {"past": -1, "prev": -1, "last": -1, "fut": 1, "next": 1}.get(rel, 0)


def on(d: date, anchor: int | None, conflict: str | None = None) -> Resolved:
    """Return one day as resolved."""
    return Resolved("DATE", d.isoformat(), (d, d), anchor, conflict)


def with_time(s: Spec, got: Resolved) -> Resolved:
    """Add the hour or the part of the day that the expression tells."""
    if s.hour is not None:
        got.value = f"{got.value}T{s.hour:02d}:{s.minute or 0:02d}"
        got.type = "TIME"
    elif s.part is not None:
        got.value = f"{got.value}T{'MO' if s.part == 'AM' else s.part}"
        got.type = "TIME"
    return got


def full_year(two: int, pub: date | None) -> int:
    """Return the year of two digits: up to five years ahead of publication in this century, else in the last."""
    pivot = (pub.year if pub else 2025) % 100
    return 2000 + two if two <= pivot + 5 else 1900 + two


def year_by_relation(s: Spec, ctx: Context) -> tuple[int | None, int | None]:
    """Return the year that «العام الماضي», «العام نفسه» names, and what it is counted from."""
    rel = s.year_rel
    if rel == "same":
        f = ctx.year
        return (f.year, f.at) if f is not None else (ctx.pub.year if ctx.pub else None, PUBLISHED)
    if ctx.pub is None or rel is None:
        return None, None
    return ctx.pub.year + sign(rel) * s.year_hop, PUBLISHED


def infer_year(s: Spec, ctx: Context, month: int, day: int | None, at: int) -> tuple[int | None, int | None]:
    """Choose the year of «12 مايو» or «مايو»: a year written nearby, else past unless near or announced."""
    if s.year_rel is not None:
        return year_by_relation(s, ctx)
    if s.fixed_year is not None:
        return s.fixed_year, PUBLISHED
    f = ctx.written_year(at)
    if f is not None and s.rel is None:
        return f.year, f.at
    pub = ctx.pub
    if pub is None:
        return None, None
    if s.rel in ("past", "prev", "last"):
        before = (month, day or 1) < (pub.month, pub.day if day else 1)
        return pub.year - (0 if before else 1) - (s.hop - 1), PUBLISHED
    if s.rel in ("fut", "next"):
        later = (month, day or 1) > (pub.month, pub.day if day else 1)
        return pub.year + (0 if later else 1) + (s.hop - 1), PUBLISHED
    if s.rel == "now":
        return pub.year - (1 if month - pub.month > 6 else 0), PUBLISHED
    if s.wday is not None and day is not None:
        fits = [y for y in (pub.year, pub.year - 1, pub.year + 1) if _is_weekday(y, month, day, s.wday)]
        if fits:
            return min(fits, key=lambda y: _distance(y, month, day, pub)), PUBLISHED
    if s.alone:
        return pub.year, PUBLISHED
    return _nearest_year(s, ctx, month, day, pub), PUBLISHED


def _is_weekday(year: int, month: int, day: int, weekday: int) -> bool:
    d = cal.safe(year, month, day)
    return d is not None and d.isoweekday() == weekday


def _distance(year: int, month: int, day: int, pub: date) -> int:
    d = cal.safe(year, month, day) or date(year, month, 28)
    return abs((d - pub).days)


# A day ahead by no more than this is taken as announced even without a cue: «المباراة في 12 يونيو» in May.
_NEAR_DAYS = 60


def _nearest_year(s: Spec, ctx: Context, month: int, day: int | None, pub: date) -> int:
    if day is None:
        ahead = (month - pub.month) % 12
        if ahead == 0:
            return pub.year
        coming = pub.year + (1 if month < pub.month else 0)
        if ahead <= 9 and (ahead <= 6 or month > pub.month) and ctx.looks_ahead(s.first, s.last):
            return coming
        return coming - 1
    past = [y for y in (pub.year, pub.year - 1) if (cal.safe(y, month, day) or date(y, month, 28)) <= pub]
    back = past[0]
    gap = ((cal.safe(back + 1, month, day) or date(back + 1, month, 28)) - pub).days
    behind = (pub - (cal.safe(back, month, day) or date(back, month, 28))).days
    if behind == 0:
        return back
    if gap <= _NEAR_DAYS and gap < behind:
        return back + 1
    return back + 1 if gap <= 300 and ctx.looks_ahead(s.first, s.last) and behind > 45 else back


def _month_by_relation(s: Spec, ctx: Context) -> tuple[int, int, int] | None:
    rel = s.month_rel or ""
    if rel == "same" or (rel in ("next", "prev") and ctx.month is not None):
        f = ctx.month
        if f is not None and f.month is not None:
            y, m = cal.add_months(f.year, f.month, sign(rel))
            return y, m, f.at
    if ctx.pub is None:
        return None
    y, m = cal.add_months(ctx.pub.year, ctx.pub.month, sign(rel) * s.month_hop)
    return y, m, PUBLISHED


def month_of(s: Spec, ctx: Context, at: int) -> tuple[int | None, int | None, int | None]:
    """Return (year, month, anchor) of a day or month; None where not told."""
    if s.month is None and s.month_rel is not None:
        got = _month_by_relation(s, ctx)
        if got is None:
            return None, None, None
        y, m, anchor = got
        if s.year is not None or s.year_rel is not None:
            year = s.year if s.year is not None else year_by_relation(s, ctx)[0]
            return year, m, anchor
        return y, m, anchor
    if s.year is not None:
        return s.year, s.month, None
    if s.month is None:
        return None, None, None
    y2, anchor2 = infer_year(s, ctx, s.month, s.day, at)
    return y2, s.month, anchor2
