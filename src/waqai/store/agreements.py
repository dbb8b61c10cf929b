"""The derived half of the agreements register: which mentions are one agreement."""

from __future__ import annotations

from collections.abc import Iterable

from waqai.merge.lives import Stage, lives, topic_of
from waqai.store.db import Database, Row
from waqai.store.write import chunks

__all__ = ["regroup"]

# By number: without "+ 0" SQLite walks all live claims for each part.
_STAGE = (
    "SELECT a.id, COALESCE(m.merged, a.claim), a.kind, a.parties, a.title, a.areas, "
    "CASE WHEN a.day > 0 THEN a.day ELSE c.sort_day END, a.status "
    "FROM agreements a JOIN claims c ON c.id = a.claim LEFT JOIN merged_claims m ON m.claim = a.claim WHERE c.live + 0 = 1"
)


def regroup(db: Database, claims: Iterable[int] | None) -> None:
    """Group agreements again: all live ones, or those that the ones of `claims` share parties or an event with.

    A row is named by the smallest number among its mentions.
    """
    if claims is None:
        db.run("DELETE FROM agreement_rows")
        rows = db.rows(_STAGE)
    else:
        numbers = _reached(db, claims)
        rows = list(_some(db, f"{_STAGE} AND a.id IN", numbers))
        for part in chunks(numbers):
            db.run(f"DELETE FROM agreement_rows WHERE agreement IN ({', '.join('?' * len(part))})", part)
    stages = [Stage(int(i), int(e), k, p, topic_of(t, r), int(d), s) for i, e, k, p, t, r, d, s in sorted(rows, key=lambda r: int(r[0]))]
    db.many("INSERT INTO agreement_rows VALUES (?, ?)", [(n, group[0]) for group in lives(stages) for n in group])


def _some(db: Database, sql: str, values: list[int] | list[str]) -> Iterable[Row]:
    for part in chunks(values):
        yield from db.rows(f"{sql} ({', '.join('?' * len(part))})", part)


def _reached(db: Database, claims: Iterable[int]) -> list[int]:
    """Return the agreements, live or not, that those of `claims` may be one with, over as many links as it takes."""
    found: dict[int, tuple[int, str]] = {}
    columns = "a.id, COALESCE(m.merged, a.claim), a.parties"
    plain = f"SELECT {columns} FROM agreements a LEFT JOIN merged_claims m ON m.claim = a.claim WHERE"
    inside = f"SELECT {columns} FROM merged_claims m JOIN agreements a ON a.claim = m.claim WHERE m.merged IN"
    rows = list(_some(db, f"{plain} a.claim IN", sorted(claims)))
    events: set[int] = set()
    parties: set[str] = set()
    while rows:
        found.update((int(i), (int(e), str(p))) for i, e, p in rows)
        more = {int(e) for _, e, _ in rows} - events
        sides = {str(p) for _, _, p in rows if " " in p} - parties
        events, parties = events | more, parties | sides
        rows = [*_some(db, inside, sorted(more)), *_some(db, f"{plain} a.parties IN", sorted(sides))]
        rows = [r for r in rows if int(r[0]) not in found]
    return sorted(found)
