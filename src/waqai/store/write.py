"""Writing: documents in batches, versions of pages, runs, failures and judgements. All of it SQL of inserts."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Sequence

import msgspec

from waqai.errors import StoreError
from waqai.store.db import Database
from waqai.store.rows import Batch, actor_key
from waqai.text import fold
from waqai.types import Entity, Failure, Record

__all__ = ["Writer", "chunks", "known", "put_words"]

_COLUMNS = {
    "documents": 19, "times": 8, "actors": 8, "entities": 5, "mentions": 7, "claims": 24, "parties": 6, "voices": 4,
    "claim_countries": 9, "claim_pairs": 10, "agreements": 11, "relations": 8, "relation_told": 2, "visits": 8, "deals": 9,
}  # fmt: skip
_REGISTERS = ("agreements", "relations", "visits", "deals")
_MOST_ACTORS_REMEMBERED = 500_000


def chunks(items: Sequence[str] | Sequence[int], size: int = 500) -> Iterable[Sequence[str] | Sequence[int]]:
    """Cut `items` so that each part fits into one statement's parameters."""
    for i in range(0, len(items), size):
        yield items[i : i + size]


def known(db: Database, uids: Sequence[str]) -> set[str]:
    """Return those of the document ids `uids` that are stored."""
    out: set[str] = set()
    for part in chunks(uids):
        marks = ", ".join("?" * len(part))
        out.update(str(r[0]) for r in db.rows(f"SELECT uid FROM documents WHERE uid IN ({marks})", part))
    return out


