"""What an HTML page says of itself: title, author, outlet, address, date of publication.

Only what the page declares or shows beside its headline is taken; no date is searched for in scripts, comments, file
names or copyright lines, as trafilatura's extensive search would do. Modification dates are no publication dates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from waqai.intake import dateline, outlets
from waqai.intake.build import Raw

__all__ = ["read"]

_DATES = (
    "article:published_time", "og:published_time", "datepublished", "article:published", "dc.date.issued",
    "dcterms.issued",
    "dcterms.created", "dc.date", "pubdate", "publishdate", "publish-date", "publish_date", "publication_date",
    "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "date", "article.published",
    "rnews:datepublished",
)  # fmt: skip
_AUTHORS = ("author", "article:author_name", "dc.creator", "parsely-author", "sailthru.author", "twitter:creator_name")
_ARTICLE = re.compile(r"(?:Article|Posting|Report|Review)$")
_DATE_CLASS = re.compile(r"date|time|publish|posted|تاريخ", re.IGNORECASE)
_AUTHOR_CLASS = re.compile(r"author|byline|writer|كاتب", re.IGNORECASE)
_AWAY = frozenset(("nav", "aside", "footer", "li"))
_LD_LIMIT = 400_000


def read(tree: Any) -> Raw:
    """Return the facts of the page as a `Raw` without text. `tree` is an lxml root element; it is not changed."""
    meta = _meta(tree)
    article = _json_ld(tree)
    h1 = next((e for e in tree.iter("h1") if _words(e)), None)
    headline = _words(h1) if h1 is not None else None
    url = _address(tree, meta)
    known = outlets.by_url(url)
    site = meta.get("og:site_name") or _name(article.get("publisher"))
    by_site = outlets.by_name(site)
    outlet = known.name if known else by_site.name if by_site else site
    title = headline or _string(article.get("headline")) or meta.get("og:title") or meta.get("twitter:title")
    if not title:
        title = _page_title(tree, [n for n in (site, outlet) if n])
    beside = list(_beside(h1, tree))
    published = _declared(meta, article, beside)
    authors = (_name(article.get("author")), *(meta.get(k) for k in _AUTHORS), _shown_author(beside))
    return Raw(
        text="",
        url=url,
        outlet=outlet,
        title=title,
        author=next((name for a in authors if (name := _person(a))), None),
        published=published,
        published_basis="metadata" if published else "none",
        visible=None if published else _shown(beside),
    )


def _meta(tree: Any) -> dict[str, str]:
    out: dict[str, str] = {}
    for e in tree.iter("meta"):
        key = (e.get("property") or e.get("name") or e.get("itemprop") or "").strip().lower()
        value = (e.get("content") or "").strip()
        if key and value:
            out.setdefault(key, value)
    return out


def _address(tree: Any, meta: dict[str, str]) -> str | None:
    for e in tree.iter("link"):
        if (e.get("rel") or "").lower() == "canonical" and (e.get("href") or "").startswith("http"):
            return str(e.get("href")).strip()
    url = meta.get("og:url", "")
    return url if url.startswith("http") else None


def _json_ld(tree: Any) -> dict[str, Any]:
    """The page's own article among its JSON-LD blocks: the one that has a date, before one that has none."""
    best: dict[str, Any] = {}
    for e in tree.iter("script"):
        if "ld+json" not in (e.get("type") or "") or not e.text or len(e.text) > _LD_LIMIT:
            continue
        try:
            data = json.loads(e.text, strict=False)
        except (ValueError, RecursionError):
            continue  # sites print broken JSON-LD; the page is read without it
        for item in _items(data):
            kinds = item.get("@type")
            names = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(k, str) and _ARTICLE.search(k) for k in names) and not (
                best.get("datePublished") or (best and not item.get("datePublished"))
            ):
                best = item
    return best


def _items(data: Any) -> Iterator[dict[str, Any]]:
    for item in data if isinstance(data, list) else [data]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            if isinstance(graph, list):
                yield from (g for g in graph if isinstance(g, dict))


def _declared(meta: dict[str, str], article: dict[str, Any], beside: list[Any]) -> str | None:
    values = [_string(article.get("datePublished")), *(meta.get(k) for k in _DATES)]
    values += [e.get("datetime") for e in beside if e.tag == "time" and "updat" not in (e.get("class") or "")]
    return next((day for v in values if v and (day := dateline.parse_date(v))), None)


def _beside(h1: Any, tree: Any) -> Iterator[Any]:
    """The elements that stand with the headline: under its ancestors up to four levels up, or in <article>."""
    root = h1
    for _ in range(4):
        if root is None or root.getparent() is None or root.tag in ("article", "main", "body"):
            break
        root = root.getparent()
    if root is None:
        root = next(tree.iter("article"), None)
    if root is None:
        return
    if root.tag == "body":
        root = h1.getparent() if h1 is not None and h1.getparent() is not None else root
    for n, e in enumerate(root.iter("time", "span", "div", "p", "small", "b", "em", "i", "a", "address")):
        if n > 400:
            return
        if not any(a.tag in _AWAY for a in e.iterancestors()):
            yield e


def _shown(beside: list[Any]) -> str | None:
    """The dateline that the page shows beside its headline; one marked as an update only where there is no other."""
    updated = None
    for e in beside:
        if e.tag != "time" and not _DATE_CLASS.search(f"{e.get('class') or ''} {e.get('id') or ''}"):
            continue
        line = _words(e)
        if not line or len(line) > 160:
            continue
        found = dateline.labelled(line)
        day = found[0] if found else dateline.dateline(line)
        if day and (found is None or found[1]):
            return day
        updated = updated or day
    return updated


def _shown_author(beside: list[Any]) -> str | None:
    for e in beside:
        if _AUTHOR_CLASS.search(f"{e.get('class') or ''} {e.get('rel') or ''} {e.get('itemprop') or ''}"):
            line = _words(e)
            if line and len(line) <= 60:
                return line
    return None


_LABEL = re.compile(r"^\W*(?:بقلم|كتبت?|الكاتبة?|بواسطة|By)\b\s*[:/\-–|]?\s*")


_PLACE = re.compile(r"^[^\W\d]+(?: [^\W\d]+){0,2}\s+[-–—]\s+(?=[^\W\d]+ [^\W\d]+)")
"""«الرباط - فلان الفلاني»: the place from which he writes."""


_NOBODY = frozenset(("admin", "administrator", "editor", "webmaster", "user", "root", "guest"))


def _person(author: str | None) -> str | None:
    """A name without its label; addresses and dates are no names."""
    if not author:
        return None
    name = _PLACE.sub("", _LABEL.sub("", author)).strip(" :-–|/\t\n")
    if not name or name.lower() in _NOBODY:
        return None
    if len(name) > 80 or "http" in name or "@" in name or any(c.isdigit() for c in name):
        known = outlets.by_url(author) if "http" in author else None
        return known.name if known else None
    return name


def _page_title(tree: Any, sites: list[str]) -> str | None:
    e = next(tree.iter("title"), None)
    title = _words(e) if e is not None else ""
    for part in (" | ", " - ", " – ", " — ", " :: "):
        head, found, tail = title.rpartition(part)
        if found and (tail in sites or outlets.by_name(tail) or len(tail) * 2 < len(head)):
            return str(head).strip()
    return title or None


def _name(value: Any) -> str | None:
    first = value[0] if isinstance(value, list) and value else value
    return _string(first.get("name")) if isinstance(first, dict) else _string(first)


def _string(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _words(e: Any) -> str:
    return " ".join("".join(e.itertext()).split())
