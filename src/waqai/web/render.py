"""Templates and what they may call. Everything is escaped; there is no inline script or style."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import jinja2

from waqai import words
from waqai.query.types import ClaimView, EventView, Node
from waqai.types import Record, Span
from waqai.web import charts, labels
from waqai.web.ask import Question, address
from waqai.web.labels import Lang
from waqai.web.marks import KINDS, Mark, Piece, article_lines, clean, event_marks, pieces
from waqai.web.settings import Settings

__all__ = ["render"]

HERE = Path(__file__).parent
_NAV = ("search", "timeline", "relation", "agreements", "visits", "deals", "map", "network", "outlets", "paste", "about")


@functools.lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters["shown"] = clean
    made.filters["web"] = web_address
    made.filters["short"] = short
    made.globals.update(
        KINDS=KINDS, bars=charts.bars, steps=charts.steps, WIDTH=charts.WIDTH, HEIGHT=charts.HEIGHT, article_lines=article_lines,
        marked=marked, in_context=in_context, names_of=_names_of, titled=_titled, once=_once, quad=_quad, fields=fields, static=static_version(),
    )  # fmt: skip
    return made


@functools.lru_cache(maxsize=1)
def static_version() -> str:
    """Return a word that changes with the built assets, so that browsers may keep them for ever."""
    import hashlib

    files = sorted((HERE / "static").glob("*.[cj]s*"))
    return hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()[:10]


def render(template: str, settings: Settings, ask: Question, path: str, **values: Any) -> bytes:
    """Return a page. `path` is its address without prefix, query and twin."""
    page = Page(settings, ask, path)
    return _environment().get_template(template).render(page=page, t=page.t, lang=ask.lang, ask=ask, **values).encode(errors="replace")


class Page:
    """What a template asks about the page it stands on."""

    def __init__(self, settings: Settings, ask: Question, path: str) -> None:
        self.settings, self.ask, self.path = settings, ask, path
        self.lang: Lang = ask.lang
        self.dir = "rtl" if ask.lang == "ar" else "ltr"
        self.nav = _NAV

    def t(self, key: str) -> str:
        """Return a word of the site."""
        return labels.label(key, self.lang)

    def named(self, part: str, code: str | None) -> str:
        """Return what a code is called."""
        return labels.named(part, code, self.lang) if code else labels.label("site.unknown", self.lang)

    def count(self, number: int, key: str) -> str:
        """Return a number of things in words."""
        return labels.counted(number, key, self.lang)

    def country(self, code: str | None) -> str:
        """Return the name of a country."""
        return labels.country(code, self.lang)

    def section(self, part: str) -> dict[str, str]:
        """Return the codes of a part of the dictionary."""
        return labels.section(part, self.lang)

    def countries(self) -> list[tuple[str, str]]:
        """Return countries with their codes, by name."""
        return labels.countries(self.lang)

    def url(self, path: str, **given: str | None) -> str:
        """Return the address of another page in this language."""
        return address(path, self.lang, given.items(), prefix=self.settings.prefix)

    def static(self, name: str) -> str:
        """Return the address of a built file."""
        return f"{self.settings.prefix}/static/{name}?v={static_version()}"

    def keep(self, path: str | None = None, **changes: str | None) -> str:
        """Return this page's address (or `path` with the same question) with some fields changed, None to leave one out."""
        given: list[tuple[str, str | None]] = [(k, v) for k, v in self.ask.given if k not in changes]
        return address(path or self.path, self.lang, [*given, *changes.items()], prefix=self.settings.prefix)

    def without(self, name: str, value: str) -> str:
        """Return this page's address with one value of a field left out."""
        given = [(k, v) for k, v in self.ask.given if (k, v) != (name, value)]
        return address(self.path, self.lang, given, prefix=self.settings.prefix)

    def other(self) -> str:
        """Return this page in the other language."""
        lang: Lang = "en" if self.lang == "ar" else "ar"
        given = [*self.ask.given, ("cursor", self.ask.cursor)]
        return address(self.path, lang, given, prefix=self.settings.prefix)

    def twin(self, form: str) -> str:
        """Return the address of the page's data."""
        given = [*self.ask.given, ("cursor", self.ask.cursor)]
        return address("/home" if self.path == "/" else self.path, self.lang, given, prefix=self.settings.prefix, form=form)

    def feed(self, form: str) -> str:
        """Return the address of the feed of this search."""
        given = [(k, v) for k, v in self.ask.given if k not in ("order", "limit")]
        if self.lang != "ar":
            given.append(("lang", self.lang))
        return f"{self.settings.prefix}/feed.{form}" + ("?" + urlencode(given) if given else "")

    def filters(self) -> list[tuple[str, str]]:
        """Return the filters that are set, as (field, value)."""
        return [(k, v) for k, v in self.ask.given if k in labels.section("f", self.lang)]

    def value(self, name: str, value: str) -> str:
        """Return a filter's value as people say it."""
        if name in ("type", "status", "record", "mode", "sector"):
            return self.named(name, value.upper() if name in ("type", "sector") else value.lower())
        if name == "country":
            return self.country(value.upper()) if len(value) == 3 else value
        if name == "pair":
            return self.t("site.comma").join(self.country(p.strip().upper()) for p in value.split(","))
        return value

    def differ(self, what: str, value: str) -> str:
        """Return a value on which claims differ, as people say it."""
        if what in ("status", "type"):
            return self.named(what, value)
        if what in ("actors", "recipients", "place"):
            parts = [v for v in re.split(r"[ ,]+", value) if v]
            return self.t("site.comma").join(self.country(v) if len(v) == 3 and v.isupper() else v for v in parts) or value
        return value


