"""Keeping the merged events up to date with the claims and the judgements: only what new or changed claims touch.

The result is that of merging everything at once (`rebuild`): scores are of pairs alone, so what no new link reaches stays as it is.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from waqai import words
from waqai.days import month_of
from waqai.merge import Fact, Judgement, denial, facts, group_component, link, standing
from waqai.merge.cluster import block_keys, components
from waqai.merge.differ import common, differences
from waqai.merge.reprints import Article, independent, reprints
from waqai.store.agreements import regroup
from waqai.store.db import Database
from waqai.store.rows import MOST_COUNTRIES, unpack
from waqai.store.write import chunks

__all__ = ["Reader", "judgements", "remerge"]

_DOCUMENTS_AT_ONCE = 200
_REMEMBERED = 20_000
_DERIVED = ("blocks", "edges", "merged", "merged_claims", "merged_countries", "merged_pairs", "agreement_rows", "dirty")


class Reader:
    """Facts and texts of claims by number, read from the stored records and remembered for a while."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.document = functools.lru_cache(maxsize=_REMEMBERED)(self._document)
        self._where: dict[int, tuple[int, int]] = {}

    def _document(self, doc: int) -> tuple[list[Fact], Article]:
        row = self._db.one("SELECT record FROM documents WHERE id = ?", (doc,))
        assert row is not None
        record = unpack(bytes(row[0]))
        d = record.document
        return facts(record), Article(d.id, d.outlet or "", d.content_hash, d.text)

    def locate(self, claims: Iterable[int]) -> None:
        """Learn which document each claim stands in, and as which of its events."""
        for part in chunks([c for c in claims if c not in self._where]):
            marks = ", ".join("?" * len(part))
            rows = self._db.rows(
                f"SELECT c.id, c.doc, c.id - (SELECT MIN(x.id) FROM claims x WHERE x.doc = c.doc) FROM claims c WHERE c.id IN ({marks})",
                part,
            )
            self._where.update((int(i), (int(d), int(n))) for i, d, n in rows)

    def fact(self, claim: int) -> Fact:
        """Return the fact of a claim that was located."""
        doc, n = self._where[claim]
        return self.document(doc)[0][n]

    def article(self, claim: int) -> Article:
        """Return the article of a claim that was located."""
        return self.document(self._where[claim][0])[1]

    def forget(self) -> None:
        """Let go of what is remembered of places; documents stay while there is room."""
        self._where.clear()


def judgements(db: Database) -> list[Judgement]:
    """Return all judgements, oldest first."""
    return [Judgement(verdict=v, a=a, b=b) for v, a, b in db.rows("SELECT verdict, a, b FROM judgements ORDER BY id")]


def remerge(db: Database, *, rebuild: bool = False, tell: Callable[[int], None] | None = None) -> int:
    """Bring the merged events up to date; return how many were made anew. `tell` is given the number of claims linked."""
    with db.transaction():
        if rebuild or _made_by(db) != _code():
            for table in _DERIVED:
                db.run(f"DELETE FROM {table}")
            db.run("UPDATE meta SET value = '0' WHERE key = 'merged_to'")
            db.run("UPDATE meta SET value = ? WHERE key = 'merged_by'", (_code(),))
        reader = Reader(db)
        touched = _retired(db)
        touched |= _link_new(db, reader, tell)
        if not touched:
            return 0
        made = _regroup(db, reader, touched)
        regroup(db)
        db.run("UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE key = 'changed'")
        return made


@functools.lru_cache(maxsize=1)
def _code() -> str:
    """Digest of what decides on merging: with other weights all merged events are made again."""
    import waqai.merge

    files = sorted(Path(waqai.merge.__file__).parent.glob("*.py"))
    total = hashlib.sha256(b"\0".join(f.read_bytes() for f in files))
    total.update(repr(words.raw("empty.toml")).encode())
    return total.hexdigest()[:16]


def _made_by(db: Database) -> str:
    row = db.one("SELECT value FROM meta WHERE key = 'merged_by'")
    return str(row[0]) if row else ""


def _retired(db: Database) -> set[int]:
    """Take claims of older versions out; return the claims that must be grouped again."""
    dirty = {int(r[0]) for r in db.rows("SELECT claim FROM dirty")}
    touched: set[int] = set()
    for part in chunks(sorted(dirty)):
        marks = ", ".join("?" * len(part))
        live = {int(r[0]) for r in db.rows(f"SELECT id FROM claims WHERE id IN ({marks}) AND live = 1", part)}
        touched |= live
        dead = sorted(int(c) for c in part if c not in live)
        touched |= _neighbours(db, dead) | _housemates(db, dead)
        marks = ", ".join("?" * len(dead)) or "NULL"
        _remove_events(db, sorted(_events_of(db, dead)))
        for sql in ("blocks WHERE claim", "edges WHERE a", "edges WHERE b"):
            db.run(f"DELETE FROM {sql} IN ({marks})", dead)
    db.run("DELETE FROM dirty")
    return _alive(db, touched)


