"""What is made anew from the stored records when the schema changes: the index of words, events told beside their articles."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from waqai.store.db import Database
from waqai.store.rows import pack_told, shadow_row, unpack
from waqai.store.write import put_words
from waqai.types import Record

__all__ = ["reindex", "retell"]

_AT_ONCE = 500


def reindex(db: Database) -> None:
    """Replace the index of words. A record that cannot be read is left out: `verify` tells which."""
    db.run("DROP TABLE claim_words")
    db.script((Path(__file__).parent / f"search.{db.engine}.sql").read_text(encoding="utf-8"))
    for record, claims in _records(db):
        put_words(db, [shadow_row(c, record, e) for c, e in zip(claims, record.events, strict=False)])


def retell(db: Database) -> None:
    """Fill the table of events told beside their articles: those of changes of relations."""
    wanted = {int(r[0]) for r in db.rows("SELECT DISTINCT claim FROM relations")}
    for record, claims in _records(db):
        rows = [(c, pack_told(record, e)) for c, e in zip(claims, record.events, strict=False) if c in wanted]
        db.many("INSERT INTO relation_told VALUES (?, ?)", rows)


def _records(db: Database) -> Iterator[tuple[Record, list[int]]]:
    """Yield each record that can be read, with the numbers of its claims."""
    last = 0
    while docs := db.rows(f"SELECT id, record FROM documents WHERE id > ? ORDER BY id LIMIT {_AT_ONCE}", (last,)):
        for doc, blob in docs:
            try:
                record = unpack(bytes(blob))
            except (zlib.error, msgspec.MsgspecError):
                continue
            yield record, [int(r[0]) for r in db.rows("SELECT id FROM claims WHERE doc = ? ORDER BY id", (doc,))]
        last = int(docs[-1][0])
