"""Every record that crosses a module boundary, on one page.

The output half (`Record` and what it holds) is the published format, version 1: keys may be added, those here keep
their names and meaning. All offsets count Unicode code points into ``document.text``, end exclusive. The inner half
(`Token`, `Sentence`, `Mention`, `Why`) is what the stages hand each other and never leaves the process.

Dates are ISO 8601 strings with the granularity the text gives ("2021", "2021-08", "2021-08-24"); unknown is None.
"""

from __future__ import annotations

from typing import Literal

import msgspec

RECORD_VERSION = 1

Basis = Literal["given", "metadata", "text", "none"]
ResidueKind = Literal["cookie", "related", "share", "comments", "other"]
TimeType = Literal["DATE", "TIME", "DURATION", "SET"]
EntityKind = Literal["person", "organization", "state", "group", "place", "company"]
Status = Literal["actual", "future", "hypothetical", "negated"]
SourceKind = Literal["person", "organization", "document", "outlet", "anonymous"]
RecordKind = Literal["agreement", "visit", "meeting", "relation", "deal", "statement"]
DateBasis = Literal["expression", "passage", "published", "none"]
AgreementKind = Literal["memorandum", "agreement", "treaty", "protocol", "declaration", "contract", "partnership"]
AgreementStatus = Literal["announced", "concluded", "signed", "ratified", "suspended", "terminated"]
RelationChange = Literal[
    "severed", "restored", "established", "upgraded", "downgraded", "recalled", "returned", "expelled", "opened", "closed"
]
RelationLevel = Literal["none", "liaison", "charge", "ambassador", "embassy"]
CountKind = Literal["dead", "injured", "arrested", "other"]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of ``document.text``: ``text == document.text[start:end]``."""

    start: int
    end: int
    text: str


class Residue(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the text that is not the article. Marked, never annotated."""

    start: int
    end: int
    kind: ResidueKind


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """One article as read. `text` of plain and JSONL input is exactly what was given."""

    id: str
    content_hash: str
    text: str
    url: str | None = None
    outlet: str | None = None
    title: str | None = None
    author: str | None = None
    published: str | None = None
    published_basis: Basis = "none"
    language: str | None = "ar"
    boilerplate: list[Residue] = []
    source: str | None = None
    outlet_country: str | None = None


class Time(msgspec.Struct, frozen=True, kw_only=True):
    """A TIMEX3 expression. `date_start` and `date_end` are the days covered (YYYY-MM-DD), None where not on a calendar.

    `anchor` is the offset (start) of the time that an anaphoric expression was counted from, -1 for the date of
    publication, None for none. `conflict` says in words where the expression contradicts itself or the publication.
    """

    start: int
    end: int
    text: str
    type: TimeType
    value: str
    date_start: str | None = None
    date_end: str | None = None
    anchor: int | None = None
    conflict: str | None = None
    why: str | None = None


class Entity(msgspec.Struct, frozen=True, kw_only=True):
    """One referent of the article with every mention of it."""

    id: str
    name: str
    kind: EntityKind
    name_en: str | None = None
    country: str | None = None
    sector: str | None = None
    office: str | None = None
    wikidata: str | None = None
    mentions: list[Span] = []
    reason: str | None = None


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """An actor or recipient of one event, with the words that name it there."""

    start: int
    end: int
    text: str
    entity: str | None = None
    country: str | None = None
    sector: str | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where an event took place. Latitude and longitude in degrees (WGS 84)."""

    start: int
    end: int
    text: str
    country: str | None = None
    name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    geonames_id: int | None = None


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """A number of people in an event; `low` and `high` inclusive, equal for an exact number, None for an open end."""

    start: int
    end: int
    text: str
    what: CountKind
    low: int | None = None
    high: int | None = None


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """According to whom, inside the article."""

    start: int
    end: int
    text: str
    kind: SourceKind
    entity: str | None = None


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """Offsets of a sentence."""

    start: int
    end: int


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One PLOVER event in one sentence."""

    id: str
    type: str
    trigger: Span
    sentence: Extent
    mode: list[str] = []
    context: list[str] = []
    actors: list[Party] = []
    recipients: list[Party] = []
    date: str | None = None
    date_end: str | None = None
    date_basis: DateBasis = "none"
    time: int | None = None
    place: Place | None = None
    counts: list[Count] = []
    status: Status = "actual"
    sources: list[Source] = []
    record: RecordKind | None = None
    confidence: float = 0.5
    why: list[str] = []


