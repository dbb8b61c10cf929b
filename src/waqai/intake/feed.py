"""RSS and Atom files (feedparser): one article an entry, its longest text taken, feed and entry facts with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from waqai.errors import FormatError, InputError
from waqai.intake import dateline, outlets
from waqai.intake.build import Raw
from waqai.intake.html import read_page

__all__ = ["read_feed"]


def read_feed(text: str) -> Iterator[tuple[int, Raw | InputError]]:
    """Yield (number, article or what is wrong with it) for each entry. Raises FormatError where it is no feed."""
    import feedparser

    # Bytes, so that feedparser never takes the string for an address or a file name; the declaration goes, it may lie.
    body = text[text.find("?>") + 2 :] if text.lstrip().startswith("<?xml") else text
    headers = {"content-type": "application/xml; charset=utf-8"}
    parsed = feedparser.parse(body.encode("utf-8", errors="replace"), response_headers=headers)
    if not parsed.entries:
        reason = f" ({parsed.bozo_exception})" if parsed.get("bozo") else ""
        raise FormatError(f"no entries in the feed{reason}")
    site = (parsed.feed.get("title") or "").strip() or None
    known = outlets.by_url(parsed.feed.get("link")) or outlets.by_name(site)
    for number, entry in enumerate(parsed.entries, 1):
        try:
            yield number, _article(entry, known.name if known else site)
        except InputError as error:
            yield number, error


def _article(entry: Any, outlet: str | None) -> Raw:
    bodies = [c.get("value", "") for c in entry.get("content", [])] + [entry.get("summary", "")]
    body = max(bodies, key=len).strip()
    if not body:
        raise FormatError("the entry has no text")
    if "<" in body and ">" in body:
        inner = body if "<p" in body else f"<p>{body}</p>"
        raw = read_page(f"<html><body><article>{inner}</article></body></html>")
    else:
        raw = Raw(text=body)
    raw.title = entry.get("title") or None
    raw.url = entry.get("link") or None
    raw.author = entry.get("author") or None
    raw.outlet = outlet
    stamp = entry.get("published") or entry.get("issued") or entry.get("created")
    raw.published = dateline.parse_date(stamp) if stamp else None
    raw.published_basis = "metadata" if raw.published else "none"
    raw.visible = None
    return raw
