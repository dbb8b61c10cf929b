"""From links to merged events: components of linked claims, grouped and written. The second step of `merged.remerge`."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from waqai.days import day_range, month_of
from waqai.merge import Judgement, group_component, standing
from waqai.merge.cluster import components
from waqai.merge.differ import Common, common, differences
from waqai.merge.reprints import independent, reprints
from waqai.store.db import Database, Row
from waqai.store.reader import Reader
from waqai.store.rows import MOST_COUNTRIES
from waqai.store.write import chunks

__all__ = ["alive", "events_of", "housemates", "neighbours", "regroup", "remove_events"]

_CLAIMS_AT_ONCE = 4_000
_TABLES = {"merged": 15, "merged_claims": 2, "merged_countries": 8, "merged_pairs": 9}
Pairs = list[tuple[str, str]]


def alive(db: Database, claims: Iterable[int]) -> set[int]:
    """Return those of `claims` that are live."""
    # By number: without "+ 0" SQLite walks all live claims for each part.
    return _numbers(db, "SELECT id FROM claims WHERE live + 0 = 1 AND id IN ({marks})", claims)


def neighbours(db: Database, claims: Iterable[int], denials: bool = True) -> set[int]:
    """Return the claims that have an edge with one of `claims`."""
    only = "" if denials else " AND denial = 0"
    items = sorted(claims)
    return _numbers(db, f"SELECT b FROM edges WHERE a IN ({{marks}}){only}", items) | _numbers(
        db, f"SELECT a FROM edges WHERE b IN ({{marks}}){only}", items
    )


def events_of(db: Database, claims: Iterable[int]) -> set[int]:
    """Return the merged events of `claims`."""
    return _numbers(db, "SELECT DISTINCT merged FROM merged_claims WHERE claim IN ({marks})", claims)


def housemates(db: Database, claims: Iterable[int]) -> set[int]:
    """Return the claims that stand in one merged event with one of `claims`."""
    return _numbers(db, "SELECT claim FROM merged_claims WHERE merged IN ({marks})", events_of(db, claims))


def _numbers(db: Database, sql: str, items: Iterable[int]) -> set[int]:
    out: set[int] = set()
    for part in chunks(sorted(items)):
        out.update(int(r[0]) for r in db.rows(sql.format(marks=", ".join("?" * len(part))), part))
    return out


def remove_events(db: Database, events: Sequence[int]) -> None:
    """Delete merged events."""
    for part in chunks(events):
        marks = ", ".join("?" * len(part))
        _uncount(db, marks, part)
        db.run(f"DELETE FROM merged WHERE id IN ({marks})", part)
        for table in ("merged_claims", "merged_countries", "merged_pairs"):
            db.run(f"DELETE FROM {table} WHERE merged IN ({marks})", part)


def _uncount(db: Database, marks: str, events: Sequence[int] | Sequence[str]) -> None:
    """Take events out of the counts by month."""
    taken: list[Row] = []
    for table, names, key in (
        ("merged", "'', ''", "id"), ("merged_countries", "country, country", "merged"), ("merged_pairs", "a, b", "merged")
    ):  # fmt: skip
        taken += db.rows(f"SELECT {names}, month, type, status, claims, score FROM {table} WHERE {key} IN ({marks})", events)
    downs = Counter[tuple[str, ...]](), Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for a, b, month, kind, status, claims, score in taken:
        _count(downs, (a, b, month, kind, status), int(claims), float(score))
    _tally(db, downs, -1)


Tally = tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]], Counter[tuple[str, ...]]]


def _count(tally: Tally, key: tuple[str, ...], claims: int, score: float) -> None:
    tally[0][key] += 1
    tally[1][key] += claims
    tally[2][key] += round(score * 1000)


def _tally(db: Database, tally: Tally, way: int) -> None:
    db.many(
        "INSERT INTO merged_tally VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (a, b, month, type, status) DO UPDATE SET "
        "events = merged_tally.events + excluded.events, claims = merged_tally.claims + excluded.claims, "
        "score = merged_tally.score + excluded.score",
        [(*key, way * n, way * tally[1][key], way * tally[2][key]) for key, n in sorted(tally[0].items())],
    )


def regroup(
    db: Database, reader: Reader, touched: set[int], judged: Iterable[Judgement], fresh: bool
) -> tuple[int, set[int]]:
    """Group again every component that `touched` stands in, and those that it denies.

    Return how many events were made, and the claims in them. `fresh`: nothing is merged yet, and all that is live is touched.
    """
    must, never = standing(judged)
    joined = _joined(db, must)
    wanted = touched if fresh else _reached(db, touched, joined)
    if not fresh:
        remove_events(db, sorted(events_of(db, wanted)))
    extra = ((a, b) for a, bs in joined.items() for b in bs if a < b and a in wanted and b in wanted)
    writer, made = _EventWriter(db, reader, must, never), 0
    for batch in _batches(components(wanted, itertools.chain(_links(db, wanted), extra))):
        made += writer.write(batch)
    return made, wanted


def _joined(db: Database, must: Pairs) -> dict[int, set[int]]:
    numbers: dict[str, int] = {}
    for part in chunks(sorted({u for p in must for u in p})):
        marks = ", ".join("?" * len(part))
        rows = db.rows(f"SELECT uid, id FROM claims WHERE live + 0 = 1 AND uid IN ({marks})", part)
        numbers.update((str(u), int(i)) for u, i in rows)
    joined: dict[int, set[int]] = {}
    for a, b in must:
        if a in numbers and b in numbers:
            joined.setdefault(numbers[a], set()).add(numbers[b])
            joined.setdefault(numbers[b], set()).add(numbers[a])
    return joined


def _reached(db: Database, touched: set[int], joined: dict[int, set[int]]) -> set[int]:
    """Return what `touched` is linked with, over as many links as it takes, and what it denies."""
    wanted = touched | neighbours(db, touched)
    front = wanted
    while front:
        near = neighbours(db, front, denials=False) | housemates(db, front)
        near |= {x for c in front for x in joined.get(c, ())}
        front = near - wanted
        wanted = wanted | front
    return alive(db, wanted)


def _links(db: Database, claims: set[int]) -> Iterator[tuple[int, int]]:
    for part in chunks(sorted(claims)):
        marks = ", ".join("?" * len(part))
        for a, b in db.rows(f"SELECT a, b FROM edges WHERE b IN ({marks}) AND denial = 0", part):
            if a in claims:
                yield int(a), int(b)


def _batches(parts: list[list[int]]) -> Iterator[list[list[int]]]:
    batch: list[list[int]] = []
    held = 0
    for part in parts:
        batch.append(part)
        held += len(part)
        if held >= _CLAIMS_AT_ONCE:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


class _EventWriter:
    """Groups the claims of components and writes the events, many at once."""

    def __init__(self, db: Database, reader: Reader, must: Pairs, never: Pairs) -> None:
        self._db = db
        self._reader = reader
        self._must: dict[str, Pairs] = {}
        self._never: dict[str, Pairs] = {}
        for pairs, by in ((must, self._must), (never, self._never)):
            for pair in pairs:
                for uid in pair:
                    by.setdefault(uid, []).append(pair)
        self._rows: dict[str, list[tuple[object, ...]]] = {}
        self._counts: Tally = (Counter(), Counter(), Counter())
        self._claims: dict[int, Row] = {}
        self._deniers: dict[int, list[int]] = {}
        self._scored: dict[int, list[tuple[int, float]]] = {}

    def write(self, parts: list[list[int]]) -> int:
        """Write the events of whole components; return how many they are."""
        numbers = [c for part in parts for c in part]
        self._rows = {t: [] for t in _TABLES}
        self._counts = (Counter(), Counter(), Counter())
        self._read(numbers)
        alone = [p[0] for p in parts if len(p) == 1 and p[0] not in self._deniers]
        self._alone(alone)
        made = len(alone)
        for part in parts:
            if len(part) > 1 or part[0] in self._deniers:
                made += self._component(part)
        _tally(self._db, self._counts, 1)
        for table, rows in self._rows.items():
            self._db.many(f"INSERT INTO {table} VALUES ({', '.join('?' * _TABLES[table])})", rows)
        self._reader.forget()
        return made

    def _read(self, claims: list[int]) -> None:
        self._claims, self._deniers, self._scored = {}, {}, {}
        inside = set(claims)
        for part in chunks(claims):
            marks = ", ".join("?" * len(part))
            rows = self._db.rows(
                f"SELECT id, uid, type, status, record, date, sort_day, score FROM claims WHERE id IN ({marks})", part
            )
            self._claims.update((int(r[0]), r) for r in rows)
            for c, d in self._db.rows(f"SELECT a, b FROM edges WHERE a IN ({marks}) AND denial = 1", part):
                self._deniers.setdefault(int(c), []).append(int(d))
            for a, b, score, denial in self._db.rows(f"SELECT a, b, score, denial FROM edges WHERE b IN ({marks})", part):
                if denial:
                    self._deniers.setdefault(int(b), []).append(int(a))
                elif a in inside:
                    self._scored.setdefault(int(b), []).append((int(a), float(score)))

    def _alone(self, claims: list[int]) -> None:
        """Events of one claim, most of them: what is said of them stands in the tables."""
        countries: dict[int, list[str]] = {}
        for part in chunks(claims):
            marks = ", ".join("?" * len(part))
            for claim, country in self._db.rows(f"SELECT claim, country FROM claim_countries WHERE claim IN ({marks})", part):
                countries.setdefault(int(claim), []).append(str(country))
        for claim in claims:
            _, _, kind, status, record, date, _, _ = self._claims[claim]
            told = Common(type=kind, status=status, record=record, date=date, day=day_range(date)[0],
                          countries=sorted(countries.get(claim, ())))  # fmt: skip
            self._event([claim], told, (1, 1, 1), "[]")

    def _component(self, part: list[int]) -> int:
        reader = self._reader
        reader.locate(part)
        by_uid = {reader.uid(c): c for c in part}
        facts = {u: reader.fact(c) for u, c in by_uid.items()}
        must, never = ([p for u in by_uid for p in by.get(u, ())] if by else [] for by in (self._must, self._never))
        groups = group_component(sorted(by_uid), facts, self._scores(part), sorted(set(must)), sorted(set(never)))
        for group in groups:
            claims = [by_uid[u] for u in group]
            own, inside = [facts[u] for u in group], set(claims)
            against = sorted({d for c in claims for d in self._deniers.get(c, ()) if d not in inside})
            reader.locate(against)
            differs = "[]"
            if len(own) > 1 or against:
                differs = msgspec.json.encode(differences(own, [reader.uid(d) for d in against])).decode()
            self._event(claims, common(own), self._spread(claims), differs)
        return len(groups)

    def _scores(self, part: list[int]) -> dict[tuple[str, str], float]:
        """The scores of a component's links."""
        out: dict[tuple[str, str], float] = {}
        for b in part:
            for a, score in self._scored.get(b, ()):
                first, second = sorted((self._reader.uid(a), self._reader.uid(b)))
                out[first, second] = score
        return out

    def _spread(self, claims: list[int]) -> tuple[int, int, int]:
        """Return how many documents and outlets tell an event, and how many of the outlets on their own."""
        docs = {self._reader.document(c): c for c in claims}
        if len(docs) == 1:
            return 1, 1, 1
        articles = [self._reader.article(c) for c in docs.values()]
        outlets = {a.uid: a.outlet for a in articles}
        return len(docs), len(set(outlets.values())), independent(reprints(articles), outlets)

    def _event(self, claims: list[int], told: Common, spread: tuple[int, int, int], differs: str) -> None:
        rows = [self._claims[c] for c in claims]
        event, n = claims[0], len(claims)
        sort_day = told.day or min(int(r[6]) for r in rows)
        month, value = month_of(sort_day), round(sum(float(r[7]) for r in rows) / n, 3)
        self._rows["merged"].append((
            event, rows[0][1], told.type, told.status, told.record, told.date, told.day, sort_day, month, value, n, *spread, differs
        ))  # fmt: skip
        self._rows["merged_claims"] += [(c, event) for c in claims]
        countries, tail = told.countries[:MOST_COUNTRIES], (month, told.type, told.status, value, n)
        pairs = list(itertools.combinations(countries, 2))
        self._rows["merged_countries"] += [(c, sort_day, event, *tail) for c in countries]
        self._rows["merged_pairs"] += [(a, b, sort_day, event, *tail) for a, b in pairs]
        for a, b in [("", ""), *((c, c) for c in countries), *pairs]:
            _count(self._counts, (a, b, month, told.type, told.status), n, value)
