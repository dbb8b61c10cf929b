"""Days on the calendar: numbered, counted from today, weekdays, Hijri, with their part of the day or hour."""

from __future__ import annotations

from datetime import date, timedelta

from waqai.when import calendar as cal
from waqai.when.anchor import Context
from waqai.when.spec import Spec
from waqai.when.years import PUBLISHED, Resolved, month_of, on, sign, with_time

__all__ = ["day", "hijri_year_of", "same_day"]


def day(s: Spec, ctx: Context, at: int) -> Resolved | None:
    """Resolve a day with whatever it has: a number, a weekday, a distance from today, a twin, a part of the day."""
    got = _day_value(s, ctx, at)
    if got is None:
        return None
    if s.twin is not None:
        got = _merge_twin(got, s, ctx)
    if s.every and len(got.value) >= 10:
        return Resolved("SET", "XXXX" + got.value[4:10])
    if s.second_wday is not None and got.span is not None:
        s.why.append("night between two days")
    return with_time(s, got)


def _merge_twin(got: Resolved, s: Spec, ctx: Context) -> Resolved:
    """Keep the Gregorian one of a Hijri date and its twin; say where they are more than a day apart."""
    other_spec = s.twin
    if other_spec is None:
        return got
    other = day(other_spec, ctx, ctx.toks[other_spec.first].start)
    if other is None:
        return got
    greg, hijri = (other, got) if s.hijri else (got, other)
    if greg.span and hijri.span and abs((greg.span[0] - hijri.span[0]).days) > 1:
        greg.conflict = f"the Hijri date is {hijri.value}, the Gregorian one {greg.value}"
    return greg


def _day_value(s: Spec, ctx: Context, at: int) -> Resolved | None:
    if s.day is not None and s.hmonth is not None:
        return _hijri_day(s, ctx)
    if s.day is not None:
        return _numbered_day(s, ctx, at)
    if s.off is not None:
        return _counted_day(s, ctx)
    if s.wday is not None:
        return _weekday(s, ctx, at)
    return None


def _numbered_day(s: Spec, ctx: Context, at: int) -> Resolved | None:
    year, month, anchor = month_of(s, ctx, at)
    if month is None:
        if s.month_rel is None:
            return None
        return Resolved("DATE", f"XXXX-XX-{s.day:02d}")
    day = s.day or 1
    if year is None:
        ok = cal.safe(2000, month, day)
        return Resolved("DATE", f"XXXX-{month:02d}-{day:02d}") if ok else None
    d = cal.safe(year, month, day)
    if d is None:
        return None
    conflict = s.conflict
    if s.wday is not None and s.nth is not None and d.isoweekday() != s.wday:
        d = cal.nth_in_month(cal.month_span(year, month), s.nth, s.wday) or d
    if s.wday is not None and d.isoweekday() != s.wday:
        conflict = f"{d.isoformat()} is a {d:%A}, not a {_WEEKDAYS[s.wday - 1]}"
    elif s.off is not None and ctx.pub is not None and d != ctx.pub + timedelta(days=s.off):
        conflict = f"the text says {d.isoformat()} is {_TODAY.get(s.off, 'near')}; published {ctx.pub.isoformat()}"
    return on(d, anchor, conflict)


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TODAY = {0: "today", -1: "yesterday", 1: "tomorrow", -2: "the day before yesterday", 2: "the day after tomorrow"}


def hijri_year_of(s: Spec, ctx: Context) -> int | None:
    """Return the Hijri year of a Hijri day or month: written, by relation, or the nearest one."""
    if s.year is not None:
        if s.year > 1700 and s.hmonth is not None:
            # «رمضان 2019»: the Hijri year whose month begins in that Gregorian year
            for h in range(s.year - 579 - 3, s.year - 579 + 4):
                span = cal.hijri_month(h, s.hmonth)
                if span is not None and span[0].year == s.year:
                    return h
        return s.year
    if ctx.pub is None or s.hmonth is None:
        return None
    hy, hm, _ = cal.hijri_of(ctx.pub)
    if s.year_rel is not None:
        return hy + sign(s.year_rel) * s.year_hop
    if s.rel in ("past", "prev", "last"):
        return hy if s.hmonth < hm else hy - 1
    if s.rel in ("fut", "next"):
        return hy if s.hmonth > hm else hy + 1
    if s.rel == "now":
        return hy
    return min((hy - 1, hy, hy + 1), key=lambda y: _hijri_distance(y, s, ctx))


