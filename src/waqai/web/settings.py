"""How a site is run: one value, made by `waqai serve` and by tests."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

__all__ = ["MOST_PASTE", "Search", "Settings"]

MOST_PASTE = 2 * 2**20
"""Largest request body, in bytes."""


class Search(msgspec.Struct, frozen=True, kw_only=True):
    """A saved search of the newsroom: a name and a query string such as "country=MAR&type=SUPPORT"."""

    name: str
    query: str


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """`db`: path or postgresql:// address. `url`: the public address, whose path is the prefix behind a proxy. `edit` lets
    readers judge, `token` is what they must show for it. `timeout`: seconds an answer may take."""

    db: str
    url: str | None = None
    edit: bool = False
    token: str | None = None
    topojson: str | None = None
    searches: list[Search] = []
    timeout: float = 20.0
    read_timeout: float = 20.0

    @property
    def prefix(self) -> str:
        """The path before every address, without a slash at its end: "" or "/waqai"."""
        return urlsplit(self.url).path.rstrip("/") if self.url else ""
