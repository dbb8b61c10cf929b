"""A search as an Atom feed (RFC 4287) and as an iCalendar (RFC 5545)."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from xml.sax.saxutils import escape, quoteattr

from waqai.query.types import Events, EventView
from waqai.web import labels
from waqai.web.ask import Question, address
from waqai.web.labels import Lang
from waqai.web.marks import clean

__all__ = ["atom", "ical"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NOT_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")


def _title(e: EventView, lang: Lang) -> str:
    who = "، ".join(labels.country(c, lang) for c in e.countries)
    return clean(f"{labels.named('type', e.type, lang)}{': ' + who if who else ''}")


def _xml(text: str) -> str:
    return escape(_NOT_XML.sub("", clean(text)))


def atom(found: Events, ask: Question, base: str, query: str) -> bytes:
    """Return merged events as a feed. `base` is the site's public address, `query` the question as it was asked."""
    lang = ask.lang
    here = base + "/feed.atom" + ("?" + query if query else "")
    # A feed must say when it changed; an event's day is the only time the record has of it.
    days = [_published(e) for e in found.items]
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>', f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{lang}">',
        f"<title>{_xml(labels.label('site.name', lang) + ' · ' + labels.label('nav.timeline', lang))}</title>",
        f"<id>{_xml(here)}</id>", f'<link rel="self" href={quoteattr(here)}/>',
        f"<updated>{max(days, default='1970-01-01')}T00:00:00Z</updated>",
        f"<author><name>{_xml(labels.label('site.name', lang))}</name></author>",
    ]  # fmt: skip
    for e in found.items:
        link = base + address(f"/event/{e.id}", lang)
        lines += [
            f"<entry><title>{_xml(_title(e, lang))}</title><id>{_xml(base + '/event/' + e.id)}</id>",
            f"<link href={quoteattr(link)}/><updated>{_published(e)}T00:00:00Z</updated>",
            f'<summary xml:lang="ar">{_xml(e.sentence.text)}</summary>', f'<category term="{_xml(e.type)}"/></entry>',
        ]  # fmt: skip
    return ("\n".join([*lines, "</feed>"]) + "\n").encode("utf-8", errors="replace")


def _published(e: EventView) -> str:
    for day in (e.document.published, e.date):
        if day and _DAY.fullmatch(day):
            return day
    return "1970-01-01"


def ical(found: Events, ask: Question, base: str, query: str) -> bytes:
    """Return the dated merged events as whole days of a calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Waqai//Waqai//EN", "CALSCALE:GREGORIAN",
             "X-WR-CALNAME:" + _text(labels.label("site.name", ask.lang))]  # fmt: skip
    for e in found.items:
        first = _first(e.date)
        if first is None:
            continue
        lines += [
            "BEGIN:VEVENT", f"UID:{e.id}@waqai", f"DTSTAMP:{_published(e).replace('-', '')}T000000Z",
            f"DTSTART;VALUE=DATE:{first[0]:%Y%m%d}", f"DTEND;VALUE=DATE:{first[1] + timedelta(days=1):%Y%m%d}",
            "SUMMARY:" + _text(_title(e, ask.lang)), "DESCRIPTION:" + _text(e.sentence.text),
            "URL:" + base + address(f"/event/{e.id}", ask.lang),
            "STATUS:" + {"actual": "CONFIRMED", "negated": "CANCELLED"}.get(e.status, "TENTATIVE"), "END:VEVENT",
        ]  # fmt: skip
    return "".join(_folded(line) + "\r\n" for line in [*lines, "END:VCALENDAR"]).encode("utf-8", errors="replace")


def _first(value: str | None) -> tuple[date, date] | None:
    """The days of a date; a year alone is no entry of a calendar."""
    if value is None or len(value) < 7:
        return None
    year, month = int(value[:4]), int(value[5:7])
    try:
        if len(value) == 7:
            return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
        day = date.fromisoformat(value)
    except (ValueError, calendar.IllegalMonthError):
        return None
    return day, day


def _text(value: str) -> str:
    value = clean(value).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(value.split())


def _folded(line: str) -> str:
    """Lines of at most 75 bytes, as the standard wants them."""
    out, room = "", 75
    for char in line:
        size = len(char.encode("utf-8", errors="replace"))
        if size > room:
            out, room = out + "\r\n ", 74
        out, room = out + char, room - size
    return out
