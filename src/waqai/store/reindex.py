"""Making the index of words anew from the stored records: when its columns change, or what they hold."""

from __future__ import annotations

import zlib
from pathlib import Path

import msgspec

from waqai.store.db import Database
from waqai.store.rows import shadow_row, unpack
from waqai.store.write import put_words

__all__ = ["reindex"]

_AT_ONCE = 500


def reindex(db: Database) -> None:
    """Replace the index of words. A record that cannot be read is left out: `verify` tells which."""
    db.run("DROP TABLE claim_words")
    db.script((Path(__file__).parent / f"search.{db.engine}.sql").read_text(encoding="utf-8"))
    last = 0
    while docs := db.rows(f"SELECT id, record FROM documents WHERE id > ? ORDER BY id LIMIT {_AT_ONCE}", (last,)):
        rows: list[tuple[object, ...]] = []
        for doc, blob in docs:
            try:
                record = unpack(bytes(blob))
            except (zlib.error, msgspec.MsgspecError):
                continue
            claims = [int(r[0]) for r in db.rows("SELECT id FROM claims WHERE doc = ? ORDER BY id", (doc,))]
            rows += (shadow_row(claim, record, event) for claim, event in zip(claims, record.events, strict=False))
        put_words(db, rows)
        last = int(docs[-1][0])
