"""The store as a whole and its articles: home, outlets, an article, places, status."""

from __future__ import annotations

import msgspec

from waqai.errors import NotFound
from waqai.query.actors import require_outlet
from waqai.query.check import choice_of
from waqai.query.show import document_ref, event_views, facet_values
from waqai.query.types import (
    ArticlePage,
    CountryCount,
    FacetValue,
    FailureView,
    Filters,
    Home,
    NameUse,
    OutletPage,
    PlacePoint,
    Places,
    RunView,
    Status,
)  # fmt: skip
from waqai.store import SCHEMA, Store, read

__all__ = ["article", "home", "outlet", "outlets", "places", "status", "version"]

_ALL = Filters()
_LATEST_DAYS = 7
_COUNTED = (
    "documents",
    "claims",
    "actors",
    "merged",
    "agreements",
    "relations",
    "visits",
    "deals",
    "judgements",
    "failures",
    "runs",
)


def version(store: Store) -> str:
    """Return a word that changes whenever the store does."""
    return read.meta(store.db, "changed")


def home(store: Store, *, days: int = _LATEST_DAYS) -> Home:
    """Return what came in, and the most widely reported events of the latest days that the store has articles of."""
    with store.db.snapshot():
        span = read.whole_span(store.db) or (0, None, None)
        counts = read.numbers(store.db, ("merged", "failures"))
        types = read.sums(store.db, "type")
        return Home(
            documents=int(span[0]), claims=sum(n for _, n in types), events=counts["merged"],
            outlets=len(read.sums(store.db, "outlet")), failures=counts["failures"], first=span[1], last=span[2],
            latest=[document_ref(r) for r in read.documents(store.db, "d.live + 0 = 1", (), 20)],
            biggest=event_views(store, read.biggest(store.db, days, 20)),
            countries=[CountryCount(country=c, claims=n) for c, n in read.country_counts(store.db, 60)],
            types=facet_values(types),
        )  # fmt: skip


def outlets(store: Store) -> list[FacetValue]:
    """Return the outlets with their live claims."""
    with store.db.snapshot():
        return facet_values(read.sums(store.db, "outlet", most=5000))


def outlet(store: Store, name: str) -> OutletPage:
    """Return an outlet. Raises NotFound."""
    with store.db.snapshot():
        span = read.outlet_span(store.db, require_outlet(store, name))
        assert span is not None
        types = read.sums(store.db, "type", "outlet = ?", (name,))
        uses = read.name_uses(store.db, "m.loaded = 1 AND d.outlet = ?", (name,), 50)
        return OutletPage(
            outlet=name, country=span[0], documents=int(span[1]), first=span[2], last=span[3], claims=sum(n for _, n in types),
            latest=[document_ref(r) for r in read.documents(store.db, "d.live = 1 AND d.outlet = ?", (name,), 30)],
            types=facet_values(types),
            names=[NameUse(outlet=r[0], text=r[1], n=int(r[2]), loaded=True, actor=f"a{r[4]}", document=r[5]) for r in uses],
        )  # fmt: skip


def article(store: Store, id: str) -> ArticlePage:
    """Return an article by its id, or by the first sixteen letters of it. Raises NotFound."""
    with store.db.snapshot():
        row = read.document(store.db, id)
        if row is None:
            raise NotFound(f"no article {id!r} in this store: copy the id from a list or page")
        number, page = int(row[0]), row[10]
        rows = read.claims_of(store.db, number)
        versions = read.documents(store.db, "d.page = ? AND d.id <> ?", (page, number), 50) if page else []
        same = read.documents(store.db, "d.content_hash = ? AND d.id <> ?", (row[6], number), 50)
        return ArticlePage(
            document=document_ref(row), record=store.record(number), claims={str(a): str(b) for a, b, _ in rows},
            merged={str(a): str(c) for a, _, c in rows}, versions=[document_ref(r) for r in versions],
            reprints=[document_ref(r) for r in same if r[1] not in {v[1] for v in versions}],
        )  # fmt: skip


def places(store: Store, filters: Filters = _ALL, *, q: str = "") -> Places:
    """Return where the claims that fit took place, as far as the place has coordinates."""
    with store.db.snapshot():
        rows, exact = read.place_rows(store.db, choice_of(store, filters, q))
    points = [PlacePoint(name=r[0], country=r[1], latitude=r[2], longitude=r[3], n=int(r[4])) for r in rows]
    return Places(items=points, exact=exact)


def status(store: Store) -> Status:
    """Return how much is stored, by what runs, and the latest failures."""
    with store.db.snapshot():
        runs = [
            RunView(
                id=r[0], started=r[1], finished=r[2], code_version=r[3], words_digest=r[4],
                models=msgspec.json.decode(r[5], type=dict[str, str]), inputs=msgspec.json.decode(r[6], type=list[str]),
                documents=int(r[7]), failures=int(r[8]),
            ) for r in read.run_rows(store.db)
        ]  # fmt: skip
        return Status(
            where=store.db.where, engine=store.db.engine, schema=SCHEMA, size=store.db.size(), runs=runs,
            rows=read.numbers(store.db, _COUNTED), unmerged=read.unmerged(store.db),
            failures=[FailureView(source=f[0], stage=f[1], error=f[2], message=f[3], hint=f[4])
                      for f in read.failure_rows(store.db, 20)],
        )  # fmt: skip