def _hijri_distance(year: int, s: Spec, ctx: Context) -> int:
    span = cal.hijri_month(year, s.hmonth or 1)
    if span is None or ctx.pub is None:
        return 10**6
    if span[0] <= ctx.pub <= span[1]:
        return 0
    return min(abs((span[0] - ctx.pub).days), abs((span[1] - ctx.pub).days))


def _hijri_day(s: Spec, ctx: Context) -> Resolved | None:
    year = hijri_year_of(s, ctx)
    if year is None:
        return Resolved("DATE", "XXXX-XX-XX")
    d = cal.hijri_day(year, s.hmonth or 1, s.day or 1)
    if d is None:
        return None
    conflict = None
    if s.wday is not None and d.isoweekday() != s.wday and not _near_weekday(d, s.wday):
        conflict = f"{d.isoformat()} is a {d:%A}, not a {_WEEKDAYS[s.wday - 1]}"
    return on(d, PUBLISHED if s.year is None else None, conflict)


def _near_weekday(d: date, weekday: int) -> bool:
    return (weekday - d.isoweekday()) % 7 in (1, 6)


def _counted_day(s: Spec, ctx: Context) -> Resolved:
    off = s.off or 0
    if ctx.pub is None:
        return Resolved("DATE", f"XXXX-WXX-{s.wday}" if s.wday else "XXXX-XX-XX")
    d = ctx.pub + timedelta(days=off)
    if s.wday is None or d.isoweekday() == s.wday:
        return on(d, PUBLISHED)
    # Both are kept: the weekday gives the day (an article is dated a day late more often than its weekday is wrong).
    said = f"{_TODAY.get(off, 'the day')} ({d.isoformat()}) is a {d:%A}, the text says {_WEEKDAYS[s.wday - 1]}"
    ahead = (s.wday - d.isoweekday()) % 7
    near = sorted((d + timedelta(days=ahead), d + timedelta(days=ahead - 7)), key=lambda x: abs((x - d).days))
    fits = [x for x in near if (x <= ctx.pub if off < 0 else x >= ctx.pub if off > 0 else (x - ctx.pub).days <= 1)]
    return on((fits or near)[0], PUBLISHED, said)


def _weekday(s: Spec, ctx: Context, at: int) -> Resolved | None:
    wday = s.wday or 1
    if s.week_rel is not None:
        if ctx.pub is None:
            return Resolved("DATE", f"XXXX-WXX-{wday}")
        monday = cal.week_span(ctx.pub)[0] + timedelta(weeks=sign(s.week_rel) * s.week_hop)
        return on(monday + timedelta(days=wday - 1), PUBLISHED)
    base, anchor = ctx.pub, PUBLISHED
    if s.rel in ("next", "same") and ctx.day is not None and ctx.day.day is not None:
        base, anchor = ctx.day.day, ctx.day.at
    if base is None:
        return Resolved("DATE", f"XXXX-WXX-{wday}")
    back, ahead = (base.isoweekday() - wday) % 7, (wday - base.isoweekday()) % 7
    if s.rel in ("past", "prev", "last"):
        d = base - timedelta(days=(back or 7) + 7 * (s.hop - 1))
    elif s.rel in ("fut", "next"):
        d = base + timedelta(days=(ahead or 7) + 7 * (s.hop - 1))
    elif s.rel in ("now", "same") or (back and ctx.looks_ahead(s.first, s.last)):
        d = base + timedelta(days=ahead)
    else:
        d = base - timedelta(days=back)
    return on(d, anchor)


def same_day(s: Spec, ctx: Context, at: int) -> Resolved | None:
    """Resolve «اليوم نفسه», «ذلك اليوم»: the day last spoken of."""
    f = ctx.day if s.off is None else None
    base, anchor = (f.day, f.at) if f is not None and f.day is not None else (ctx.pub, PUBLISHED)
    if base is None:
        return Resolved("DATE", "XXXX-XX-XX")
    if s.rel == "same" and anchor == PUBLISHED:
        return Resolved("DATE", "PAST_REF")  # «ذلك اليوم» of which nothing was told
    if s.year is not None:
        base = cal.safe(s.year, base.month, base.day) or base
    return with_time(s, on(base, anchor))
