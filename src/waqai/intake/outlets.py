"""The table of outlets: domain or name to Arabic and English name and country (``words/outlets.toml``)."""

from __future__ import annotations

import functools
from urllib.parse import urlsplit

import msgspec

from waqai.errors import WordsError
from waqai.text import fold
from waqai.words import cached, raw

__all__ = ["Outlet", "by_name", "by_url", "table"]


class Outlet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An Arabic news outlet. `country` is ISO 3166 alpha-3 of its seat; `agency` marks news agencies."""

    domain: list[str]
    name: str
    en: str
    country: str
    also: list[str] = []
    agency: bool = False


class _Table(msgspec.Struct):
    outlets: list[Outlet]


def _build() -> _Table:
    try:
        found = msgspec.convert(raw("outlets.toml")["outlet"], list[Outlet])
    except msgspec.ValidationError as error:
        raise WordsError(f"outlets.toml: {error}") from error
    return _Table(found)


@functools.lru_cache(maxsize=1)
def table() -> list[Outlet]:
    """Return every outlet of the table. Raises WordsError."""
    return cached("outlets", _Table, _build).outlets


@functools.lru_cache(maxsize=1)
def _domains() -> dict[str, Outlet]:
    return {d: o for o in table() for d in o.domain}


@functools.lru_cache(maxsize=1)
def _names() -> dict[str, Outlet]:
    out: dict[str, Outlet] = {}
    shared: set[str] = set()
    for outlet in table():
        for name in {_key(n) for n in (outlet.name, outlet.en, *outlet.also)}:
            if out.setdefault(name, outlet) is not outlet:
                shared.add(name)
    return {name: o for name, o in out.items() if name not in shared}  # «الرأي» is two papers: no answer


def _key(name: str) -> str:
    return "".join(c for c in fold(name) if c.isalnum())


def by_url(url: str | None) -> Outlet | None:
    """Return the outlet of a URL: its host, or the longest parent domain of it that is in the table."""
    if not url:
        return None
    try:
        host = (urlsplit(url if "//" in url else "//" + url).hostname or "").lower()
    except ValueError:
        return None
    parts = host.split(".")
    for i in range(len(parts) - 1):
        found = _domains().get(".".join(parts[i:]))
        if found:
            return found
    return None


def by_name(name: str | None) -> Outlet | None:
    """Return the outlet of a name as sources write it: Arabic, English or another name of it, or a domain."""
    if not name:
        return None
    return _names().get(_key(name)) or _domains().get(name.strip().lower().removeprefix("www."))
