"""From a query string to a question: filters, words, order, cursor, limit and language, and back to an address."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from waqai.errors import QueryError
from waqai.query import Filters
from waqai.web.labels import Lang

__all__ = ["FIELDS", "MANY", "Question", "address", "filters_of", "question"]

MANY = ("type", "mode", "country", "sector", "outlet", "status", "record")
_ONE = ("pair", "actor", "from", "to", "place", "source")
FIELDS = (*MANY, *_ONE)
_OWN = ("lang", "q", "order", "cursor", "limit", "at", "a", "b", "prefix", "sample")
_PASSED = ("utm_", "fbclid", "gclid")  # what other sites hang on to an address


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What an address asks. `given` are its pairs as they stood, without empty ones, `lang` and `cursor`."""

    lang: Lang = "ar"
    q: str = ""
    filters: Filters = Filters()
    order: str | None = None
    cursor: str | None = None
    limit: int | None = None
    at: str | None = None
    given: list[tuple[str, str]] = []

    def one(self, name: str) -> str | None:
        """Return the first value of a field."""
        return next((v for k, v in self.given if k == name), None)

    def values(self, name: str) -> list[str]:
        """Return the values of a field."""
        return [v for k, v in self.given if k == name]


def question(pairs: Iterable[tuple[str, str]]) -> Question:
    """Return the question of a query string. Raises QueryError for a field or number that we do not know."""
    given = [(k, v.strip()) for k, v in pairs if v.strip() and not k.startswith(_PASSED)]
    for key, _ in given:
        if key not in FIELDS and key not in _OWN:
            near = difflib.get_close_matches(key, (*FIELDS, *_OWN), n=1)
            raise QueryError(f"param: {key!r} is unknown" + (f": did you mean {near[0]}?" if near else ""))
    first = dict(reversed(given))
    limit = first.get("limit")
    if limit is not None and not (limit.isascii() and limit.isdigit() and len(limit) < 6):
        raise QueryError(f"limit: {limit!r} is not from 1 to 500")
    many = {name: [v for k, v in given if k == name] for name in MANY}
    return Question(
        lang="en" if first.get("lang") == "en" else "ar", q=first.get("q", ""), order=first.get("order"),
        cursor=first.get("cursor"), limit=int(limit) if limit else None, at=first.get("at"),
        given=[(k, v) for k, v in given if k not in ("lang", "cursor")],
        filters=filters_of(many, pair=first.get("pair"), actor=first.get("actor"), date_from=first.get("from"),
                           date_to=first.get("to"), place=first.get("place"), source=first.get("source")),
    )  # fmt: skip


def filters_of(many: dict[str, list[str]], *, pair: str | None, **one: str | None) -> Filters:
    """Return filters; `pair` is two countries with a comma between them. NUL is no character of any name."""
    values = [v for vs in many.values() for v in vs] + [v for v in (pair, *one.values()) if v]
    if any("\0" in v for v in values):
        raise QueryError("param: a NUL character: leave it out")
    both = [p.strip() for p in pair.replace("،", ",").split(",")] if pair else []
    given: dict[str, Any] = {**many, **one}
    return Filters(pair=both, **given)


def address(path: str, lang: Lang, given: Iterable[tuple[str, str | None]] = (), *, prefix: str = "", form: str = "") -> str:
    """Return the address of a page: path (its parts quoted here), filters, and `lang` where it is not Arabic.

    `form`: "", "json" or "csv" for a twin.
    """
    path = quote(path, safe="/,.:@~-_") + (f".{form}" if form else "")
    pairs = [(k, v) for k, v in given if v]
    if lang != "ar" and not form:
        pairs.append(("lang", lang))
    return prefix + path + ("?" + urlencode(pairs) if pairs else "")
