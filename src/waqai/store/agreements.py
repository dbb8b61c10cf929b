"""The derived half of the agreements register: which mentions are one agreement."""

from __future__ import annotations

from waqai.merge.lives import Stage, lives, topic_of
from waqai.store.db import Database

__all__ = ["regroup"]


def regroup(db: Database) -> None:
    """Group all live agreements again. A row is named by the smallest claim id among its mentions."""
    rows = db.rows(
        "SELECT a.id, COALESCE(m.merged, a.claim), a.kind, a.parties, a.title, a.areas, "
        "CASE WHEN a.day > 0 THEN a.day ELSE c.sort_day END, a.status "
        "FROM agreements a JOIN claims c ON c.id = a.claim LEFT JOIN merged_claims m ON m.claim = a.claim WHERE c.live = 1 ORDER BY a.id"
    )
    stages = [Stage(int(i), int(e), k, p, topic_of(t, r), int(d), s) for i, e, k, p, t, r, d, s in rows]
    db.run("DELETE FROM agreement_rows")
    db.many("INSERT INTO agreement_rows VALUES (?, ?)", [(n, group[0]) for group in lives(stages) for n in group])
