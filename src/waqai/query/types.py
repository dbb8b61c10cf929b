"""What the query functions answer with. The command line and the web print the same structs.

Ids are stable: a document's is its `Document.id`; a claim's is "<first 16 of the document's id>.<event id>"; a merged
event's is the id of one of its claims, and `event` finds it by the id of any of them. Cursors are opaque; `next` is None
on the last page. Months are "YYYY-MM".
"""

from __future__ import annotations

from typing import Literal

import msgspec

from waqai.merge.differ import Difference
from waqai.types import Event, Record, Span

Order = Literal["newest", "oldest", "ranked"]


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What narrows a list. Several values of one field: any of them; several fields: all of them.

    `pair`: two country codes, both parties to the claim. `date_from` and `date_to`: YYYY, YYYY-MM or YYYY-MM-DD, of the
    event (of publication where the event has no date), both inclusive. `actor`: a name or actor id, as a party.
    `source`: a name, cited inside the article.
    """

    type: list[str] = []
    mode: list[str] = []
    country: list[str] = []
    pair: list[str] = []
    actor: str | None = None
    sector: list[str] = []
    outlet: list[str] = []
    date_from: str | None = None
    date_to: str | None = None
    status: list[str] = []
    record: list[str] = []
    place: str | None = None
    source: str | None = None


class DocumentRef(msgspec.Struct, frozen=True, kw_only=True):
    """What is needed to cite an article. `live` is False for an older version of a page."""

    id: str
    outlet: str | None
    title: str | None
    url: str | None
    published: str | None
    content_hash: str
    version: int = 1
    live: bool = True
    claims: int = 0


class ClaimView(msgspec.Struct, frozen=True, kw_only=True):
    """What one article says: the coded event, its sentence and the article. `event` offsets count in the article's text,
    `sentence` is the stretch they stand in. `merged` is the id of the merged event, `score` PLOVER's intensity."""

    id: str
    document: DocumentRef
    event: Event
    sentence: Span
    merged: str
    score: float


class EventView(msgspec.Struct, frozen=True, kw_only=True):
    """A merged event: what its claims have in common. `outlets` report it, `independent` of them with a text of their own
    (agency reprints counted once). `sentence` is one claim's, with that claim's article in `document`."""

    id: str
    type: str
    mode: list[str]
    status: str
    record: str | None
    date: str | None
    countries: list[str]
    claims: int
    documents: int
    outlets: int
    independent: int
    score: float
    differs: list[str]
    sentence: Span
    trigger: Span
    document: DocumentRef


