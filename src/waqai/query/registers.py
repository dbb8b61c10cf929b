"""The registers: relations between two countries, agreements, visits, deals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from waqai.days import day_range, parse_range
from waqai.query.check import after, choice_of, cursor, limited, pair_of
from waqai.query.events import month_views
from waqai.query.show import claim_views
from waqai.query.types import (
    AgreementRow,
    Agreements,
    ClaimView,
    DealRow,
    Deals,
    Filters,
    LifeStep,
    RelationPage,
    Step,
    VisitRow,
    Visits,
)  # fmt: skip
from waqai.store import Store, claims, read
from waqai.store.db import Row
from waqai.store.filters import Choice

__all__ = ["agreements", "deals", "relation", "visits"]

T = TypeVar("T")
_ALL = Filters()
_SHOWN = 10  # rows of each register on a relation page; the registers' own pages have all
_EVIDENCE = 3  # claims shown for one step; the event's own page has all
# The state after a change whose level is not told.
_AFTER = {
    "severed": "severed", "restored": "relations", "established": "relations", "upgraded": "relations",
    "downgraded": "downgraded", "recalled": "recalled", "returned": "ambassador", "opened": "embassy", "closed": "closed",
}  # fmt: skip


# --- relations ---------------------------------------------------------------------------------------------------------


class _Change(NamedTuple):
    claim: int
    change: str
    level: str | None
    date: str | None
    first: int
    last: int
    status: str
    event: int


def relation(store: Store, a: str, b: str, *, at: str | None = None) -> RelationPage:
    """Return the diplomatic relations of two countries as dated steps, with what else there is between them.

    `at`: the state at the end of that date, else the latest. Raises QueryError for an unknown country or date.
    """
    pair = pair_of([a, b])
    until = parse_range(at, "at")[1] if at else 0
    with store.db.snapshot():
        choice = Choice()
        choice.pair = pair
        steps = _steps(store, _changes(store, pair))
        months = month_views(claims.month_rows(store.db, choice))
        shown = [_register(store, t, choice, None, _SHOWN)[0] for t in ("agreements", "visits", "deals")]
        told, total = read.pair_counts(store.db, *pair)
    state, since = None, None
    for step in steps:
        if step.actual and step.date and (not until or day_range(step.date)[0] <= until):
            state, since = step.state, step.date
    return RelationPage(
        pair=list(pair), at=at, state=state, since=since, steps=steps, months=months, events=told, claims=total,
        agreements=shown[0], visits=shown[1], deals=shown[2],  # type: ignore[arg-type]
    )  # fmt: skip


def _changes(store: Store, pair: tuple[str, str]) -> list[_Change]:
    out = []
    for claim, change, level, date, _, status, event, _ in read.relation_rows(store.db, *pair):
        first, last = day_range(date)
        out.append(_Change(int(claim), change, level, date, first, last, status, int(event)))
    return out


def _steps(store: Store, changes: Sequence[_Change]) -> list[Step]:
    """One step a change: reports of one event, or of one change at dates that fit, with the most precise date."""
    groups = _grouped(changes)
    groups.sort(key=lambda g: (g[0].first == 0, g[0].first, g[0].claim))
    told = [list(dict.fromkeys(c.claim for c in sorted(g, key=lambda c: (c.status != "actual", c.claim)))) for g in groups]
    wanted = [n for numbers in told for n in numbers[:_EVIDENCE]]
    views = dict(zip(wanted, claim_views(store, wanted, read.relation_told(store.db, wanted)), strict=True))
    rows = read.merged_rows(store.db, [g[0].event for g in groups])
    steps: list[Step] = []
    state: str | None = None
    for group, numbers in zip(groups, told, strict=True):
        actual = any(c.status == "actual" for c in group)
        level = next((c.level for c in group if c.level), None)
        reached = _reached(group[0].change, level, state)
        if actual and group[0].first:
            state = reached
        evidence = [views[n] for n in numbers[:_EVIDENCE]]
        steps.append(_step(group, evidence, len(numbers), rows.get(group[0].event), actual, level, reached or "unknown"))
    return steps


def _grouped(changes: Sequence[_Change]) -> list[list[_Change]]:
    """Put each change, the most precisely dated first, to the first group of its kind with its event or a date that fits."""
    groups: list[list[_Change]] = []
    events: dict[tuple[str, bool, int], int] = {}
    days: dict[tuple[str, bool, int], int] = {}
    kinds: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for c in sorted(changes, key=lambda c: (c.last - c.first if c.first else 10**6, c.first, c.claim)):
        kind = (c.change, c.status == "negated")
        fits = [n for n in (events.get((*kind, c.event)),) if n is not None]
        if c.first and c.first == c.last:
            # The precise ones come first, so that all groups so far begin with a day: one look-up finds it.
            fits += [n for n in (days.get((*kind, c.first)),) if n is not None]
        elif c.first:
            fits += [n for n in kinds[kind] if groups[n][0].first and c.first <= groups[n][0].last and groups[n][0].first <= c.last]
        home = min(fits, default=len(groups))
        if home == len(groups):
            groups.append([])
            kinds[kind].append(home)
            days.setdefault((*kind, c.first), home)
        groups[home].append(c)
        events[(*kind, c.event)] = min(home, events.get((*kind, c.event), home))
    return groups


def _reached(change: str, level: str | None, state: str | None) -> str | None:
    if level == "none":
        return "severed" if "severed" in (change, state) else "none"
    return level or _AFTER.get(change, state)


def _step(
    group: list[_Change], evidence: list[ClaimView], claims_: int, row: Row | None, actual: bool, level: str | None, state: str
) -> Step:
    head = group[0]
    outlets = len({v.document.outlet for v in evidence}) if claims_ <= _EVIDENCE else row[10] if row else 1
    return Step(
        date=head.date, change=head.change, level=level, state=state, actual=actual,
        status="actual" if actual else head.status, event=row[1] if row else evidence[0].merged,
        outlets=outlets, independent=row[11] if row else 1, evidence=evidence,
    )  # fmt: skip


# --- agreements, visits, deals -----------------------------------------------------------------------------------------


def agreements(store: Store, filters: Filters = _ALL, *, cursor: str | None = None, limit: int = 50) -> Agreements:
    """Return the agreements register: one row an agreement, newest first. Raises QueryError."""
    rows, more = _page(store, "agreements", filters, cursor, limit)
    return Agreements(items=rows, next=more)  # type: ignore[arg-type]


def visits(store: Store, filters: Filters = _ALL, *, cursor: str | None = None, limit: int = 50) -> Visits:
    """Return the visits register: one row a visit, newest first. Raises QueryError."""
    rows, more = _page(store, "visits", filters, cursor, limit)
    return Visits(items=rows, next=more)  # type: ignore[arg-type]


def deals(store: Store, filters: Filters = _ALL, *, cursor: str | None = None, limit: int = 50) -> Deals:
    """Return the deals register: one row a deal, newest first. Raises QueryError."""
    rows, more = _page(store, "deals", filters, cursor, limit)
    return Deals(items=rows, next=more)  # type: ignore[arg-type]


_Row = AgreementRow | VisitRow | DealRow


def _page(store: Store, table: str, filters: Filters, at: str | None, limit: int) -> tuple[list[_Row], str | None]:
    limit = limited(limit)
    start = after(at, 2)
    with store.db.snapshot():
        choice = choice_of(store, filters)
        return _register(store, table, choice, (start[0], start[1]) if start else None, limit)


def _register(
    store: Store, table: str, choice: Choice, at: tuple[int, int] | None, limit: int
) -> tuple[list[_Row], str | None]:
    keys = read.register_page(store.db, table, choice, at, limit + 1)
    shown = keys[:limit]
    make = {"agreements": _agreements, "visits": _visits, "deals": _deals}[table]
    rows = make(store, [k[2] for k in shown])
    return rows, cursor(*shown[-1][:2]) if len(keys) > limit else None


def _by(rows: Iterable[Row]) -> dict[int, list[Row]]:
    out: dict[int, list[Row]] = defaultdict(list)
    for r in rows:
        out[int(r[0])].append(r)
    return out


def _first(values: Iterable[T | None]) -> T | None:
    return next((v for v in values if v), None)


def _agreements(store: Store, groups: list[int]) -> list[_Row]:
    by = _by(read.agreement_mentions(store.db, groups))
    evidence = dict(zip(groups, claim_views(store, [int(by[g][0][2]) for g in groups]), strict=True))
    out: list[_Row] = []
    for g in groups:
        rows = by[g]
        stages: dict[str, list[Row]] = defaultdict(list)
        for r in rows:
            stages[r[9] if r[14] == "actual" else "announced"].append(r)
        life = sorted((_life(s, rs) for s, rs in stages.items()), key=lambda x: (x.date or "9", x.status))
        kinds = [r[3] for r in rows if r[3] != "agreement"]
        out.append(AgreementRow(
            id=evidence[g].id, kind=kinds[0] if kinds else rows[0][3], title=_first(r[4] for r in rows),
            parties=max((r[5] for r in rows), key=len).split(), areas=sorted({a for r in rows for a in r[6].split("; ") if a}),
            status=life[-1].status, date=life[-1].date, amount=_first(r[10] for r in rows), currency=_first(r[11] for r in rows),
            life=life, outlets=len({r[12] for r in rows}), evidence=evidence[g],
        ))  # fmt: skip
    return out


def _life(status: str, rows: list[Row]) -> LifeStep:
    dates = [r[7] for r in rows if r[7]]
    date = max(dates, key=lambda d: (len(d), dates.count(d))) if dates else None
    return LifeStep(
        status=status, date=date, claims=[r[13] for r in rows], outlets=sorted({r[12] for r in rows if r[12]})
    )


def _names(rows: list[Row], column: int) -> list[str]:
    return list(dict.fromkeys(n for r in rows for n in msgspec.json.decode(r[column], type=list[str])))


def _visits(store: Store, events: list[int]) -> list[_Row]:
    by = _by(read.mentions_of(store.db, "visits", "x.visitors, x.hosts, x.date, x.date_end, x.status", events))
    evidence = dict(zip(events, claim_views(store, [int(by[e][0][1]) for e in events]), strict=True))
    out: list[_Row] = []
    for e in events:
        rows, view = by[e], evidence[e]
        hosts = list(dict.fromkeys(h for r in rows for h in r[4].split()))
        places = [view.event.place.name or view.event.place.text] if view.event.place else []
        out.append(VisitRow(
            id=view.merged, visitors=_names(rows, 3)[:10], hosts=hosts, place=_first(places),
            countries=sorted({p.country for p in view.event.actors if p.country}),
            date=_precise(r[5] for r in rows), date_end=_first(r[6] for r in rows),
            status="actual" if any(r[7] == "actual" for r in rows) else rows[0][7],
            outlets=len({r[2] for r in rows}), evidence=view,
        ))  # fmt: skip
    return out


def _precise(dates: Iterable[str | None]) -> str | None:
    return max((d for d in dates if d), key=len, default=None)


def _deals(store: Store, events: list[int]) -> list[_Row]:
    by = _by(read.mentions_of(store.db, "deals", "x.parties, x.object, x.amount, x.currency, x.date, x.status", events))
    evidence = dict(zip(events, claim_views(store, [int(by[e][0][1]) for e in events]), strict=True))
    out: list[_Row] = []
    for e in events:
        rows = by[e]
        out.append(DealRow(
            id=evidence[e].merged, parties=_names(rows, 3)[:10], object=_first(r[4] for r in rows),
            amount=_first(r[5] for r in rows), currency=_first(r[6] for r in rows), date=_precise(r[7] for r in rows),
            status=rows[-1][8], outlets=len({r[2] for r in rows}), evidence=evidence[e],
        ))  # fmt: skip
    return out
