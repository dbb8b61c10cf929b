"""Calendar arithmetic: months, ISO weeks, Hijri through Umm al-Qura, nth days. Dates are `datetime.date`."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

__all__ = [
    "add_months", "hijri_day", "hijri_month", "hijri_of", "hijri_year", "iso_week", "month_span", "nth_in_month",
    "safe", "season_span", "week_span", "weeks_of_month", "year_span",
]  # fmt: skip

Span = tuple[date, date]
_SEASON_START = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}


def safe(year: int, month: int, day: int) -> date | None:
    """Return the date, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def add_months(year: int, month: int, n: int) -> tuple[int, int]:
    """Return (year, month) `n` months later."""
    k = year * 12 + month - 1 + n
    return k // 12, k % 12 + 1


def month_span(year: int, month: int) -> Span:
    """Return the first and last day of a month."""
    y, m = add_months(year, month, 1)
    return date(year, month, 1), date(y, m, 1) - timedelta(days=1)


def year_span(year: int) -> Span:
    """Return the first and last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def iso_week(day: date) -> str:
    """Return the TIMEX3 value of the ISO 8601 week of `day`."""
    y, w, _ = day.isocalendar()
    return f"{y}-W{w:02d}"


def week_span(day: date) -> Span:
    """Return Monday and Sunday of the ISO week of `day`."""
    monday = day - timedelta(days=day.isoweekday() - 1)
    return monday, monday + timedelta(days=6)


def season_span(year: int, season: str) -> Span:
    """Return the meteorological season (northern hemisphere) that begins in `year`."""
    start = _SEASON_START[season]
    y, m = add_months(year, start, 2)
    return date(year, start, 1), month_span(y, m)[1]


def nth_in_month(span: Span, nth: int, weekday: int | None) -> date | None:
    """Return the nth (-1: last) weekday (ISO; None: any day) of the days `span`, None where there is none."""
    start, end = span
    step = 1 if weekday is None else 7
    if nth == -1:
        day = end if weekday is None else end - timedelta(days=(end.isoweekday() - weekday) % 7)
    else:
        day = start if weekday is None else start + timedelta(days=(weekday - start.isoweekday()) % 7)
        day += timedelta(days=step * (nth - 1))
    return day if start <= day <= end else None


def weeks_of_month(span: Span) -> list[date]:
    """Return the Mondays of the ISO weeks of a month; as in ISO 8601, a week is the month's that has its Thursday."""
    start, end = span
    thursday = start + timedelta(days=(4 - start.isoweekday()) % 7)
    out = []
    while thursday <= end:
        out.append(thursday - timedelta(days=3))
        thursday += timedelta(days=7)
    return out


# --- Hijri: Umm al-Qura where it is tabulated (1343 to 1500 AH), the tabular Islamic calendar elsewhere ---------------


@lru_cache(maxsize=2048)
def hijri_day(year: int, month: int, day: int) -> date | None:
    """Return the Gregorian date of a Hijri one, None where there is no such day."""
    if not (1 <= month <= 12 and 1 <= day <= 30 and 1 <= year <= 1700):
        return None
    if 1343 <= year <= 1500:
        from hijridate import Hijri

        try:
            g = Hijri(year, month, day).to_gregorian()
        except (ValueError, OverflowError):
            return None
        return date(g.year, g.month, g.day)
    # Tabular calendar, civil epoch (Reingold & Dershowitz, "Calendrical Calculations", arithmetic Islamic calendar).
    ordinal = day + 29 * (month - 1) + month // 2 + (year - 1) * 354 + (3 + 11 * year) // 30 + 227014
    return date.fromordinal(ordinal)


def hijri_month(year: int, month: int) -> Span | None:
    """Return the days of a Hijri month."""
    start = hijri_day(year, month, 1)
    after = hijri_day(year + month // 12, month % 12 + 1, 1)
    return None if start is None or after is None else (start, after - timedelta(days=1))


def hijri_year(year: int) -> Span | None:
    """Return the days of a Hijri year."""
    start, after = hijri_day(year, 1, 1), hijri_day(year + 1, 1, 1)
    return None if start is None or after is None else (start, after - timedelta(days=1))


@lru_cache(maxsize=512)
def hijri_of(day: date) -> tuple[int, int, int]:
    """Return the Hijri (year, month, day) of a Gregorian date."""
    year = (day.toordinal() - 227015) * 30 // 10631 + 1
    for y in (year + 1, year, year - 1):
        start = hijri_day(y, 1, 1)
        if start is not None and start <= day:
            for m in range(12, 0, -1):
                first = hijri_day(y, m, 1)
                if first is not None and first <= day:
                    return y, m, (day - first).days + 1
    return year, 1, 1
