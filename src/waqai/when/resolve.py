"""From a `Spec` to a value on the calendar, one function a kind. Nothing here reads words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from waqai.types import TimeType
from waqai.when import calendar as cal
from waqai.when.anchor import Context, Focus
from waqai.when.spec import Spec

__all__ = ["Resolved", "resolve"]

PUBLISHED = -1


@dataclass(slots=True)
class Resolved:
    """A value, the days it covers, and what it was counted from (offset, -1 publication, None nothing)."""

    type: TimeType
    value: str
    span: cal.Span | None = None
    anchor: int | None = None
    conflict: str | None = None


def resolve(s: Spec, ctx: Context) -> Resolved | None:
    """Return what `s` means in its document, None where it means nothing there."""
    at = ctx.toks[s.first].start
    got = _KINDS[s.kind](s, ctx, at)
    if got is not None and s.conflict and got.conflict is None:
        got.conflict = s.conflict
    return got


def _sign(rel: str) -> int:
    return {"past": -1, "prev": -1, "last": -1, "fut": 1, "next": 1}.get(rel, 0)


# --- years and months that a day or month belongs to ----------------------------------------------------------------


def _year_by_relation(s: Spec, ctx: Context) -> tuple[int | None, int | None]:
    rel = s.year_rel
    if rel == "same":
        f = ctx.year
        return (f.year, f.at) if f is not None else (ctx.pub.year if ctx.pub else None, PUBLISHED)
    if ctx.pub is None or rel is None:
        return None, None
    return ctx.pub.year + _sign(rel) * s.year_hop, PUBLISHED


def _whole(s: Spec, ctx: Context) -> bool:
    """Tell whether the expression is the whole text: a phrase without a clause around it."""
    return s.first <= 1 and s.last >= len(ctx.toks) - 1


def _infer_year(s: Spec, ctx: Context, month: int, day: int | None, at: int) -> tuple[int | None, int | None]:
    """Choose the year of «12 مايو» or «مايو»: a year written nearby, else past unless near or announced."""
    if s.year_rel is not None:
        return _year_by_relation(s, ctx)
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
    if _whole(s, ctx):
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
            y, m = cal.add_months(f.year, f.month, _sign(rel))
            return y, m, f.at
    if ctx.pub is None:
        return None
    y, m = cal.add_months(ctx.pub.year, ctx.pub.month, _sign(rel) * s.month_hop)
    return y, m, PUBLISHED


def _month_of(s: Spec, ctx: Context, at: int) -> tuple[int | None, int | None, int | None]:
    """Return (year, month, anchor) of a day or month; None where not told."""
    if s.month is None and s.month_rel is not None:
        got = _month_by_relation(s, ctx)
        if got is None:
            return None, None, None
        y, m, anchor = got
        if s.year is not None or s.year_rel is not None:
            year = s.year if s.year is not None else _year_by_relation(s, ctx)[0]
            return year, m, anchor
        return y, m, anchor
    if s.year is not None:
        return s.year, s.month, None
    if s.month is None:
        return None, None, None
    y2, anchor2 = _infer_year(s, ctx, s.month, s.day, at)
    return y2, s.month, anchor2


# --- days -----------------------------------------------------------------------------------------------------------


def _day(s: Spec, ctx: Context, at: int) -> Resolved | None:
    got = _day_value(s, ctx, at)
    if got is None:
        return None
    if s.twin is not None:
        got = _merge_twin(got, s, ctx)
    if s.every and len(got.value) >= 10:
        return Resolved("SET", "XXXX" + got.value[4:10])
    if s.second_wday is not None and got.span is not None:
        s.why.append("night between two days")
    return _with_time(s, got)


def _with_time(s: Spec, got: Resolved) -> Resolved:
    if s.hour is not None:
        got.value = f"{got.value}T{s.hour:02d}:{s.minute or 0:02d}"
        got.type = "TIME"
    elif s.part is not None:
        got.value = f"{got.value}T{'MO' if s.part == 'AM' else s.part}"
        got.type = "TIME"
    return got


def _merge_twin(got: Resolved, s: Spec, ctx: Context) -> Resolved:
    """Keep the Gregorian one of a Hijri date and its twin; say so where they are more than a day apart (moon sighting)."""
    other_spec = s.twin
    if other_spec is None:
        return got
    other = resolve(other_spec, ctx)
    if other is None:
        return got
    greg, hijri = (other, got) if s.hijri else (got, other)
    if greg.span and hijri.span and abs((greg.span[0] - hijri.span[0]).days) > 1:
        greg.conflict = f"the Hijri date is {hijri.value}, the Gregorian one {greg.value}"
    return greg


def _on(d: date, anchor: int | None, conflict: str | None = None) -> Resolved:
    return Resolved("DATE", d.isoformat(), (d, d), anchor, conflict)


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
    year, month, anchor = _month_of(s, ctx, at)
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
    return _on(d, anchor, conflict)


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TODAY = {0: "today", -1: "yesterday", 1: "tomorrow", -2: "the day before yesterday", 2: "the day after tomorrow"}


def _hijri_year_of(s: Spec, ctx: Context) -> int | None:
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
        return hy + _sign(s.year_rel) * s.year_hop
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
    year = _hijri_year_of(s, ctx)
    if year is None:
        return Resolved("DATE", "XXXX-XX-XX")
    d = cal.hijri_day(year, s.hmonth or 1, s.day or 1)
    if d is None:
        return None
    conflict = None
    if s.wday is not None and d.isoweekday() != s.wday and not _near_weekday(d, s.wday):
        conflict = f"{d.isoformat()} is a {d:%A}, not a {_WEEKDAYS[s.wday - 1]}"
    return _on(d, PUBLISHED if s.year is None else None, conflict)


def _near_weekday(d: date, weekday: int) -> bool:
    return (weekday - d.isoweekday()) % 7 in (1, 6)


def _counted_day(s: Spec, ctx: Context) -> Resolved:
    off = s.off or 0
    if ctx.pub is None:
        return Resolved("DATE", f"XXXX-WXX-{s.wday}" if s.wday else "XXXX-XX-XX")
    d = ctx.pub + timedelta(days=off)
    if s.wday is None or d.isoweekday() == s.wday:
        return _on(d, PUBLISHED)
    # Both are kept: the weekday gives the day (an article is dated a day late more often than its weekday is wrong).
    said = f"{_TODAY.get(off, 'the day')} ({d.isoformat()}) is a {d:%A}, the text says {_WEEKDAYS[s.wday - 1]}"
    ahead = (s.wday - d.isoweekday()) % 7
    d += timedelta(days=ahead if ahead <= 3 and not (off == 0 and ahead > 1) else ahead - 7)
    return _on(d, PUBLISHED, said)


def _weekday(s: Spec, ctx: Context, at: int) -> Resolved | None:
    wday = s.wday or 1
    if s.week_rel is not None:
        if ctx.pub is None:
            return Resolved("DATE", f"XXXX-WXX-{wday}")
        monday = cal.week_span(ctx.pub)[0] + timedelta(weeks=_sign(s.week_rel) * s.week_hop)
        return _on(monday + timedelta(days=wday - 1), PUBLISHED)
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
    elif s.rel == "now":
        d = base + timedelta(days=ahead)
    elif s.rel == "same" or (back and ctx.looks_ahead(s.first, s.last)):
        d = base + timedelta(days=ahead)
    else:
        d = base - timedelta(days=back)
    return _on(d, anchor)


def _same_day(s: Spec, ctx: Context, at: int) -> Resolved | None:
    f = ctx.day
    base, anchor = (f.day, f.at) if f is not None and f.day is not None else (ctx.pub, PUBLISHED)
    if base is None:
        return Resolved("DATE", "XXXX-XX-XX")
    if s.year is not None:
        base = cal.safe(s.year, base.month, base.day) or base
    return _with_time(s, _on(base, anchor))


# --- months, years, units -------------------------------------------------------------------------------------------


def _month(s: Spec, ctx: Context, at: int) -> Resolved | None:
    if s.hmonth is not None:
        return _hijri_month(s, ctx)
    year, month, anchor = _month_of(s, ctx, at)
    if month is None:
        return None
    if s.every:
        return Resolved("SET", f"XXXX-{month:02d}")
    if year is None:
        return Resolved("DATE", f"XXXX-{month:02d}")
    if not 1 <= year <= 9990:
        return None
    return Resolved("DATE", f"{year:04d}-{month:02d}", cal.month_span(year, month), anchor)


def _hijri_month(s: Spec, ctx: Context) -> Resolved | None:
    year = _hijri_year_of(s, ctx)
    if year is None:
        return Resolved("DATE", "XXXX-XX")
    span = cal.hijri_month(year, s.hmonth or 1)
    if span is None:
        return None
    # The Gregorian month that has most of it; the exact days are in date_start and date_end.
    middle = span[0] + timedelta(days=14)
    return Resolved("DATE", f"{middle:%Y-%m}", span, PUBLISHED if s.year is None else None)


def _full_year(two: int, pub: date | None) -> int:
    pivot = (pub.year if pub else 2025) % 100
    return 2000 + two if two <= pivot + 5 else 1900 + two


def _year(s: Spec, ctx: Context, at: int) -> Resolved | None:
    year = s.year
    if year is None:
        return None
    if s.value == "yy":
        year = _full_year(year, ctx.pub)
    near_hijri = 1400 <= year <= 1500 and ctx.pub is not None and abs(cal.hijri_of(ctx.pub)[0] - year) <= 10
    if s.hijri or near_hijri:
        span = cal.hijri_year(year)
        return None if span is None else Resolved("DATE", f"{span[0].isoformat()}/{span[1].isoformat()}", span)
    if not 1 <= year <= 9990:
        return None
    return Resolved("DATE", f"{year:04d}", cal.year_span(year))


_UNANCHORED = {"year": "XXXX", "month": "XXXX-XX", "week": "XXXX-WXX", "day": "XXXX-XX-XX", "decade": "XXX", "century": "XX"}


def _unit(s: Spec, ctx: Context, at: int) -> Resolved | None:
    unit, rel = s.unit or "day", s.rel or "now"
    focus = _unit_focus(unit, rel, ctx, at)
    anchor: int | None = PUBLISHED
    base = ctx.pub
    if focus is not None:
        base = focus.day or date(focus.year, focus.month or 1, 1)
        anchor = focus.at
    if base is None:
        return _with_time(s, Resolved("DATE", _UNANCHORED[unit]))
    n = _sign(rel) * s.hop
    return _with_time(s, _unit_at(unit, base, n, anchor, last=rel == "last"))


def _unit_focus(unit: str, rel: str, ctx: Context, at: int) -> Focus | None:
    """Return the time that «التالي», «السابق», «ذاته» count from, or None for the date of publication."""
    f = {"day": ctx.day, "week": ctx.day, "month": ctx.month}.get(unit, ctx.year)
    if f is None or rel not in ("next", "prev", "same"):
        return None
    # «السابق» of a year is mostly the year before this one, unless a year was just written
    close = ctx.sentence(at) - f.sentence <= 1
    if rel == "prev" and not (close and (unit == "day" or f.full)):
        return None
    if rel == "next" and unit in ("month", "week") and not close:
        return None
    return f


def _unit_at(unit: str, base: date, n: int, anchor: int | None, *, last: bool) -> Resolved:
    if unit == "day":
        return _on(base + timedelta(days=n), anchor)
    if unit == "week":
        day = base + timedelta(weeks=n)
        return Resolved("DATE", cal.iso_week(day), cal.week_span(day), anchor)
    if unit == "month":
        y, m = cal.add_months(base.year, base.month, n)
        return Resolved("DATE", f"{y:04d}-{m:02d}", cal.month_span(y, m), anchor)
    if unit == "year":
        return Resolved("DATE", f"{base.year + n:04d}", cal.year_span(base.year + n), anchor)
    if last:
        return Resolved("DURATION", "P10Y" if unit == "decade" else "P100Y")
    size = 10 if unit == "decade" else 100
    start = (base.year // size + n) * size
    return Resolved("DATE", str(start // size), (date(start, 1, 1), date(start + size - 1, 12, 31)), anchor)


def _nth(s: Spec, ctx: Context, at: int) -> Resolved | None:
    month = _month(s, ctx, at)
    nth = s.nth
    if month is None or nth is None:
        return None
    if month.span is None:
        return Resolved("DATE", f"{month.value}-XX" if s.unit != "week" else "XXXX-WXX")
    if s.unit == "week":
        weeks = cal.weeks_of_month(month.span)
        if nth > len(weeks):
            return None
        monday = weeks[nth if nth == -1 else nth - 1]
        return Resolved("DATE", cal.iso_week(monday), cal.week_span(monday), month.anchor)
    d = cal.nth_in_month(month.span, nth, s.wday if s.unit is None else None)
    return None if d is None else _with_time(s, _on(d, month.anchor))


def _year_told(s: Spec, ctx: Context) -> tuple[int | None, int | None]:
    if s.year is not None:
        return s.year, None
    return _year_by_relation(s, ctx)


def _period(s: Spec, ctx: Context, at: int) -> Resolved | None:
    year, anchor = _year_told(s, ctx)
    letter, nth = s.value or "Q", s.nth or 1
    if year is None:
        return Resolved("DATE", f"XXXX-{letter}{nth}")
    months = 6 if letter == "H" else 3
    first = date(year, months * (nth - 1) + 1, 1)
    return Resolved("DATE", f"{year}-{letter}{nth}", (first, cal.month_span(year, months * nth)[1]), anchor)


def _season(s: Spec, ctx: Context, at: int) -> Resolved | None:
    year, anchor = _year_told(s, ctx)
    season = s.value or "SU"
    if year is None and s.rel is not None and ctx.pub is not None:
        year, anchor = ctx.pub.year, PUBLISHED
        start, end = cal.season_span(year, season)
        if s.rel in ("past", "prev", "last") and ctx.pub <= end:
            year -= 1
        elif s.rel in ("fut", "next") and ctx.pub >= start:
            year += 1
    if year is None:
        return Resolved("DATE", f"XXXX-{season}")
    return Resolved("DATE", f"{year}-{season}", cal.season_span(year, season), anchor)


def _decade(s: Spec, ctx: Context, at: int) -> Resolved | None:
    year = s.year or 1900
    return Resolved("DATE", str(year // 10), (date(year, 1, 1), date(year + 9, 12, 31)))


def _century(s: Spec, ctx: Context, at: int) -> Resolved | None:
    year = s.year or 0
    return Resolved("DATE", f"{year // 100:02d}", (date(max(year, 1), 1, 1), date(year + 99, 12, 31)))


# --- amounts, parts of the day, references ----------------------------------------------------------------------------


def _counted(s: Spec, base: date, sign: int) -> tuple[date, str]:
    """Return the day `s.amount` from `base`, and the granularity that the amount tells."""
    months, days, fine = 0.0, 0.0, "year"
    for unit, n in s.amount.items():
        if unit in ("century", "decade", "year", "month"):
            months += n * {"century": 1200, "decade": 120, "year": 12, "month": 1}[unit]
            if unit == "month" or n != int(n):
                fine = "month" if fine == "year" else fine
        else:
            days += n * {"week": 7, "day": 1, "night": 1}.get(unit, 0)
            fine = "week" if unit == "week" and s.edge == "more" else "day"
    y, m = cal.add_months(base.year, base.month, sign * int(months))
    whole = cal.safe(y, m, base.day) if 1 <= y <= 9990 else None
    if whole is None and 1 <= y <= 9990:
        whole = cal.month_span(y, m)[1]
    if whole is None:
        raise OverflowError("beyond the calendar")
    extra = (months - int(months)) * 30
    return whole + timedelta(days=sign * int(days + extra)), fine


def _dated(s: Spec, base: date, sign: int, anchor: int) -> Resolved | None:
    try:
        d, fine = _counted(s, base, sign)
    except (OverflowError, ValueError):
        return None
    if fine == "day":
        return _on(d, anchor)
    return _unit_at(fine, d, 0, anchor, last=False)


def _ago(s: Spec, ctx: Context, at: int) -> Resolved | None:
    if set(s.amount) <= {"hour", "minute", "second"}:
        return Resolved("DATE", "PAST_REF")
    if ctx.pub is None:
        fine = min(s.amount, key=("day", "night", "week", "month", "year", "decade", "century").index)
        return Resolved("DATE", _UNANCHORED.get("year" if fine in ("decade", "century") else fine, "XXXX-XX-XX"))
    return _dated(s, ctx.pub, -1, PUBLISHED)


def _later(s: Spec, ctx: Context, at: int) -> Resolved | None:
    f = ctx.last
    if f is None:
        return Resolved("DATE", "FUTURE_REF")
    return _dated(s, f.day or date(f.year, f.month or 1, 1), 1, f.at)


def _focus(s: Spec, ctx: Context, at: int) -> Resolved | None:
    f = ctx.last
    if f is None or ctx.sentence(at) - f.sentence > 2:
        return Resolved("DATE", "PAST_REF")
    if f.day is not None:
        return _on(f.day, f.at)
    if f.month is not None:
        return Resolved("DATE", f.value, cal.month_span(f.year, f.month), f.at)
    return Resolved("DATE", f.value, cal.year_span(f.year), f.at)


def _clock(s: Spec, ctx: Context, at: int) -> Resolved | None:
    """Resolve a clock time or a part of the day without its own day: the day of the sentence, else of publication."""
    f = ctx.day
    if s.off is None and f is not None and f.day is not None and ctx.sentence(at) == f.sentence:
        return _with_time(s, _on(f.day, f.at))
    wday = _weekday_after_clock(s, ctx)
    if wday is not None and ctx.pub is not None:
        return _with_time(s, _on(ctx.pub - timedelta(days=(ctx.pub.isoweekday() - wday) % 7), PUBLISHED))
    near = f is not None and f.day is not None and ctx.sentence(at) - f.sentence <= 1
    if s.off is None and near and f is not None and f.day is not None and ctx.pub and 0 <= (ctx.pub - f.day).days <= 7:
        return _with_time(s, _on(f.day, f.at))
    if ctx.pub is None:
        return _with_time(s, Resolved("DATE", "XXXX-XX-XX"))
    return _with_time(s, _on(ctx.pub, PUBLISHED))


def _weekday_after_clock(s: Spec, ctx: Context) -> int | None:
    """Return the weekday that stands after «الساعة 19:59 (23:59 ت غ)، الثلاثاء», if that is all that stands between."""
    for t in ctx.toks[s.last : s.last + 8]:
        if "wday_d" in t.vals:
            return int(t.vals["wday"])
        if not any(c in t.vals for c in ("hm", "tz", "lpar", "rpar", "comma")):
            return None
    return None


def _plain(s: Spec, ctx: Context, at: int) -> Resolved | None:
    kind: TimeType = {"dur": "DURATION", "set": "SET"}.get(s.kind, "DATE")  # type: ignore[assignment]
    value = s.value or ""
    if value == "this-month":
        value = f"XXXX-{ctx.pub.month:02d}" if ctx.pub else "P1Y"
    return Resolved(kind, value)


_KINDS: dict[str, Callable[[Spec, Context, int], Resolved | None]] = {
    "day": _day, "sameday": _same_day, "month": _month, "year": _year, "unit": _unit, "nth": _nth, "period": _period,
    "season": _season, "decade": _decade, "century": _century, "ago": _ago, "later": _later, "focus": _focus,
    "clock": _clock, "part": _clock, "dur": _plain, "set": _plain, "ref": _plain,
}  # fmt: skip
