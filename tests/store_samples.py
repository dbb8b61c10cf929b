"""Hand-built records for tests of store, merge and queries: the words are ours, no reader takes part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waqai import text as texts
from waqai.intake.build import document_ids
from waqai.types import (
    Agreement,
    Count,
    Document,
    Entity,
    Event,
    Extent,
    Party,
    Place,
    Record,
    Relation,
    Source,
    Span,
    Visit,
)  # fmt: skip

NAMES = {"MAR": "المغرب", "IRN": "إيران", "DZA": "الجزائر", "EGY": "مصر", "JOR": "الأردن", "TUN": "تونس"}


def document(text: str, outlet: str = "صحيفة", published: str | None = "2021-05-01", url: str | None = None) -> Document:
    """A document with its ids."""
    key, same = document_ids(text, outlet, url)
    return Document(id=key, content_hash=same, text=text, outlet=outlet, published=published, url=url, published_basis="given")


def span(text: str, words: str) -> dict[str, Any]:
    """Offsets of `words` in `text`."""
    at = text.index(words)
    return {"start": at, "end": at + len(words), "text": words}


def record(doc: Document, *events: dict[str, Any], agreements: Sequence[Agreement] = (), relations: Sequence[Relation] = (),
           visits: Sequence[Visit] = ()) -> Record:  # fmt: skip
    """A record of `events`: keys trigger, type, actors and recipients (country codes named in the text), and any of Event's."""
    text, entities = doc.text, dict[str, Entity]()
    cuts = [(s.start, s.end) for s in texts.sentences(text)]

    def party(code: str) -> Party:
        words = span(text, NAMES[code])
        made = Entity(id=f"e{code}", name=NAMES[code], kind="state", country=code, sector="GOV", mentions=[Span(**words)])
        entities.setdefault(code, made)
        return Party(**words, entity=made.id, country=code, sector="GOV")

    out = []
    for n, given in enumerate(events):
        e = dict(given)
        trigger = Span(**span(text, e.pop("trigger")))
        a, b = next(c for c in cuts if c[0] <= trigger.start < c[1])
        actors, recipients = ([party(c) for c in e.pop(k, ())] for k in ("actors", "recipients"))
        out.append(Event(id=f"v{n}", trigger=trigger, sentence=Extent(start=a, end=b), actors=actors, recipients=recipients, **e))
    return Record(document=doc, events=out, entities=list(entities.values()), agreements=list(agreements),
                  relations=list(relations), visits=list(visits))  # fmt: skip


def severs(outlet: str, text: str = "قطع المغرب علاقاته مع إيران صباح الثلاثاء.", *, date: str | None = "2018-05-01",
           status: str = "actual", url: str | None = None, published: str = "2018-05-01", verb: str = "قطع") -> Record:  # fmt: skip
    """Morocco breaks with Iran, as an outlet tells it."""
    event = {"trigger": verb, "type": "SANCTION", "mode": ["discontinue"], "actors": ["MAR"], "recipients": ["IRN"], "date": date,
             "status": status, "record": "relation", "date_basis": "expression" if date else "none"}  # fmt: skip
    change = Relation(id="r0", event="v0", pair=["IRN", "MAR"], change="severed", level="none", date=date)
    return record(document(text, outlet, published, url), event, relations=[change])


def attack(outlet: str, dead: int, *, date: str = "2021-06-10", place: str = "القاهرة", published: str | None = None) -> Record:
    """An attack with a number of dead."""
    text = f"قتل {dead} أشخاص في هجوم مسلح على سوق في {place} في مصر، بحسب ما ذكرت {outlet}."
    event = {"trigger": "هجوم", "type": "ASSAULT", "recipients": ["EGY"], "date": date, "date_basis": "expression",
             "place": Place(**span(text, place), name=place, country="EGY", latitude=30.04 if place == "القاهرة" else 25.7,
                            longitude=31.24),
             "counts": [Count(**span(text, str(dead)), what="dead", low=dead, high=dead)]}  # fmt: skip
    return record(document(text, outlet, published or date), event)


def signs(outlet: str, verb: str, status: str, date: str, published: str) -> Record:
    """A stage in the life of an agreement between Egypt and Jordan."""
    text = f"{verb} مصر والأردن اتفاقية الربط الكهربائي، وفق {outlet}."
    event = {"trigger": verb, "type": "SUPPORT", "actors": ["EGY", "JOR"], "date": date, "record": "agreement",
             "date_basis": "expression", "sources": [Source(**span(text, outlet), kind="outlet")]}  # fmt: skip
    row = Agreement(id="a0", event="v0", kind="agreement", parties=["EGY", "JOR"], date=date, status=status,
                    title=Span(**span(text, "اتفاقية الربط الكهربائي")))  # fmt: skip
    return record(document(text, outlet, published), event, agreements=[row])


def annotate(doc: Document) -> Record:
    """A reader for tests of the build: one event where the text says that somebody broke with somebody."""
    if "خطأ" in doc.text:
        raise ValueError("made to fail")
    codes = [c for c in NAMES if NAMES[c] in doc.text]
    if "قطع" not in doc.text or not codes:
        return Record(document=doc)
    return record(doc, {"trigger": "قطع", "type": "SANCTION", "mode": ["discontinue"], "actors": codes[:1],
                        "recipients": codes[1:2], "date": doc.published, "date_basis": "published"})  # fmt: skip
