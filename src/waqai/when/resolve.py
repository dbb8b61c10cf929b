"""From a `Spec` to a value on the calendar, one function a kind. Nothing here reads words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from waqai.types import TimeType
from waqai.when import calendar as cal
from waqai.when.anchor import Context, Focus
from waqai.when.days import day, hijri_year_of, same_day
from waqai.when.spec import Spec
from waqai.when.years import PUBLISHED, Resolved, full_year, month_of, on, sign, with_time, year_by_relation

__all__ = ["Resolved", "resolve"]


def resolve(s: Spec, ctx: Context) -> Resolved | None:
    """Return what `s` means in its document, None where it means nothing there."""
    at = ctx.toks[s.first].start
    if s.value == "yy" and s.year is not None and s.year < 100:
        s.year = full_year(s.year, ctx.pub)
    got = _KINDS[s.kind](s, ctx, at)
    if got is not None and s.conflict and got.conflict is None:
        got.conflict = s.conflict
    return got


# --- months, years, units -------------------------------------------------------------------------------------------


def _month(s: Spec, ctx: Context, at: int) -> Resolved | None:
    if s.hmonth is not None:
        return _hijri_month(s, ctx)
    year, month, anchor = month_of(s, ctx, at)
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
    year = hijri_year_of(s, ctx)
    if year is None:
        return Resolved("DATE", "XXXX-XX")
    span = cal.hijri_month(year, s.hmonth or 1)
    if span is None:
        return None
    # The Gregorian month that has most of it; the exact days are in date_start and date_end.
    middle = span[0] + timedelta(days=14)
    return Resolved("DATE", f"{middle:%Y-%m}", span, PUBLISHED if s.year is None else None)


def _year(s: Spec, ctx: Context, at: int) -> Resolved | None:
    year = s.year
    if year is None:
        return None
    near_hijri = 1400 <= year <= 1500 and ctx.pub is not None and abs(cal.hijri_of(ctx.pub)[0] - year) <= 10
    if s.hijri or near_hijri:
        span = cal.hijri_year(year)
        return None if span is None else Resolved("DATE", f"{span[0].isoformat()}/{span[1].isoformat()}", span)
    if not 1 <= year <= 9990:
        return None
    return Resolved("DATE", f"{year:04d}", cal.year_span(year))


_UNANCHORED = {
    "year": "XXXX",
    "month": "XXXX-XX",
    "week": "XXXX-WXX",
    "day": "XXXX-XX-XX",
    "decade": "XXX",
    "century": "XX",
}


def _unit(s: Spec, ctx: Context, at: int) -> Resolved | None:
    unit, rel = s.unit or "day", s.rel or "now"
    focus = _unit_focus(unit, rel, ctx, at)
    anchor: int | None = PUBLISHED
    base = ctx.pub
    if focus is not None:
        base = focus.day or date(focus.year, focus.month or 1, 1)
        anchor = focus.at
    if base is None:
        return with_time(s, Resolved("DATE", _UNANCHORED[unit]))
    n = sign(rel) * s.hop
    return with_time(s, _unit_at(unit, base, n, anchor, last=rel == "last"))


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
        return on(base + timedelta(days=n), anchor)
    if unit == "week":
        then = base + timedelta(weeks=n)
        return Resolved("DATE", cal.iso_week(then), cal.week_span(then), anchor)
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
    return None if d is None else with_time(s, on(d, month.anchor))


def _year_told(s: Spec, ctx: Context) -> tuple[int | None, int | None]:
    if s.year is not None:
        return s.year, None
    return year_by_relation(s, ctx)


def _period(s: Spec, ctx: Context, at: int) -> Resolved | None:
    year, anchor = _year_told(s, ctx)
    letter, nth = s.value or "Q", s.nth or 1
    if s.rel == "last" and ctx.pub is not None:
        begun = ctx.pub.month > 3 * (nth - 1)
        year, anchor = ctx.pub.year - (0 if begun else 1), PUBLISHED
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
            if months % 12:
                fine = "month" if fine == "year" else fine
        else:
            days += n * {"week": 7, "day": 1, "night": 1, "hour": 1 / 24, "minute": 1 / 1440}.get(unit, 0)
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
        return on(d, anchor)
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
        return on(f.day, f.at)
    if f.month is not None:
        return Resolved("DATE", f.value, cal.month_span(f.year, f.month), f.at)
    return Resolved("DATE", f.value, cal.year_span(f.year), f.at)


def _clock(s: Spec, ctx: Context, at: int) -> Resolved | None:
    """Resolve a clock time or a part of the day without its own day: the day of the sentence, else of publication."""
    f = ctx.day
    if s.off is None and f is not None and f.day is not None and ctx.sentence(at) == f.sentence:
        return with_time(s, on(f.day, f.at))
    wday = _weekday_after_clock(s, ctx)
    if wday is not None and ctx.pub is not None:
        return with_time(s, on(ctx.pub - timedelta(days=(ctx.pub.isoweekday() - wday) % 7), PUBLISHED))
    near = f is not None and f.day is not None and ctx.sentence(at) - f.sentence <= 1
    if s.off is None and near and f is not None and f.day is not None and ctx.pub and 0 <= (ctx.pub - f.day).days <= 7:
        return with_time(s, on(f.day, f.at))
    if ctx.pub is None:
        return with_time(s, Resolved("DATE", "XXXX-XX-XX"))
    return with_time(s, on(ctx.pub, PUBLISHED))


def _weekday_after_clock(s: Spec, ctx: Context) -> int | None:
    """Return the weekday that stands after «الساعة 8:15 (5:15 بتوقيت غرينتش)، الجمعة», if that is all that stands between."""
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
    got = Resolved(kind, value)
    if s.rel is not None and ctx.pub is not None and s.amount:
        got.anchor = PUBLISHED
        ahead = s.rel == "fut"
        try:
            other = _counted(s, ctx.pub, 1 if ahead else -1)[0]
        except (OverflowError, ValueError):
            return got
        got.span = (ctx.pub, other) if ahead else (other, ctx.pub)
    return got


_KINDS: dict[str, Callable[[Spec, Context, int], Resolved | None]] = {
    "day": day, "sameday": same_day, "month": _month, "year": _year, "unit": _unit, "nth": _nth, "period": _period,
    "season": _season, "decade": _decade, "century": _century, "ago": _ago, "later": _later, "focus": _focus,
    "clock": _clock, "part": _clock, "dur": _plain, "set": _plain, "ref": _plain,
}  # fmt: skip