class JudgementView(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word on two claims. verdict: same | different | undo."""

    id: int
    at: str
    who: str
    verdict: str
    a: str
    b: str
    note: str | None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """Why two claims are held to be one event: the score and each feature's part in it."""

    a: str
    b: str
    score: float
    why: dict[str, float]


class EventPage(msgspec.Struct, frozen=True, kw_only=True):
    """A merged event with all its claims. `reprints` groups the ids of documents that carry one text."""

    event: EventView
    claims: list[ClaimView]
    differences: list[Difference]
    reprints: list[list[str]]
    judgements: list[JudgementView]
    links: list[Link]


class Hits(msgspec.Struct, frozen=True, kw_only=True):
    """A page of claims. `exact` is False where more matched than were looked at (the latest stored were)."""

    items: list[ClaimView]
    next: str | None
    total: int
    exact: bool = True


class Events(msgspec.Struct, frozen=True, kw_only=True):
    """A page of merged events."""

    items: list[EventView]
    next: str | None


class FacetValue(msgspec.Struct, frozen=True, kw_only=True):
    """A value with the number of claims that have it."""

    value: str
    n: int


class Facets(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of claims by each field, the most frequent values first (at most 50 each)."""

    total: int
    exact: bool
    type: list[FacetValue]
    status: list[FacetValue]
    record: list[FacetValue]
    outlet: list[FacetValue]
    country: list[FacetValue]
    year: list[FacetValue]


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """A month of merged events (a negated or hypothetical one is not counted). `intensity` is the mean of PLOVER's
    scores (-10 .. +10), None where there is no event; `by_quad` counts verbal cooperation, material cooperation, verbal
    conflict, material conflict."""

    month: str
    events: int
    claims: int
    cooperation: int
    conflict: int
    intensity: float | None
    by_quad: list[int]


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One change of relations. `state` is the state after it: none | severed | liaison | charge | ambassador | embassy |
    relations (established, level not told). `actual` is False for what is announced, denied or possible: it does not move
    the state. `evidence` holds every claim of the merged event, `outlets` its outlets."""

    date: str | None
    change: str
    level: str | None
    state: str
    status: str
    actual: bool
    event: str
    outlets: int
    independent: int
    evidence: list[ClaimView]


class RelationPage(msgspec.Struct, frozen=True, kw_only=True):
    """Two countries. `state` at `at` (the last dated step until then); None where no step is known."""

    pair: list[str]
    at: str | None
    state: str | None
    since: str | None
    steps: list[Step]
    months: list[Month]
    events: int
    claims: int
    agreements: list[AgreementRow]
    visits: list[VisitRow]
    deals: list[DealRow]


class LifeStep(msgspec.Struct, frozen=True, kw_only=True):
    """One stage of an agreement's life and who reports it."""

    status: str
    date: str | None
    claims: list[str]
    outlets: list[str]


class AgreementRow(msgspec.Struct, frozen=True, kw_only=True):
    """One agreement over its life. `status` is the last actual stage; `id` is stable like an event's."""

    id: str
    kind: str
    title: str | None
    parties: list[str]
    areas: list[str]
    status: str
    date: str | None
    amount: float | None
    currency: str | None
    life: list[LifeStep]
    outlets: int
    evidence: ClaimView


class VisitRow(msgspec.Struct, frozen=True, kw_only=True):
    """A visit, reports of one merged. `visitors` are names, `hosts` country codes."""

    id: str
    visitors: list[str]
    countries: list[str]
    hosts: list[str]
    date: str | None
    date_end: str | None
    place: str | None
    status: str
    outlets: int
    evidence: ClaimView


class DealRow(msgspec.Struct, frozen=True, kw_only=True):
    """A contract or purchase, reports of one merged. `parties` are names or country codes."""

    id: str
    parties: list[str]
    object: str | None
    amount: float | None
    currency: str | None
    date: str | None
    status: str
    outlets: int
    evidence: ClaimView


class Agreements(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the agreements register."""

    items: list[AgreementRow]
    next: str | None


class Visits(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the visits register."""

    items: list[VisitRow]
    next: str | None


class Deals(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the deals register."""

    items: list[DealRow]
    next: str | None


class ActorRef(msgspec.Struct, frozen=True, kw_only=True):
    """An actor with its numbers. `id` is "a<number>"."""

    id: str
    name: str
    name_en: str | None
    kind: str
    country: str | None
    wikidata: str | None
    claims: int
    documents: int


class OfficeSeen(msgspec.Struct, frozen=True, kw_only=True):
    """An office that articles give an actor, with the first and last date of publication that does."""

    office: str
    sector: str | None
    first: str | None
    last: str | None
    documents: int


class NameUse(msgspec.Struct, frozen=True, kw_only=True):
    """A wording that an outlet uses for an actor."""

    outlet: str | None
    text: str
    n: int
    loaded: bool
    actor: str
    document: str


class ActorPage(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one actor. `others` are further actors that the name may mean."""

    actor: ActorRef
    others: list[ActorRef]
    offices: list[OfficeSeen]
    names: list[NameUse]
    with_actors: list[ActorRef]
    events: list[EventView]
    said: list[ClaimView]
    by_type: list[FacetValue]


class OutletPage(msgspec.Struct, frozen=True, kw_only=True):
    """An outlet: its latest articles and what it reports."""

    outlet: str
    country: str | None
    documents: int
    claims: int
    first: str | None
    last: str | None
    latest: list[DocumentRef]
    types: list[FacetValue]
    names: list[NameUse]


class ArticlePage(msgspec.Struct, frozen=True, kw_only=True):
    """An article as read. `claims` maps the record's event ids to claim ids, `merged` to merged events; `versions` are
    the other versions of the page, `reprints` other articles with the same text."""

    document: DocumentRef
    record: Record
    claims: dict[str, str]
    merged: dict[str, str]
    versions: list[DocumentRef]
    reprints: list[DocumentRef]


class CountryCount(msgspec.Struct, frozen=True, kw_only=True):
    """A country with its claims."""

    country: str
    claims: int


class Home(msgspec.Struct, frozen=True, kw_only=True):
    """The first page: what came in, the most widely reported events of the latest days, countries by activity."""

    documents: int
    claims: int
    events: int
    outlets: int
    failures: int
    first: str | None
    last: str | None
    latest: list[DocumentRef]
    biggest: list[EventView]
    countries: list[CountryCount]
    types: list[FacetValue]


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """One build: what made the rows."""

    id: int
    started: str
    finished: str | None
    code_version: str
    words_digest: str
    models: dict[str, str]
    inputs: list[str]
    documents: int
    failures: int


class FailureView(msgspec.Struct, frozen=True, kw_only=True):
    """An input that could not be read."""

    source: str
    stage: str
    error: str
    message: str
    hint: str | None


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """State of the store: numbers of rows, size, schema, runs, latest failures (at most 20)."""

    where: str
    engine: str
    schema: int
    size: int
    rows: dict[str, int]
    unmerged: int
    runs: list[RunView]
    failures: list[FailureView]


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """An actor in the network."""

    id: str
    name: str
    kind: str
    country: str | None
    n: int


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """Two actors that are parties to the same claims; `score` is the mean intensity."""

    a: str
    b: str
    n: int
    score: float


class Network(msgspec.Struct, frozen=True, kw_only=True):
    """Actors and who they are in events with, the most frequent first."""

    nodes: list[Node]
    ties: list[Tie]
    exact: bool


class PlacePoint(msgspec.Struct, frozen=True, kw_only=True):
    """A place with its claims. Degrees, WGS 84."""

    name: str
    country: str | None
    latitude: float
    longitude: float
    n: int


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """Places of events for a filter."""

    items: list[PlacePoint]
    exact: bool


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """What each outlet calls the actors of a country, the most frequent first."""

    country: str
    items: list[NameUse]