# --- what templates call ----------------------------------------------------------------------------------------------


def marked(view: ClaimView | EventView) -> list[Piece]:
    """Return a claim's sentence in pieces, or a merged event's with its trigger."""
    s = view.sentence
    marks = [Mark(view.trigger.start, view.trigger.end, "trigger")] if isinstance(view, EventView) else event_marks(view.event)
    return pieces(s.text, 0, len(s.text), [Mark(m.start - s.start, m.end - s.start, m.kind, m.event) for m in marks])


def in_context(view: ClaimView, record: Record | None, around: int) -> tuple[str, list[Piece], str]:
    """Return the words before a claim's sentence, the sentence in pieces, and the words after it."""
    s: Span = view.sentence
    if record is None:
        return "", marked(view), ""
    text = record.document.text
    before, after = text[max(0, s.start - around) : s.start], text[s.end : s.end + around]
    # Not half a word at either end.
    before = ("…" + before.partition(" ")[2]) if s.start > around else before
    after = (after.rpartition(" ")[0] + "…") if s.end + around < len(text) else after
    return clean(before), pieces(text, s.start, s.end, event_marks(view.event, record)), clean(after)


def web_address(url: str | None) -> str | None:
    """Return an address that may stand in a link: http or https with a host, else None."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        ok = parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        ok = False
    return url.strip() if ok else None


def short(text: str | None, most: int = 90) -> str:
    """Return the beginning of a text."""
    text = clean(text or "")
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + "…"


def _once(claims: Iterable[str], outlets: dict[str, str]) -> list[tuple[str, str]]:
    """Each outlet once, by its first claim; a claim of another event stands for itself."""
    out: dict[str, tuple[str, str]] = {}
    for c in claims:
        out.setdefault(outlets.get(c, c), (c, outlets.get(c, "")))
    return list(out.values())


def _titled(record: Record) -> bool:
    title = (record.document.title or "").strip()
    return bool(title) and record.document.text.lstrip().startswith(title)


def _names_of(nodes: Iterable[Node]) -> dict[str, str]:
    return {n.id: n.name for n in nodes}


def _quad(kind: str) -> int:
    found = words.default().ontology.types.get(kind)
    return found.quad if found else 0


def fields(view: str) -> tuple[str, ...]:
    """Return the filters that a page's form offers."""
    if view in ("agreements", "visits", "deals"):
        return ("country", "pair", "actor", "from", "to", "status", "outlet")
    return ("q", "country", "pair", "actor", "type", "record", "status", "from", "to", "outlet", "place", "source")


