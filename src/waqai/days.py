"""Dates of any granularity as days. A day is counted as `datetime.date.toordinal` does; 0 is unknown."""

from __future__ import annotations

import calendar
import datetime
import re

from waqai.errors import QueryError

__all__ = ["day_range", "iso", "month_of", "parse_range"]

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def day_range(date: str | None, date_end: str | None = None) -> tuple[int, int]:
    """Return the first and last day that `date` (to `date_end`) covers; (0, 0) where it is none."""
    first, last = _cover(date)
    if date_end is not None and first:
        last = max(last, _cover(date_end)[1])
    return first, last


def _cover(date: str | None) -> tuple[int, int]:
    m = _DATE.match(date) if date else None
    if m is None:
        return 0, 0
    year, month, day = (int(g) if g else 0 for g in m.groups())
    try:
        if not month:
            return datetime.date(year, 1, 1).toordinal(), datetime.date(year, 12, 31).toordinal()
        if not day:
            last = calendar.monthrange(year, month)[1]
            return datetime.date(year, month, 1).toordinal(), datetime.date(year, month, last).toordinal()
        only = datetime.date(year, month, day).toordinal()
        return only, only
    except (ValueError, calendar.IllegalMonthError):
        return 0, 0


def parse_range(date: str, what: str) -> tuple[int, int]:
    """Return the days of a date in a query. Raises QueryError where it is none."""
    got = _cover(date) if _DATE.fullmatch(date) else (0, 0)
    if not got[0]:
        raise QueryError(f"{what}: {date!r} is no date: write YYYY, YYYY-MM or YYYY-MM-DD, such as 2021-11-24")
    return got


def iso(day: int) -> str | None:
    """Return a day as YYYY-MM-DD, None for 0."""
    return datetime.date.fromordinal(day).isoformat() if day else None


def month_of(day: int) -> str:
    """Return the month of a day as YYYY-MM, "" for 0."""
    return datetime.date.fromordinal(day).isoformat()[:7] if day else ""
