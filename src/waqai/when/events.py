"""Times as the event coder and people on the command line need them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date

from waqai.types import Time
from waqai.when.find import find_times, parse_date

__all__ = ["cli_times", "event_date", "explain", "main_times", "origin_date"]

FORMATS = ("table", "jsonl", "tsv")
_AMOUNT = re.compile(r"P(\d{1,4})([YMWD])")


def event_date(time: Time, times: Sequence[Time] | None = None) -> tuple[str | None, str | None]:
    """Return the date and end date of an event that happened at `time`, as precise as the text is.

    A week is its month (docs/when.md, "Conventions"), a part of the day or a clock time its day; ranges give both ends, and so
    does a duration up to or from the publication («اليومين الماضيين»). PAST_REF, sets, unanchored values and bare durations
    give (None, None). With `times` (all of the document), the first half of «من 3 إلى 7 أيار» or «17 و18 نوفمبر» gives both
    of its days.
    """
    if times is not None and (partner := _partner(time, times)) is not None:
        start, end = event_date(time)[0], event_date(partner)
        return start, end[1] or end[0]
    if time.type == "SET" or time.date_start is None or time.date_end is None:
        return None, None
    if time.type == "DURATION":
        cut = 4 if time.value.endswith("Y") else 7 if time.value.endswith("M") and "T" not in time.value else 10
        return time.date_start[:cut], time.date_end[:cut]
    first, last = time.date_start, time.date_end
    if first == last:
        return first, None
    value = time.value
    if "-W" in value:
        return _week_month(first), None
    if len(value) == 4 and value.isdigit():
        return value, None
    if len(value) == 7 and value[5:].isdigit():
        return value, None
    if len(value) < 4 and value.isdigit():
        return first[:4], last[:4]
    if value[5:6] in ("Q", "H") or value[5:] in ("SP", "SU", "FA", "WI"):
        return first[:7], last[:7]
    return first, last


def origin_date(time: Time, published: str | None) -> str | None:
    """Return the date of what follows «بعد ثلاث سنوات من …», counted back from the publication; None for other times.

    The granularity is that of the amount: years give a year, months a month, weeks and days a day.
    """
    day = parse_date(published)
    m = _AMOUNT.fullmatch(time.value)
    if day is None or m is None or not (time.why or "").endswith("counted back"):
        return None
    n, unit = int(m[1]), m[2]
    if unit in "DW":
        back = day.toordinal() - n * (7 if unit == "W" else 1)
        return date.fromordinal(back).isoformat() if back > 0 else None
    months = day.year * 12 + day.month - 1 - n * (12 if unit == "Y" else 1)
    if months < 12:
        return None
    return f"{months // 12:04d}" if unit == "Y" else f"{months // 12:04d}-{months % 12 + 1:02d}"


def _week_month(first: str) -> str:
    """Return the month that has most of the week (its Thursday, as in ISO 8601)."""
    monday = date.fromisoformat(first)
    return date.fromordinal(monday.toordinal() + 3).isoformat()[:7]


def _partner(time: Time, times: Sequence[Time]) -> Time | None:
    """Return the last of the times that `time` opens a range or pair with, None where it opens none."""
    if not (time.why or "").endswith(" start]"):
        return None
    for other in times:
        if other.start > time.start and (other.why or "").endswith(" end]"):
            return other
    return None


def explain(text: str, published: str | None = None) -> str:
    """Return, for people, how each time of `text` was read: span, value, days, rules, anchor, conflict."""
    lines = []
    for t in find_times(text, published):
        lines.append(f"{t.start}-{t.end} «{t.text}»  {t.type} {t.value}")
        if t.date_start is not None:
            lines.append(f"    days      {t.date_start} .. {t.date_end}")
        lines.append(f"    rules     {t.why}")
        lines.append(f"    from      {_anchor(text, t, published)}")
        if t.conflict:
            lines.append(f"    conflict  {t.conflict}")
    return "\n".join(lines) or "no time expression"


def _anchor(text: str, t: Time, published: str | None) -> str:
    if t.anchor is None:
        return "itself"
    if t.anchor == -1:
        return f"the date of publication ({published or 'not known'})"
    return f"the time at {t.anchor} («{text[t.anchor : t.anchor + 20].splitlines()[0]}…»)"


def main_times(text: str, published: str | None = None, fmt: str = "table") -> str:
    """Return the times of `text` as "table" (for people), "tsv" or "jsonl" (one `Time` a line).

    ValueError for another `fmt`, naming those that exist.
    """
    if fmt not in FORMATS:
        raise ValueError(f"unknown format {fmt!r} for times: use one of {', '.join(FORMATS)}")
    times = find_times(text, published)
    if fmt == "jsonl":
        keys = ("start", "end", "text", "type", "value", "date_start", "date_end", "anchor", "conflict", "why")
        return "\n".join(json.dumps({k: getattr(t, k) for k in keys}, ensure_ascii=False) for t in times)
    rows = [(str(t.start), str(t.end), t.type, t.value, t.date_start or "", t.date_end or "", t.text) for t in times]
    if fmt == "tsv":
        head = ("start", "end", "type", "value", "date_start", "date_end", "text")
        return "\n".join("\t".join(c.replace("\t", " ").replace("\n", " ") for c in r) for r in (head, *rows))
    return cli_times(text, published)


def cli_times(text: str, published: str | None = None) -> str:
    """Return the times of `text` as aligned lines for a terminal; a conflict is told under its line."""
    lines = []
    for t in find_times(text, published):
        days = t.date_start or ""
        if t.date_end and t.date_end != t.date_start:
            days = f"{t.date_start}..{t.date_end}"
        lines.append(f"{t.start:>6} {t.end:>6}  {t.type:<8}  {t.value:<22}  {days:<22}  {t.text}")
        if t.conflict:
            lines.append(f"{'':16}! {t.conflict}")
    return "\n".join(lines)