class Area(msgspec.Struct, frozen=True, kw_only=True):
    """A field that an agreement covers."""

    start: int
    end: int
    text: str
    label: str | None = None


class Money(msgspec.Struct, frozen=True, kw_only=True):
    """A sum; `currency` ISO 4217."""

    start: int
    end: int
    text: str
    amount: float | None = None
    currency: str | None = None


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the agreements register; its evidence is the event's."""

    id: str
    event: str
    kind: AgreementKind
    title: Span | None = None
    parties: list[str] = []
    signatories: list[str] = []
    areas: list[Area] = []
    date: str | None = None
    status: AgreementStatus = "announced"
    value: Money | None = None


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """A change of diplomatic relations between two countries (`pair`, sorted)."""

    id: str
    event: str
    pair: list[str]
    change: RelationChange
    level: RelationLevel | None = None
    date: str | None = None


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """Who visited whom. `visitors` are entity ids, `hosts` countries."""

    id: str
    event: str
    visitors: list[str] = []
    hosts: list[str] = []
    date: str | None = None
    date_end: str | None = None
    place: Place | None = None
    status: Status = "actual"


class Deal(msgspec.Struct, frozen=True, kw_only=True):
    """A contract or purchase. `parties` are entity ids or countries."""

    id: str
    event: str
    parties: list[str] = []
    object: Span | None = None
    value: Money | None = None
    date: str | None = None
    status: str = "announced"
    seller: str | None = None
    buyer: str | None = None


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """Words reported as somebody's, direct (in quotation marks) or indirect."""

    start: int
    end: int
    text: str
    speaker: str | None = None
    source: Source | None = None
    direct: bool = True


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """An outlet's own loaded name for an actor, kept beside the neutral identifier."""

    start: int
    end: int
    text: str
    refers_to: str | None
    kind: str = "loaded"


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What reading one article yields."""

    document: Document
    record_version: int = RECORD_VERSION
    times: list[Time] = []
    entities: list[Entity] = []
    events: list[Event] = []
    agreements: list[Agreement] = []
    relations: list[Relation] = []
    visits: list[Visit] = []
    deals: list[Deal] = []
    quotes: list[Quote] = []
    wording: list[Wording] = []


class Failure(msgspec.Struct, frozen=True, kw_only=True):
    """One input that could not be read: what, where, what to do. The rest of the run goes on."""

    source: str
    stage: str
    error: str
    message: str
    hint: str | None = None


# --- what the stages hand each other -------------------------------------------------------------------------------


class Token(msgspec.Struct):
    """A word, number or punctuation mark. `norm` is `text.fold` of ``document.text[start:end]``.

    `kind` is "w" (word), "n" (number), "p" (punctuation).
    """

    start: int
    end: int
    norm: str
    kind: str
    ta: bool = False
    """The word ends in ة, which folding makes ه."""


class Sentence(msgspec.Struct):
    """A sentence of the article (residue left out), with its tokens. `index` counts from 0 in the document.

    `headline` marks the title where it is the first line of the text.
    """

    index: int
    start: int
    end: int
    tokens: list[Token]
    headline: bool = False


class Mention(msgspec.Struct):
    """An actor phrase in one sentence: the longest phrase that names one party.

    `first` and `last` are token indices in the sentence (last exclusive). `head` is the agent noun (folded lemma) or
    None. `ref` is the lexicon identifier ("MAR", "org:…", "person:…"); `entity` is filled by `who.resolve`.
    `number` is "s" | "d" | "p", `gender` "m" | "f", None where not told. `form` tells how it was found:
    "name" (lexicon or tagger name), "phrase" (agent noun phrase), "state" (bare country or capital),
    "demonym", "pronoun", "anaphor" (الجانبان، البلدين، نظيره). One phrase that stands for two referents yields two Mentions.
    """

    sentence: int
    start: int
    end: int
    first: int
    last: int
    text: str
    form: str
    kind: EntityKind
    name: str
    country: str | None = None
    sector: str | None = None
    office: str | None = None
    head: str | None = None
    ref: str | None = None
    number: str | None = None
    gender: str | None = None
    entity: str | None = None
    loaded: bool = False
    why: str | None = None
