"""Merging bit by bit gives what merging everything at once gives."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import attack, severs

from waqai.merge import Judgement, facts, merge
from waqai.store import Store
from waqai.types import Record

_TEXTS = ("قطع المغرب علاقاته مع إيران.", "أعلن المغرب أنه قطع كل صلة له مع إيران.", "قطع المغرب علاقاته مع إيران وأغلق سفارته.")


def pool() -> list[Record]:
    """Reports of a few events; the last four are newer versions of pages of the first four."""
    statuses = ["actual", "actual", "negated", "actual", "actual", "actual"]
    first = [
        severs(f"ص{n}", _TEXTS[n % 3], date=f"2018-05-0{1 + n % 4}", url=f"http://a.example/{n}", status=status)
        for n, status in enumerate(statuses)
    ]
    first += [attack(f"ج{n}", 2 + n, date=f"2021-06-1{n % 4}") for n in range(6)]
    return first + [severs(f"ص{n}", _TEXTS[(n + 1) % 3], date="2018-05-02", url=f"http://a.example/{n}") for n in range(4)]


def live(records: list[Record]) -> list[Record]:
    """The newest version of each page, in the order given."""
    pages = {r.document.url or r.document.id: r for r in records}
    return list(pages.values())


def merged(store: Store) -> list[list[str]]:
    rows = store.db.rows("SELECT m.merged, c.uid FROM merged_claims m JOIN claims c ON c.id = m.claim")
    out: dict[int, list[str]] = {}
    for event, uid in rows:
        out.setdefault(int(event), []).append(str(uid))
    return sorted(sorted(g) for g in out.values())


@settings(max_examples=25, deadline=None)
@given(
    st.permutations(range(16)), st.sets(st.integers(1, 15), max_size=4),
    st.lists(st.tuples(st.sampled_from(["same", "different", "undo"]), st.integers(0, 11), st.integers(0, 11)), max_size=3),
)  # fmt: skip
def test_bit_by_bit_is_all_at_once(order: list[int], stops: set[int], verdicts: list[tuple[str, int, int]]) -> None:
    records = [pool()[i] for i in order]
    with tempfile.TemporaryDirectory() as folder, Store.open(str(Path(folder) / "a.db"), "rw") as store:
        for n, record in enumerate(records):
            store.add(record)
            if n in stops:
                store.remerge()
        store.remerge()
        said = []
        for verdict, a, b in verdicts:
            uids = sorted(facts(pool()[i])[0].uid for i in (a, b))
            if a != b:
                store.judge(verdict, *uids, who="me")
                said.append(Judgement(verdict=verdict, a=uids[0], b=uids[1]))
                store.remerge()
        assert merged(store) == sorted(m.claims for m in merge(live(records), said))
        counts = store.db.rows("SELECT SUM(claims), COUNT(*) FROM merged")
        assert counts == [(len(live(records)), len(merged(store)))]