def now() -> str:
    """Return the time, UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


class Writer:
    """Adds records. Numbers go up by one in the order of arrival, so that the same inputs give the same rows."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._actors: dict[str, int] = {}
        self._next: dict[str, itertools.count[int]] = {}
        self._batch: Batch | None = None

    def add_all(self, records: Iterable[Record], failures: Iterable[Failure], run: int) -> int:
        """Store `records` and `failures` in one transaction; return how many documents were new."""
        records = list(records)
        try:
            with self._db.transaction():
                return self._add_all(records, list(failures), run)
        except BaseException:
            self._actors.clear()
            raise

    def _add_all(self, records: list[Record], failures: list[Failure], run: int) -> int:
        db = self._db
        seen = known(db, [r.document.id for r in records])
        self._next = {
            t: itertools.count(self._last(t) + 1) for t in ("documents", "claims", "actors", "failures", *_REGISTERS)
        }
        if len(self._actors) > _MOST_ACTORS_REMEMBERED:
            self._actors.clear()
        self._recall([e for r in records if r.document.id not in seen for e in r.entities])
        stored, pages = 0, set[str]()
        self._batch = self._fresh()
        for record in records:
            if record.document.id in seen:
                continue
            seen.add(record.document.id)
            page = page_of(record)
            if page in pages:
                self._flush()
                pages.clear()
            if page is not None:
                pages.add(page)
            version = self._supersede(page)
            self._batch.add(record, next(self._next["documents"]), version, page, run)
            stored += 1
        self._flush()
        self._failures(failures, run)
        if stored or failures:
            db.run("UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'changed'")
        return stored

    def _fresh(self) -> Batch:
        return Batch(self._last("claims") + 1, lambda table: next(self._next[table]), self._actor)

    def _last(self, table: str) -> int:
        row = self._db.one(f"SELECT MAX(id) FROM {table}")
        return int(row[0] or 0) if row else 0

    def _actor(self, entity: Entity) -> int:
        key = actor_key(entity)
        number = self._actors.get(key)
        if number is None:
            number = self._actors[key] = next(self._next["actors"])
            assert self._batch is not None
            self._batch.rows["actors"].append((
                number, key, entity.name, fold(entity.name), entity.name_en, entity.kind, entity.country, entity.wikidata
            ))  # fmt: skip
        return number

    def _recall(self, entities: list[Entity]) -> None:
        wanted = sorted({actor_key(e) for e in entities} - self._actors.keys())
        for part in chunks(wanted):
            marks = ", ".join("?" * len(part))
            rows = self._db.rows(f"SELECT key, id FROM actors WHERE key IN ({marks})", part)
            self._actors.update((str(k), int(n)) for k, n in rows)

    def _supersede(self, page: str | None) -> int:
        """Take the older version of `page` out of lists and counts; return the number of the new version."""
        if page is None:
            return 1
        db = self._db
        row = db.one("SELECT MAX(version) FROM documents WHERE page = ?", (page,))
        if row is None or row[0] is None:
            return 1
        for (doc,) in db.rows("SELECT id FROM documents WHERE page = ? AND live = 1", (page,)):
            self._retire(int(doc))
        return int(row[0]) + 1

    def _retire(self, doc: int) -> None:
        db = self._db
        self._untally(doc)
        db.run("UPDATE documents SET live = 0 WHERE id = ?", (doc,))
        for table, column in (("claims", "id"), ("claim_countries", "claim"), ("claim_pairs", "claim")):
            db.run(f"UPDATE {table} SET live = 0 WHERE {column} IN (SELECT id FROM claims WHERE doc = ?)", (doc,))
        db.run("INSERT INTO dirty SELECT id FROM claims WHERE doc = ? ON CONFLICT DO NOTHING", (doc,))

    def _untally(self, doc: int) -> None:
        db = self._db
        down = (
            "UPDATE tally SET n = n - 1 "
            "WHERE country = ? AND type = ? AND status = ? AND record = ? AND outlet = ? AND year = ?"
        )
        rows = db.rows("SELECT id, type, status, record, outlet, year FROM claims WHERE doc = ? AND live = 1", (doc,))
        for claim, *common in rows:
            db.run(down, ["", *common])
            for (country,) in db.rows("SELECT country FROM claim_countries WHERE claim = ?", (claim,)):
                db.run(down, [country, *common])
                db.run("UPDATE tally_pair SET n = n - 1 WHERE a = ? AND b = ?", (country, country))
            for pair in db.rows("SELECT a, b FROM claim_pairs WHERE claim = ?", (claim,)):
                db.run("UPDATE tally_pair SET n = n - 1 WHERE a = ? AND b = ?", pair)

    def _flush(self) -> None:
        batch, db = self._batch, self._db
        assert batch is not None
        for table, columns in _COLUMNS.items():
            rows = batch.rows.get(table)
            if rows:
                db.many(f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})", rows)
        pairs = sorted(set(batch.rows.get("register_pairs", [])))
        db.many("INSERT INTO register_pairs VALUES (?, ?, ?, ?)", pairs)
        put_words(db, batch.rows.get("claim_words", []))
        db.many(
            "INSERT INTO tally VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (country, type, status, record, outlet, year) "
            "DO UPDATE SET n = tally.n + excluded.n",
            [(*k, n) for k, n in sorted(batch.tally.items())],
        )
        db.many(
            "INSERT INTO tally_pair VALUES (?, ?, ?) ON CONFLICT (a, b) DO UPDATE SET n = tally_pair.n + excluded.n",
            [(*k, n) for k, n in sorted(batch.pairs.items())],
        )
        self._batch = self._fresh()

    def _failures(self, failures: list[Failure], run: int) -> None:
        for f in failures:
            values = (run, f.source, f.stage, f.error, f.message, f.hint)
            have = self._db.one(
                "SELECT 1 FROM failures WHERE source = ? AND stage = ? AND error = ? AND message = ?", values[1:5]
            )
            if have is None:
                self._db.run(
                    "INSERT INTO failures VALUES (?, ?, ?, ?, ?, ?, ?)", (next(self._next["failures"]), *values)
                )

    def begin_run(self, code_version: str, words_digest: str, models: dict[str, str], inputs: list[str]) -> int:
        """Open a run, or go on with the last one where it was broken off and the same program made it."""
        made = (code_version, words_digest, msgspec.json.encode(dict(sorted(models.items()))).decode(),
                msgspec.json.encode(inputs).decode())  # fmt: skip
        with self._db.transaction():
            last = self._db.one(
                "SELECT id, finished, code_version, words_digest, models, inputs FROM runs ORDER BY id DESC LIMIT 1"
            )
            if last is not None and last[1] is None and tuple(last[2:]) == made:
                return int(last[0])
            number = self._last("runs") + 1
            self._db.run("INSERT INTO runs VALUES (?, ?, NULL, ?, ?, ?, ?)", (number, now(), *made))
            return number

    def end_run(self, run: int) -> None:
        """Mark a run as finished."""
        self._db.run("UPDATE runs SET finished = ? WHERE id = ?", (now(), run))

    def judge(self, verdict: str, a: str, b: str, who: str, note: str | None) -> int:
        """Add a judgement on the claims `a` and `b` (ids). Raises StoreError where one is not stored."""
        if a == b:
            raise StoreError(f"{a} and {b} are the same claim: name two")
        with self._db.transaction():
            numbers = []
            for uid in (a, b):
                row = self._db.one("SELECT id FROM claims WHERE uid = ?", (uid,))
                if row is None:
                    raise StoreError(f"no claim or event {uid!r} in {self._db.where}: copy the id from a list or page")
                numbers.append((int(row[0]),))
            number = self._last("judgements") + 1
            first, second = sorted((a, b))
            self._db.run(
                "INSERT INTO judgements VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, now(), who, verdict, first, second, note),
            )
            self._db.many("INSERT INTO dirty VALUES (?) ON CONFLICT DO NOTHING", numbers)
            return number


def put_words(db: Database, rows: Sequence[tuple[object, ...]]) -> None:
    """Enter rows of `rows.shadow_row` into the index of words."""
    if db.engine == "sqlite":
        db.many("INSERT INTO claim_words (rowid, folded, stemmed, tags) VALUES (?, ?, ?, ?)", rows)
        return
    vectors = [(claim, *(_vector(str(words)) for words in columns)) for claim, *columns in rows]
    cast = "CAST(? AS tsvector)"
    db.many(f"INSERT INTO claim_words VALUES (?, {cast}, {cast}, {cast})", vectors)


def page_of(record: Record) -> str | None:
    """Return what stays the same when a page is changed and read again: its address, else the file it was read from.

    None for a part of a file («news.jsonl: line 3») without an address: parts move when one is put before them.
    """
    d = record.document
    return d.url or (d.source if d.source and ": " not in d.source else None)


def _vector(words: str) -> str:
    """Return words as a tsvector literal with positions: no parser of the server's comes between."""
    quoted = (w.replace("\\", "\\\\").replace("'", "''") for w in words.split())
    return " ".join(f"'{w}':{min(n, 16383)}" for n, w in enumerate(quoted, 1))
