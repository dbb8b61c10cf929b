"""Reading claims: pages, ranking, counts, and what a list shows of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from waqai.shadow import parse_query
from waqai.store.db import Database, Row
from waqai.store.filters import Choice, Where, choose, match
from waqai.store.write import chunks

__all__ = [
    "DOCUMENT", "FACETS", "LOOKED_AT", "ClaimRow", "claim_rows", "count", "document_rows", "events_of", "facet_counts", "month_rows", "page",
    "ranked", "top",
]  # fmt: skip

LOOKED_AT = 10_000  # claims that search ranks and counts; of words in more, the latest stored are looked at


class ClaimRow(NamedTuple):
    """What a list needs of a claim besides its record."""

    claim: int
    uid: str
    doc: int
    local: str
    day: int
    score: float
    merged: int
    merged_uid: str


def page(db: Database, where: Where, newest: bool, after: tuple[int, int] | None, limit: int) -> list[tuple[int, int]]:
    """Return up to `limit` (day, claim) after `after`, by day and then by claim."""
    day, claim = where.key
    sql, params = where.sql, list(where.params)
    if after is not None:
        sql += f" AND ({day}, {claim}) {'<' if newest else '>'} (?, ?)"
        params += after
    way = "DESC" if newest else "ASC"
    if where.words:
        # The latest stored of a frequent word are cut off first, then put in order of day.
        inner = f"SELECT {day} AS d, {claim} AS i {sql} ORDER BY {_row_order(db)} LIMIT {LOOKED_AT}"
        sql = f"SELECT d, i FROM ({inner}) AS hits ORDER BY d {way}, i {way} LIMIT ?"
    else:
        sql = f"SELECT {day}, {claim} {sql} ORDER BY {day} {way}, {claim} {way} LIMIT ?"
    return [(int(d), int(c)) for d, c in db.rows(sql, [*params, limit])]


def _row_order(db: Database) -> str:
    return "w.rowid DESC" if db.engine == "sqlite" else "c.id DESC"


def count(db: Database, where: Where) -> tuple[int, bool]:
    """Return how many claims `where` chooses, and whether that is all of them."""
    if where.bare:
        row = db.one("SELECT SUM(n) FROM tally WHERE country = ''")
        return int(row[0] or 0) if row else 0, True
    most = LOOKED_AT if where.words else LOOKED_AT * 10
    sql = f"SELECT COUNT(*) FROM (SELECT {where.key[1]} {where.sql} LIMIT {most + 1}) AS hits"
    row = db.one(sql, where.params)
    n = int(row[0]) if row else 0
    return min(n, most), n <= most


def ranked(db: Database, choice: Choice, skip: int, limit: int) -> tuple[list[int], int, bool]:
    """Return the claims of places `skip` to ``skip + limit``, the number of hits and whether all were looked at.

    One claim an event. First those that have the query's words as they were written, then those of which more outlets
    report, then the newer ones. Both engines give the same order.
    """
    where = choose(db, choice)
    latest = f"ORDER BY {_row_order(db)} " if where.words else ""
    rows = db.rows(
        f"SELECT h.d, h.i, m.merged, e.outlets FROM (SELECT {where.key[0]} AS d, {where.key[1]} AS i {where.sql} "
        f"{latest}LIMIT {LOOKED_AT + 1}) AS h LEFT JOIN merged_claims m ON m.claim = h.i LEFT JOIN merged e ON e.id = m.merged",
        where.params,
    )
    exact = len(rows) <= LOOKED_AT
    written = _as_written(db, choice)
    scored = [
        ((int(i) in written, int(outlets or 1), int(d), int(i)), int(merged or i))
        for d, i, merged, outlets in rows[:LOOKED_AT]
    ]
    scored.sort(key=lambda r: r[0], reverse=True)
    first: dict[int, int] = {}
    for key, event in scored:
        first.setdefault(event, key[3])
    return list(first.values())[skip : skip + limit], len(scored), exact


def _as_written(db: Database, choice: Choice) -> set[int]:
    terms = parse_query(choice.q)
    if not any(t.wanted for t in terms):
        return set()
    sql, params = match(db, terms, exact=True, labels=choice.labels)
    order = "rowid" if db.engine == "sqlite" else "w.claim"
    return {int(r[0]) for r in db.rows(f"{sql} ORDER BY {order} DESC LIMIT {LOOKED_AT}", params)}


Counts = dict[str, Counter[str]]
FACETS = ("type", "status", "record", "outlet", "year")


def _each(source: str, number: str) -> str:
    """SQL that counts the rows of `source` by each of `FACETS`: (facet, value, n)."""
    return " UNION ALL ".join(f"SELECT '{f}', CAST({f} AS TEXT), {number} FROM {source} GROUP BY {f}" for f in FACETS)


def _read(rows: list[Row]) -> tuple[Counts, list[tuple[str, int]], int]:
    """Return the counts, the countries with most, and the number of claims. What is unknown counts as ""."""
    counts: Counts = {f: Counter() for f in (*FACETS, "country")}
    for facet, value, n in rows:
        counts[facet]["" if facet == "year" and value == "0" else str(value)] += int(n)
    return counts, top(counts.pop("country")), sum(counts["type"].values())


def facet_counts(db: Database, choice: Choice) -> tuple[Counts, list[tuple[str, int]], int, bool]:
    """Return the chosen claims by each of `FACETS`, by country, how many they are, and whether all were looked at."""
    if choice.counted:
        return _counted(db, choice)
    where = choose(db, choice)
    c = where.covered or "c"
    most = LOOKED_AT if where.words else LOOKED_AT * 10
    order = _row_order(db) if where.words else where.key[0] + " DESC"
    chosen = (f"SELECT {c}.type, {c}.status, {c}.record, {c}.outlet, {c}.year, {where.key[1]} AS i "
              f"{where.sql} ORDER BY {order} LIMIT {most}")  # fmt: skip
    rows = db.rows(
        f"WITH x AS MATERIALIZED ({chosen}) {_each('x', 'COUNT(*)')} UNION ALL SELECT 'country', k.country, COUNT(*) FROM x "
        "CROSS JOIN claim_countries k WHERE k.claim = x.i GROUP BY k.country",
        where.params,
    )
    counts, countries, total = _read(rows)
    return counts, countries, total, total < most


def _counted(db: Database, choice: Choice) -> tuple[Counts, list[tuple[str, int]], int, bool]:
    """Facets from the counts that are kept."""
    country, tests, params = choice.plain_country or "", list[str](), list[object]()
    for column, values in (("type", choice.types), ("status", choice.statuses), ("record", choice.records), ("outlet", choice.outlets)):
        if values:
            tests.append(f" AND {column} IN ({', '.join('?' * len(values))})")
            params += values
    narrow = "".join(tests)
    kept = f"SELECT type, status, record, outlet, year, n FROM tally WHERE country = ? AND n > 0{narrow}"
    if narrow:
        sql = f"SELECT 'country', country, SUM(n) FROM tally WHERE country IN (SELECT a FROM tally_pair WHERE a = b){narrow} GROUP BY country"
        given = params
    else:
        test = "(a = ? OR b = ?)" if country else "a = b"
        given = [country for _ in range(3 if country else 1)]
        sql = f"SELECT 'country', CASE WHEN a = ? THEN b ELSE a END, n FROM tally_pair WHERE {test} AND n > 0"
    rows = db.rows(f"WITH x AS MATERIALIZED ({kept}) {_each('x', 'SUM(n)')} UNION ALL {sql}", (country, *params, *given))
    return *_read([r for r in rows if r[2]]), True


def month_rows(db: Database, choice: Choice) -> list[Row]:
    """Return (month, type, events, claims, sum of scores) of the merged events that `choice` touches.

    Negated and hypothetical ones are left out.
    """
    counted = choice.pair if choice.plain_pair else None if choice.plain_country is None else (choice.plain_country,) * 2
    if counted is not None:
        rows = db.rows(
            "SELECT month, type, SUM(events), SUM(claims), SUM(score) FROM merged_tally WHERE a = ? AND b = ? "
            "AND status IN ('actual', 'future') AND events > 0 GROUP BY month, type",
            counted,
        )
        return [(m, t, e, c, int(s) / 1000) for m, t, e, c, s in rows]
    where = choose(db, choice)
    return db.rows(
        "SELECT e.month, e.type, COUNT(*), SUM(e.claims), SUM(e.score) FROM merged e WHERE e.status IN ('actual', 'future') "
        f"AND e.id IN (SELECT m.merged FROM (SELECT {where.key[1]} AS i {where.sql}) AS h "
        "JOIN merged_claims m ON m.claim = h.i) GROUP BY e.month, e.type",
        where.params,
    )


def claim_rows(db: Database, claims: Sequence[int]) -> dict[int, ClaimRow]:
    """Return what lists show of `claims`."""
    out: dict[int, ClaimRow] = {}
    for part in chunks(claims):
        marks = ", ".join("?" * len(part))
        rows = db.rows(
            "SELECT c.id, c.uid, c.doc, c.local, c.sort_day, c.score, COALESCE(m.merged, c.id), COALESCE(e.uid, c.uid) "
            "FROM claims c LEFT JOIN merged_claims m ON m.claim = c.id LEFT JOIN merged e ON e.id = m.merged "
            f"WHERE c.id IN ({marks})",
            part,
        )
        out.update((int(r[0]), ClaimRow(*r)) for r in rows)
    return out


def events_of(db: Database, claims: Sequence[int]) -> dict[int, int]:
    """Return the merged event of each claim that has one."""
    out: dict[int, int] = {}
    for part in chunks(claims):
        marks = ", ".join("?" * len(part))
        out.update(
            (int(c), int(m))
            for c, m in db.rows(f"SELECT claim, merged FROM merged_claims WHERE claim IN ({marks})", part)
        )
    return out


def document_rows(db: Database, docs: Sequence[int]) -> dict[int, Row]:
    """Return (id, uid, outlet, title, url, published, content_hash, version, live, claims) of documents."""
    out: dict[int, Row] = {}
    for part in chunks(docs):
        marks = ", ".join("?" * len(part))
        rows = db.rows(f"SELECT {DOCUMENT} FROM documents d WHERE d.id IN ({marks})", part)
        out.update((int(r[0]), r) for r in rows)
    return out


DOCUMENT = "d.id, d.uid, d.outlet, d.title, d.url, d.published, d.content_hash, d.version, d.live, d.claims"


def top(counter: Counter[str], most: int = 50) -> list[tuple[str, int]]:
    """Return the largest counts, ties in order of the value."""
    return sorted(counter.items(), key=lambda x: (-x[1], x[0]))[:most]