def _alive(db: Database, claims: Iterable[int]) -> set[int]:
    out: set[int] = set()
    for part in chunks(sorted(claims)):
        marks = ", ".join("?" * len(part))
        out.update(int(r[0]) for r in db.rows(f"SELECT id FROM claims WHERE live = 1 AND id IN ({marks})", part))
    return out


def _neighbours(db: Database, claims: Sequence[int], denials: bool = True) -> set[int]:
    out: set[int] = set()
    only = "" if denials else " AND denial = 0"
    for part in chunks(sorted(claims)):
        marks = ", ".join("?" * len(part))
        out.update(int(r[0]) for r in db.rows(f"SELECT b FROM edges WHERE a IN ({marks}){only}", part))
        out.update(int(r[0]) for r in db.rows(f"SELECT a FROM edges WHERE b IN ({marks}){only}", part))
    return out


def _events_of(db: Database, claims: Sequence[int]) -> set[int]:
    out: set[int] = set()
    for part in chunks(sorted(claims)):
        marks = ", ".join("?" * len(part))
        out.update(
            int(r[0]) for r in db.rows(f"SELECT DISTINCT merged FROM merged_claims WHERE claim IN ({marks})", part)
        )
    return out


def _housemates(db: Database, claims: Sequence[int]) -> set[int]:
    out: set[int] = set()
    for part in chunks(sorted(_events_of(db, claims))):
        marks = ", ".join("?" * len(part))
        out.update(int(r[0]) for r in db.rows(f"SELECT claim FROM merged_claims WHERE merged IN ({marks})", part))
    return out


def _remove_events(db: Database, events: Sequence[int]) -> None:
    for part in chunks(sorted(events)):
        marks = ", ".join("?" * len(part))
        for sql in (
            "merged WHERE id",
            "merged_claims WHERE merged",
            "merged_countries WHERE merged",
            "merged_pairs WHERE merged",
        ):
            db.run(f"DELETE FROM {sql} IN ({marks})", part)


def _link_new(db: Database, reader: Reader, tell: Callable[[int], None] | None) -> set[int]:
    """Enter claims that came in since the last time into blocks and compare them with what stands there."""
    row = db.one("SELECT value FROM meta WHERE key = 'merged_to'")
    done = int(row[0]) if row else 0
    new = [
        (int(c), int(d))
        for c, d in db.rows("SELECT id, doc FROM claims WHERE id > ? AND live = 1 ORDER BY id", (done,))
    ]
    by_doc = [list(g) for _, g in itertools.groupby(new, key=lambda r: r[1])]
    for start in range(0, len(by_doc), _DOCUMENTS_AT_ONCE):
        claims = [c for g in by_doc[start : start + _DOCUMENTS_AT_ONCE] for c, _ in g]
        reader.locate(claims)
        db.many("INSERT INTO edges VALUES (?, ?, ?, ?)", _compare(db, reader, claims))
        reader.forget()
        if tell is not None:
            tell(len(claims))
    if new:
        db.run("UPDATE meta SET value = ? WHERE key = 'merged_to'", (str(new[-1][0]),))
    return {c for c, _ in new}


