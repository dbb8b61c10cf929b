"""From what a reader found to a `Document`: given facts first, then the page's own, then the text's."""

from __future__ import annotations

import hashlib
import re

import msgspec

from waqai.errors import FormatError
from waqai.intake import dateline, outlets
from waqai.intake.clean import mark
from waqai.intake.language import require_arabic
from waqai.text import fold
from waqai.types import Basis, Document

__all__ = ["Given", "Raw", "build", "content_hash"]


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What the caller says of the input; it wins over what the input says of itself."""

    published: str | None = None
    outlet: str | None = None
    url: str | None = None
    title: str | None = None


class Raw(msgspec.Struct, kw_only=True):
    """One article as a reader found it. `published` is a day; `published_basis` tells where it stood.

    `visible` is a dateline that the page shows outside the text; `linked` are lines that were links as a whole.
    """

    text: str
    source: str | None = None
    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    author: str | None = None
    published: str | None = None
    published_basis: Basis = "none"
    visible: str | None = None
    linked: frozenset[str] = frozenset()


def content_hash(flat: str) -> str:
    """Return the sha256 of a folded text, runs of white space taken as one blank: equal for reprints."""
    return hashlib.sha256(" ".join(flat.split()).encode()).hexdigest()


def document_ids(text: str, outlet: str | None, url: str | None) -> tuple[str, str]:
    """Return the id of an article and the hash that it shares with its reprints. Raises UnicodeEncodeError on half a surrogate pair."""
    key = hashlib.sha256(f"{outlet or ''}\0{url or ''}\0".encode() + text.encode())
    return key.hexdigest(), content_hash(fold(text))


def build(raw: Raw, given: Given) -> Document:
    """Return the document. Raises FormatError (no text, text that UTF-8 cannot hold) and LanguageError."""
    text = raw.text
    if not text.strip():
        raise FormatError("there is no text in it")
    try:
        encoded = text.encode()
    except UnicodeEncodeError as broken:
        raise FormatError(f"character {broken.start} is half of a surrogate pair; write the text out again as UTF-8") from broken
    require_arabic(text)
    flat = fold(text)
    url = given.url or raw.url
    known = outlets.by_url(url)
    outlet = given.outlet or raw.outlet or (known.name if known else None)
    seat = outlets.by_name(outlet) or (known if outlet is None or not given.outlet else None)
    published, basis = _published(raw, given, url)
    return Document(
        id=hashlib.sha256(f"{outlet or ''}\0{url or ''}\0".encode() + encoded).hexdigest(),
        content_hash=content_hash(flat),
        text=text,
        url=url,
        outlet=outlet,
        title=given.title or raw.title,
        author=raw.author or byline(text),
        published=published,
        published_basis=basis,
        language="ar",
        boilerplate=mark(text, flat, raw.linked, given.title or raw.title),
        source=raw.source,
        outlet_country=seat.country if seat else None,
    )


def _published(raw: Raw, given: Given, url: str | None) -> tuple[str | None, Basis]:
    if given.published:
        return given.published, "given"
    if raw.published:
        return raw.published, raw.published_basis
    day = dateline.from_url(url) if url else None
    if day:
        return day, "metadata"
    day = raw.visible or _from_lines(raw.text)
    return (day, "text") if day else (None, "none")


def _from_lines(text: str) -> str | None:
    """The text's own dateline: a labelled line anywhere, else a line of the first three that is only a date."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    updated = None
    for line in lines:
        if len(line) > 160 or not any(c.isdigit() for c in line):
            continue
        found = dateline.labelled(line)
        if found and found[1]:
            return found[0]
        updated = updated or (found[0] if found else None)
    bare = (dateline.dateline(line) for line in (*lines[:3], *lines[-1:]))
    return next((d for d in bare if d), None) or updated


_NAME = r"[^\W\d_]{2,}"
_BYLINE = re.compile(
    r"\W*(?:(?:مقال |كتبه |أعده )?بقلم(?: الكاتبة?)?\s*[:/\-–|]?|كتبت?\s*[:/\-–|]|الكاتبة?\s*:|المؤلف\s*:"
    r"|بواسطة\s*[:/]?)"
    rf"\s*(?P<name>(?:[دأم]\.\s*)?{_NAME}(?:[ ]{_NAME}){{0,4}})\s*[.،]?\s*$"
)
# «الرباط - أحمد المنصوري» alone on its line: a place, a dash, two to four words.
_PLACE_LINE = re.compile(
    rf"{_NAME}(?:[ ]{_NAME}){{0,2}}\s*[-–—]\s*[«\"]?"
    rf"(?P<name>(?!ال|\w+ (?:في|من|على) ){_NAME}(?:[ ]{_NAME}){{1,3}})[»\"]?\s*[:،]?\s*$"
)
# «القاهرة (رويترز) - قال …», «الرباط - الأناضول: قال …»
_AGENCY = re.compile(r"[^\n.:]{2,40}?(?:\(\s*(?P<a>[^()\n]{2,24})\s*\)|[-–—]\s*[«\"]?(?P<b>[^«»\"\n:.،\-–—]{2,24})[»\"]?\s*[:\-–—])")


def byline(text: str) -> str | None:
    """Return who signed: «بقلم …», «كتب: …», «الرباط - فلان», or the agency of «القاهرة (رويترز) -»; else None."""
    lines = [line.strip() for line in text.split("\n", 12)[:12] if line.strip()]
    last = text.rstrip().rsplit("\n", 1)[-1].strip()
    for line in (*lines[:4], last):
        if len(line) <= 80:
            m = _BYLINE.match(line) or (_PLACE_LINE.match(line) if line in lines[:3] else None)
            if m:
                return m["name"].strip()
    for line in lines[:3]:
        m = _AGENCY.match(line[:90])
        found = outlets.by_name((m["a"] or m["b"]).strip()) if m else None
        if found:
            return found.name
    return None
