"""Actors, what they are called, and who is in events with whom."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

from waqai.errors import NotFound
from waqai.query.check import actor_numbers, choice_of, country_code, limited
from waqai.query.events import search, timeline
from waqai.query.show import facet_values
from waqai.query.types import (
    ActorPage,
    ActorRef,
    Filters,
    Names,
    NameUse,
    Network,
    Node,
    OfficeSeen,
    Tie,
)  # fmt: skip
from waqai.store import Store, claims, read
from waqai.store.db import Row
from waqai.text import fold

__all__ = ["actor", "actors", "names", "network"]

_ALL = Filters()
_MOST_NODES = 300
_MOST_PARTIES = 20  # a claim with more is a list of names, not a tie


def _ref(row: Row) -> ActorRef:
    return ActorRef(
        id=f"a{row[0]}",
        name=row[1],
        name_en=row[2],
        kind=row[3],
        country=row[4],
        wikidata=row[5],
        claims=row[6],
        documents=row[7],
    )


def _use(row: Row) -> NameUse:
    return NameUse(outlet=row[0], text=row[1], n=int(row[2]), loaded=bool(row[3]), actor=f"a{row[4]}", document=row[5])


def _refs(store: Store, numbers: list[int]) -> list[ActorRef]:
    rows = read.actor_rows(store.db, numbers)
    return [_ref(rows[n]) for n in numbers if n in rows]


def actor(store: Store, name: str) -> ActorPage:
    """Return what is known of the actor called `name`, or with the id `name` (a12). Raises NotFound."""
    with store.db.snapshot():
        found = sorted(_refs(store, actor_numbers(store, name)), key=lambda r: (-r.claims, -r.documents, int(r.id[1:])))
        one = found[0]
        number = int(one.id[1:])
        mine = Filters(actor=one.id)
        said = search(store, "", Filters(source=one.id), order="newest", limit=20)
        types = claims.facet_counts(store.db, choice_of(store, mine))[0]["type"]
        return ActorPage(
            actor=one, others=found[1:], offices=[
                OfficeSeen(office=o[0], sector=o[1], first=o[2], last=o[3], documents=o[4]) for o in read.offices(store.db, number)
            ],
            names=[_use(r) for r in read.name_uses(store.db, "a.id = ?", (number,), 50)],
            with_actors=_refs(store, read.partners(store.db, number)), events=timeline(store, mine, limit=20).items,
            said=said.items, by_type=facet_values(types),
        )  # fmt: skip


def actors(store: Store, prefix: str, limit: int = 20) -> list[ActorRef]:
    """Return actors whose name begins with `prefix`, those with the most claims first."""
    with store.db.snapshot():
        rows = _refs(store, read.actors_like(store.db, fold(prefix.strip()), 200)) if prefix.strip() else []
    return sorted(rows, key=lambda r: (-r.claims, int(r.id[1:])))[: limited(limit)]


def names(store: Store, country: str, limit: int = 200) -> Names:
    """Return what each outlet calls the actors of a country, the most frequent first. Raises QueryError."""
    code = country_code(country)
    with store.db.snapshot():
        rows = read.name_uses(store.db, "a.country = ?", (code,), limited(limit))
    return Names(country=code, items=[_use(r) for r in rows])


def network(store: Store, filters: Filters = _ALL, *, q: str = "", limit: int = _MOST_NODES) -> Network:
    """Return the actors of the claims that fit and how often they are parties to the same ones, at most 300."""
    with store.db.snapshot():
        rows, exact = read.ties(store.db, choice_of(store, filters, q))
        parties: dict[int, set[int]] = {}
        scores: dict[int, float] = {}
        for claim, one, value in rows:
            parties.setdefault(int(claim), set()).add(int(one))
            scores[int(claim)] = float(value)
        counts = Counter(a for group in parties.values() for a in group)
        kept = {a for a, _ in sorted(counts.items(), key=lambda x: (-x[1], x[0]))[: max(1, min(limit, _MOST_NODES))]}
        refs = read.actor_names(store.db, sorted(kept))
    pairs: dict[tuple[int, int], list[float]] = {}
    for claim, group in parties.items():
        for pair in combinations(sorted(group & kept), 2) if len(group) <= _MOST_PARTIES else ():
            pairs.setdefault(pair, []).append(scores[claim])
    nodes = [Node(id=f"a{a}", name=refs[a][1], kind=refs[a][2], country=refs[a][3], n=counts[a])
             for a in sorted(kept, key=lambda a: (-counts[a], a))]  # fmt: skip
    links = [Tie(a=f"a{a}", b=f"a{b}", n=len(s), score=round(sum(s) / len(s), 2))
             for (a, b), s in sorted(pairs.items(), key=lambda x: (-len(x[1]), x[0]))]  # fmt: skip
    return Network(nodes=nodes, ties=links, exact=exact)


def require_outlet(store: Store, name: str) -> str:
    """Return `name`. Raises NotFound where no outlet is called so."""
    row = read.outlet_span(store.db, name)
    if row is None or not row[1]:
        raise NotFound(f"outlet: {name!r} has no article in this store: see the outlets that `waqai status` lists")
    return name
