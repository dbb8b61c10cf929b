"""What the merge reads back from the store: facts and texts of claims by number, remembered for a while."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from waqai.merge import Fact, facts
from waqai.merge.reprints import Article
from waqai.store.db import Database
from waqai.store.rows import unpack
from waqai.store.write import chunks
from waqai.types import Record

__all__ = ["Reader"]

_REMEMBERED = 3_000  # articles: a claim meets others of its weeks, and those came in together, mostly


class Reader:
    """Facts and articles of claims. `locate` first, for many claims at once."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._facts = functools.lru_cache(maxsize=_REMEMBERED)(self._facts_of)
        self._article = functools.lru_cache(maxsize=_REMEMBERED)(self._article_of)
        self._where: dict[int, tuple[int, str]] = {}

    def _record(self, doc: int) -> Record:
        row = self._db.one("SELECT record FROM documents WHERE id = ?", (doc,))
        assert row is not None
        return unpack(bytes(row[0]))

    def _facts_of(self, doc: int) -> dict[str, Fact]:
        return {f.uid: f for f in facts(self._record(doc))}

    def _article_of(self, doc: int) -> Article:
        d = self._record(doc).document
        return Article(d.id, d.outlet or "", d.content_hash, d.text)

    def locate(self, claims: Iterable[int]) -> None:
        """Learn which document each claim stands in, and its id."""
        for part in chunks([c for c in claims if c not in self._where]):
            marks = ", ".join("?" * len(part))
            rows = self._db.rows(f"SELECT id, doc, uid FROM claims WHERE id IN ({marks})", part)
            self._where.update((int(i), (int(d), str(u))) for i, d, u in rows)

    def document(self, claim: int) -> int:
        """Return the number of the document of a claim that was located."""
        return self._where[claim][0]

    def uid(self, claim: int) -> str:
        """Return the id of a claim that was located."""
        return self._where[claim][1]

    def fact(self, claim: int) -> Fact:
        """Return the fact of a claim that was located."""
        doc, uid = self._where[claim]
        return self._facts(doc)[uid]

    def article(self, claim: int) -> Article:
        """Return the article of a claim that was located."""
        return self._article(self._where[claim][0])

    def forget(self) -> None:
        """Let go of where claims stand; articles stay while there is room."""
        self._where.clear()
