"""Dates of publication: ISO and feed dates, dates in a URL, and the page's own dateline in any region's month names.

A dateline is a line (or a label's rest) that is nothing but a date; a date in the running text is never one. The names
of months are data (``words/residue.toml``). Numbers alone are read day first, as Arabic pages write them.
"""

from __future__ import annotations

import datetime
import functools
import re
from email.utils import parsedate_to_datetime

from waqai.text import fold, tokens
from waqai.words import raw

__all__ = ["dateline", "from_url", "labelled", "parse_date"]

_ISO = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:T?\d{4,6}Z?)?\s*$")
_URL = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-](\d{1,2})[/_-](\d{1,2})(?!\d)")
_URL_COMPACT = re.compile(r"(?<!\d)((?:19[89]|20[0-4])\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_DASHED = re.compile(r"(?<!\d)(\d{1,4})\s*[-\\]\s*(\d{1,2})\s*[-\\]\s*(\d{1,4})(?!\d)")
_EARLIEST = 1980
_LATEST = 2100


def _day(year: int, month: int, day: int) -> str | None:
    if not _EARLIEST <= year < _LATEST:
        return None
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None


def parse_date(value: str) -> str | None:
    """Return the day (YYYY-MM-DD) that `value` names, as its writer's clock had it; None where it names none.

    Reads ISO 8601 (with or without time), YYYYMMDD, RFC 822, and Arabic datelines.
    """
    flat = fold(value).strip()
    for pattern in (_ISO, _COMPACT):
        m = pattern.match(flat)
        if m:
            return _day(int(m[1]), int(m[2]), int(m[3]))
    if re.match(r"(?:[a-z]{3},? )?\s*\d{1,2} [a-z]{3} \d{4}", flat):
        try:
            return parsedate_to_datetime(value.strip()).date().isoformat()
        except ValueError:
            return None
    return dateline(value)


def from_url(url: str) -> str | None:
    """Return the day written in a URL's path («/2021/11/24/», «20211124»); None where there is none or it is no day."""
    path = url.split("?", 1)[0]
    for pattern in (_URL, _URL_COMPACT):
        m = pattern.search(path)
        if m:
            return _day(int(m[1]), int(m[2]), int(m[3]))
    return None


class _Names:
    def __init__(self) -> None:
        data = raw("residue.toml")
        self.months = {_plain(n): m["number"] for m in data["month"] for n in m["names"]}
        self.hijri = {_plain(n): m["number"] for m in data["hijri"] for n in m["names"]}
        self.words = {w for d in data["dateline"]["words"] for w in _plain(d).split()}
        self.published = [_plain(p) for p in data["dateline"]["published"]]
        self.updated = [_plain(p) for p in data["dateline"]["updated"]]


def _plain(phrase: str) -> str:
    return " ".join(t.norm for t in tokens(phrase))


@functools.lru_cache(maxsize=1)
def _names() -> _Names:
    return _Names()


def labelled(line: str) -> tuple[str, bool] | None:
    """Return (day, is it the publication?) for a line like «تم النشر في 3 نوفمبر 2020», «آخر تحديث: …»; else None."""
    names = _names()
    flat = _plain(line)
    for labels, published in ((names.published, True), (names.updated, False)):
        for label in labels:
            if flat.startswith(label + " ") or flat.startswith("تم " + label + " "):
                day = dateline(line, label=True)
                return (day, published) if day else None
    return None


def dateline(line: str, *, label: bool = False, strict: bool = False) -> str | None:
    """Return the day of a line that is nothing but a date, else None.

    Two other words are let pass, four with `label` (the line begins with one), none with `strict`. Gregorian is
    preferred to Hijri where both stand.
    """
    if len(line) > 160 or not any(c.isdigit() for c in line):
        return None
    toks = [t for t in tokens(_DASHED.sub(r"\1/\2/\3", fold(line))) if t.kind != "p"]
    if len(toks) > 24:
        return None
    parts, unknown = _parts([t.norm for t in toks])
    if unknown > (0 if strict else 4 if label else 2):
        return None
    for kind in ("g", "h"):
        day = _assemble(parts, kind)
        if day:
            return day
    return None


_Part = tuple[str, int]


def _parts(words: list[str]) -> tuple[list[_Part], int]:
    """Read words as ("n", number), ("g", month), ("h", Hijri month), ("d", YYYYMMDD whole); count the others."""
    # A name of two words is looked up first, so that «ربيع الأول» is not «الربيع».
    names, out, unknown, i = _names(), list[_Part](), 0, 0
    while i < len(words):
        word, pair = words[i], " ".join(words[i : i + 2])
        if pair != word and (pair in names.months or pair in names.hijri):
            out.append(("g", names.months[pair]) if pair in names.months else ("h", names.hijri[pair]))
            i += 2
            continue
        if word.isdecimal() and len(word) <= 4:
            out.append(("n", int(word)))
        elif word[0].isdigit():
            out += _numeric(word)
        elif word in names.months:
            out.append(("g", names.months[word]))
        elif word in names.hijri:
            out.append(("h", names.hijri[word]))
        elif word not in names.words:
            unknown += 1
            out.append(("?", 0))  # what stands on its two sides is not one date
        i += 1
    return out, unknown


_NUMERIC = re.compile(r"(\d{1,4})[/.](\d{1,2})[/.](\d{1,4})$")


def _numeric(word: str) -> list[_Part]:
    m = _NUMERIC.match(word)
    if not m:
        return []
    a, b, c = int(m[1]), int(m[2]), int(m[3])
    if a > 1000:
        year, month, day = a, b, c
    elif c > 1000:
        year, month, day = c, b, a
    else:
        return []
    if month > 12:
        month, day = day, month
    return [("d", year * 10000 + month * 100 + day)]


def _assemble(parts: list[_Part], kind: str) -> str | None:
    for tag, value in parts:
        if tag == "d" and kind == "g":
            return _day(value // 10000, value // 100 % 100, value % 100)
    for i, (tag, month) in enumerate(parts):
        if tag != kind:
            continue
        # «24 آب/أغسطس 2021»: the same month by two names.
        j = i + 1
        while j < len(parts) and parts[j] == (tag, month):
            j += 1
        before = parts[i - 1][1] if i and parts[i - 1][0] == "n" else 0
        after = [v for t, v in parts[j : j + 2] if t == "n"]
        day, year = before, after[0] if after else 0
        if not 1 <= day <= 31 and len(after) == 2 and 1 <= after[0] <= 31:  # «نوفمبر 24, 2021»
            day, year = after
        if 1 <= day <= 31 and year >= 1000:
            return _day(year, month, day) if kind == "g" else _from_hijri(year, month, day)
    return None


def _from_hijri(year: int, month: int, day: int) -> str | None:
    """Umm al-Qura calendar; None outside the years it covers (1343 to 1500)."""
    from hijridate import Hijri

    try:
        return str(Hijri(year, month, day).to_gregorian().isoformat())
    except (ValueError, OverflowError):
        return None
