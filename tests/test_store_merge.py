"""Merging bit by bit gives what merging everything at once gives."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import attack, severs, signs

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


def derived(store: Store) -> list[list[tuple[object, ...]]]:
    """The rows of the derived tables that pages read."""
    tables = ("merged", "merged_claims", "merged_countries", "merged_pairs", "agreement_rows", "blocks", "edges")
    rows = [sorted(store.db.rows(f"SELECT * FROM {t}"), key=repr) for t in tables]
    return [*rows, sorted(store.db.rows("SELECT * FROM merged_tally WHERE events > 0"))]


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
        kept = derived(store)
        store.remerge(rebuild=True)
        assert derived(store) == kept


def test_the_months_that_are_counted_are_those_of_the_events(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "a.db"), "rw") as store:
        for r in pool():
            store.add(r)
            store.remerge()
        counted = store.db.rows("SELECT a, b, month, type, status, events, claims FROM merged_tally WHERE events > 0")
        told = store.db.rows("SELECT a, b, month, type, status, COUNT(*), SUM(claims) FROM merged_pairs GROUP BY a, b, month, type, status")
        told += store.db.rows("SELECT '', '', month, type, status, COUNT(*), SUM(claims) FROM merged GROUP BY month, type, status")
        assert sorted(r for r in counted if r[0] != r[1] or not r[0]) == sorted(told)


@given(st.permutations(range(6)))
@settings(max_examples=10, deadline=None)
def test_agreements_grow_bit_by_bit_as_they_would_at_once(order: list[int]) -> None:
    stages = [
        signs("الأولى", "أعلنت", "announced", "2020-01-01", "2020-01-01"), signs("الثانية", "وقعت", "signed", "2020-03-01", "2020-03-01"),
        signs("الثالثة", "صدقت", "ratified", "2021-03-01", "2021-03-01"), signs("الرابعة", "وقعت", "signed", "2030-03-01", "2030-03-01"),
        severs("الأولى"), signs("الخامسة", "وقعت", "signed", "2020-03-01", "2020-03-02"),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, Store.open(str(Path(folder) / "a.db"), "rw") as store:
        for i in order:
            store.add(stages[i])
            store.remerge()
        kept = derived(store)
        store.remerge(rebuild=True)
        assert derived(store) == kept


def test_a_small_build_leaves_what_it_does_not_touch_alone(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "a.db"), "rw") as store:
        store.add_all(pool()[:12])
        store.remerge()
        store.add(attack("أخرى", 3, date="2021-06-10"))
        store.db.run("CREATE TABLE written (id INTEGER)")
        store.db.run("CREATE TRIGGER seen AFTER INSERT ON merged BEGIN INSERT INTO written VALUES (new.id); END")
        assert store.remerge() < 6
        touched = {r[0] for r in store.db.rows("SELECT id FROM written")}
        types = store.db.rows(f"SELECT DISTINCT type FROM merged WHERE id IN ({', '.join(map(str, touched))})")
        assert types == [("ASSAULT",)]
