"""Keeping the merged events up to date with the claims and the judgements: only what new or changed claims touch.

The result is that of merging everything at once (`rebuild`): scores are of pairs alone, so what no new link reaches stays as it is.

Note [Two steps]
----------------
New claims are first compared with the blocks that they fall in, a batch a transaction; they wait in `dirty` from then on. Then
all that waits is grouped in one transaction. A merge that is broken off in between goes on where it was.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from waqai import words
from waqai.merge import Fact, Judgement, denial, link
from waqai.merge.cluster import shelves
from waqai.merge.score import family
from waqai.store import agreements, grouped
from waqai.store.db import Database
from waqai.store.reader import Reader
from waqai.store.write import chunks

__all__ = ["judgements", "remerge"]

_DOCUMENTS_AT_ONCE = 200
_DERIVED = ("blocks", "edges", "merged", "merged_claims", "merged_countries", "merged_pairs", "merged_tally", "agreement_rows", "dirty")


def judgements(db: Database) -> list[Judgement]:
    """Return all judgements, oldest first."""
    return [Judgement(verdict=v, a=a, b=b) for v, a, b in db.rows("SELECT verdict, a, b FROM judgements ORDER BY id")]


def remerge(db: Database, *, rebuild: bool = False) -> int:
    """Bring the merged events up to date; return how many were made anew."""
    with _uncollected():
        return _remerge(db, rebuild)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of cycles off: rows and facts have none, and it looked at all millions of them again and again."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _remerge(db: Database, rebuild: bool) -> int:
    with db.transaction():
        _alone(db)
        if rebuild or _meta(db, "merged_by") != _code():
            for table in _DERIVED:
                db.run(f"DELETE FROM {table}")
            db.run("UPDATE meta SET value = '0' WHERE key = 'merged_to'")
            db.run("UPDATE meta SET value = ? WHERE key = 'merged_by'", (_code(),))
    reader = Reader(db)
    while _link_batch(db, reader):
        reader.forget()
    with db.transaction():
        _alone(db)
        fresh = db.one("SELECT 1 FROM merged LIMIT 1") is None
        touched, dead = _retired(db, reader)
        if not touched and not dead:
            return 0
        made, changed = grouped.regroup(db, reader, touched, judgements(db), fresh)
        agreements.regroup(db, None if fresh else changed | dead)
        db.run("UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'changed'")
        return made


def _alone(db: Database) -> None:
    """Let one merge at a time go on: the row stays locked to the end of the transaction (SQLite locks the whole file)."""
    db.run("UPDATE meta SET value = value WHERE key = 'merged_to'")


def _meta(db: Database, key: str) -> str:
    row = db.one("SELECT value FROM meta WHERE key = ?", (key,))
    return str(row[0]) if row else ""


@functools.lru_cache(maxsize=1)
def _code() -> str:
    """Digest of what decides on merging: with other weights all merged events are made again."""
    import waqai.merge

    files = sorted(Path(waqai.merge.__file__).parent.glob("*.py"))
    total = hashlib.sha256(b"\0".join(f.read_bytes() for f in files))
    total.update(repr(words.raw("empty.toml")).encode())
    return total.hexdigest()[:16]


def _retired(db: Database, reader: Reader) -> tuple[set[int], set[int]]:
    """Take claims of older versions out; return the live claims that must be grouped again, and the dead ones."""
    dirty = {int(r[0]) for r in db.rows("SELECT claim FROM dirty")}
    touched = grouped.alive(db, dirty)
    gone = dirty - touched
    for part in chunks(sorted(gone)):
        dead = [int(c) for c in part]
        touched |= grouped.neighbours(db, dead) | grouped.housemates(db, dead)
        grouped.remove_events(db, sorted(grouped.events_of(db, dead)))
        reader.locate(dead)
        db.many("DELETE FROM blocks WHERE key = ? AND claim = ?", [(k, c) for c in dead for k in shelves(reader.fact(c))[0]])
        marks = ", ".join("?" * len(dead))
        db.run(f"DELETE FROM edges WHERE a IN ({marks})", dead)
        db.run(f"DELETE FROM edges WHERE b IN ({marks})", dead)
        reader.forget()
    db.run("DELETE FROM dirty")
    return (grouped.alive(db, touched) if gone else touched), gone


def _link_batch(db: Database, reader: Reader) -> bool:
    """Enter some claims that came in since the last time into blocks; False where there are none left."""
    with db.transaction():
        _alone(db)
        done = int(_meta(db, "merged_to") or 0)
        row = db.one("SELECT doc FROM claims WHERE id = ?", (done,))
        after = int(row[0]) if row else 0
        row = db.one(f"SELECT MAX(id) FROM (SELECT id FROM documents WHERE id > ? ORDER BY id LIMIT {_DOCUMENTS_AT_ONCE}) AS d",
                     (after,))  # fmt: skip
        until = int(row[0] or 0) if row else 0
        while until:
            rows = db.rows("SELECT id, live FROM claims WHERE doc > ? AND doc <= ? ORDER BY id", (after, until))
            if rows:
                break
            row = db.one("SELECT MIN(doc) FROM claims WHERE doc > ?", (until,))
            until = int(row[0] or 0) if row else 0
        if not until:
            return False
        claims = [int(c) for c, live in rows if live]
        db.many("INSERT INTO edges VALUES (?, ?, ?, ?)", _compare(db, reader, claims))
        db.many("INSERT INTO dirty VALUES (?) ON CONFLICT DO NOTHING", [(c,) for c in claims])
        db.run("UPDATE meta SET value = ? WHERE key = 'merged_to'", (str(rows[-1][0]),))
        return True


def _compare(db: Database, reader: Reader, claims: list[int]) -> list[tuple[int, int, float, int]]:
    """Return the edges between new claims, and from new ones to older ones."""
    reader.locate(claims)
    shelved = {c: shelves(reader.fact(c)) for c in claims}
    blocks: dict[int, list[int]] = {}
    for part in chunks(sorted({k for _, met in shelved.values() for k in met})):
        marks = ", ".join("?" * len(part))
        for key, claim in db.rows(f"SELECT key, claim FROM blocks WHERE key IN ({marks})", part):
            blocks.setdefault(int(key), []).append(int(claim))
    reader.locate({c for members in blocks.values() for c in members})
    # Claims of one article come together, so that they need no block in the store.
    beside: dict[tuple[int, str], list[int]] = {}
    out: list[tuple[int, int, float, int]] = []
    for claim in claims:
        fact = reader.fact(claim)
        home = beside.setdefault((reader.document(claim), family(fact.type)), [])
        own, met = shelved[claim]
        out += _edges(reader, claim, fact, {*home, *(o for k in met for o in blocks.get(k, ()))})
        home.append(claim)
        for key in own:
            blocks.setdefault(key, []).append(claim)
    db.many("INSERT INTO blocks VALUES (?, ?)", sorted((k, c) for c in claims for k in shelved[c][0]))
    return out


def _edges(reader: Reader, claim: int, fact: Fact, others: Iterable[int]) -> Iterable[tuple[int, int, float, int]]:
    for other in sorted(others):
        met = reader.fact(other)
        value = link(fact, met)
        if value is not None:
            yield (other, claim, value, 0)
        elif denial(fact, met):
            yield (other, claim, 0.0, 1)