def _number(key: str) -> int:
    """A key as a number: a collision costs one comparison more."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)


def _compare(db: Database, reader: Reader, claims: list[int]) -> list[tuple[int, int, float, int]]:
    """Return the edges between new claims, and from new ones to older ones."""
    keys = {c: [_number(k) for k in block_keys(reader.fact(c))] for c in claims}
    blocks: dict[int, list[int]] = {}
    for part in chunks(sorted({k for ks in keys.values() for k in ks})):
        marks = ", ".join("?" * len(part))
        for key, claim in db.rows(f"SELECT key, claim FROM blocks WHERE key IN ({marks})", part):
            blocks.setdefault(int(key), []).append(int(claim))
    reader.locate({c for members in blocks.values() for c in members})
    out: list[tuple[int, int, float, int]] = []
    for claim in claims:
        fact = reader.fact(claim)
        for other in sorted({o for k in keys[claim] for o in blocks.get(k, [])}):
            value = link(fact, reader.fact(other))
            if value is not None:
                out.append((other, claim, value, 0))
            elif denial(fact, reader.fact(other)):
                out.append((other, claim, 0.0, 1))
        for key in keys[claim]:
            blocks.setdefault(key, []).append(claim)
    db.many("INSERT INTO blocks VALUES (?, ?)", [(k, c) for c in claims for k in dict.fromkeys(keys[c])])
    return out


def _regroup(db: Database, reader: Reader, touched: set[int]) -> int:
    """Group again every component that `touched` stands in, and those that it denies."""
    must, never = standing(judgements(db))
    numbers = _numbers(db, {u for p in (*must, *never) for u in p})
    joined: dict[int, set[int]] = {}
    for a, b in must:
        if a in numbers and b in numbers:
            joined.setdefault(numbers[a], set()).add(numbers[b])
            joined.setdefault(numbers[b], set()).add(numbers[a])
    wanted = set(touched) | _neighbours(db, sorted(touched))
    front = wanted
    while front:
        near = _neighbours(db, sorted(front), denials=False) | _housemates(db, sorted(front))
        near |= {x for c in front for x in joined.get(c, ())}
        front = near - wanted
        wanted |= front
    wanted = _alive(db, wanted)
    _remove_events(db, sorted(_events_of(db, sorted(wanted))))
    edges, deniers = _edges(db, wanted)
    links = [*edges, *((a, b) for a, bs in joined.items() for b in bs if a < b and a in wanted and b in wanted)]
    made = 0
    for part in components(
        [str(c).zfill(12) for c in wanted], ((str(a).zfill(12), str(b).zfill(12)) for a, b in links)
    ):
        made += _write(db, reader, [int(c) for c in part], edges, deniers, must, never)
    return made


def _numbers(db: Database, uids: set[str]) -> dict[str, int]:
    out: dict[str, int] = {}
    for part in chunks(sorted(uids)):
        marks = ", ".join("?" * len(part))
        out.update(
            (str(u), int(i))
            for u, i in db.rows(f"SELECT uid, id FROM claims WHERE live = 1 AND uid IN ({marks})", part)
        )
    return out


Edges = dict[tuple[int, int], float]


def _edges(db: Database, claims: set[int]) -> tuple[Edges, dict[int, list[int]]]:
    edges: Edges = {}
    deniers: dict[int, list[int]] = {}
    for part in chunks(sorted(claims)):
        marks = ", ".join("?" * len(part))
        for a, b, value, denied in db.rows(
            f"SELECT a, b, score, denial FROM edges WHERE a IN ({marks}) OR b IN ({marks})", [*part, *part]
        ):
            if denied:
                deniers.setdefault(int(a), []).append(int(b))
                deniers.setdefault(int(b), []).append(int(a))
            else:
                edges[int(a), int(b)] = float(value)
    return edges, deniers


def _write(
    db: Database, reader: Reader, part: list[int], edges: Edges, deniers: dict[int, list[int]],
    must: list[tuple[str, str]], never: list[tuple[str, str]],
) -> int:  # fmt: skip
    reader.locate(part)
    by_uid = {reader.fact(c).uid: c for c in part}
    known = {u: reader.fact(c) for u, c in by_uid.items()}
    inside = set(part)
    named = {
        (min(x, y), max(x, y)): s for (a, b), s in (edges.items() if len(part) > 1 else ())
        if a in inside and b in inside for x, y in [(reader.fact(a).uid, reader.fact(b).uid)]
    } if len(part) > 600 else {}  # fmt: skip
    groups = group_component(sorted(by_uid), known, named, must, never)
    for group in groups:
        claims = [by_uid[u] for u in group]
        against = sorted({d for c in claims for d in deniers.get(c, []) if d not in claims})
        reader.locate(against)
        _write_event(db, reader, claims, [reader.fact(d).uid for d in against])
    reader.forget()
    return len(groups)


def _write_event(db: Database, reader: Reader, claims: list[int], against: list[str]) -> None:
    own = [reader.fact(c) for c in claims]
    told, event = common(own), claims[0]
    articles = {a.uid: a for a in (reader.article(c) for c in claims)}
    texts = reprints(list(articles.values()))
    outlets = {a.uid: a.outlet for a in articles.values()}
    row = db.one(
        f"SELECT MIN(sort_day), AVG(score) FROM claims WHERE id IN ({', '.join('?' * len(claims[:900]))})", claims[:900]
    )
    assert row is not None
    sort_day, value = told.day or int(row[0]), round(float(row[1]), 3)
    differs = msgspec.json.encode(differences(own, against)).decode() if len(own) > 1 or against else "[]"
    db.run(
        f"INSERT INTO merged VALUES ({', '.join('?' * 15)})",
        (event, own[0].uid, told.type, told.status, told.record, told.date, told.day, sort_day, month_of(sort_day), value,
         len(claims), len(articles), len(set(outlets.values())), independent(texts, outlets), differs),
    )  # fmt: skip
    db.many("INSERT INTO merged_claims VALUES (?, ?)", [(c, event) for c in claims])
    countries = told.countries[:MOST_COUNTRIES]
    told_row = (month_of(sort_day), told.type, told.status, value, len(claims))
    db.many(
        f"INSERT INTO merged_countries VALUES ({', '.join('?' * 8)})",
        [(c, sort_day, event, *told_row) for c in countries],
    )
    db.many(
        f"INSERT INTO merged_pairs VALUES ({', '.join('?' * 9)})",
        [(a, b, sort_day, event, *told_row) for a, b in itertools.combinations(countries, 2)],
    )
