"""A small store for tests of the site: hand-built records, some of them hostile."""

from __future__ import annotations

import hashlib
from pathlib import Path

from store_samples import attack, document, record, severs, signs, span

from waqai import text as texts
from waqai.store import Store
from waqai.types import (
    Deal,
    Document,
    Entity,
    Event,
    Extent,
    Money,
    Party,
    Quote,
    Record,
    Residue,
    Source,
    Span,
    Time,
    Visit,
    Wording,
)

HOSTILE = (
    "<script>window.hit=1</script>", "\"><img src=x onerror=window.hit=1>", "</title><svg onload=window.hit=1>", "javascript:window.hit=1",
    "'-window.hit=1-'", "{{7*7}}<b>x</b>", "\u202egnp.exe\u202c\u2066x", "]]><!--", "<a href=javascript:window.hit=1>x</a>", "%3Cscript%3E",
)  # fmt: skip


def visit() -> Record:
    """A visit with a quotation, a time, a loaded name and a line that is not the article."""
    text = "زار وزير الخارجية المصري تونس يوم الاثنين وقال: «نرحب بالتعاون». اقرأ أيضا: خبر آخر."
    doc = document(text, "الجريدة", "2021-05-04", "https://jarida.example/visit")
    a, b = next((s.start, s.end) for s in texts.sentences(text))
    person = Entity(id="e1", name="وزير الخارجية المصري", kind="person", country="EGY", sector="GOV", office="وزير الخارجية",
                    mentions=[Span(**span(text, "وزير الخارجية المصري"))])  # fmt: skip
    host = Entity(id="e2", name="تونس", kind="state", country="TUN", sector="GOV", mentions=[Span(**span(text, "تونس"))])
    event = Event(
        id="v0", type="CONSULT", mode=["visit"], trigger=Span(**span(text, "زار")), sentence=Extent(start=a, end=b), date="2021-05-03",
        actors=[Party(**span(text, "وزير الخارجية المصري"), entity="e1", country="EGY", sector="GOV")], record="visit", time=0,
        recipients=[Party(**span(text, "تونس"), entity="e2", country="TUN", sector="GOV")], date_basis="expression",
        sources=[Source(**span(text, "وزير الخارجية المصري"), kind="person", entity="e1")], why=["CONSULT by triggers/consult.toml:1"],
    )  # fmt: skip
    rest = span(text, "اقرأ أيضا: خبر آخر.")
    return Record(
        document=Document(**{f: getattr(doc, f) for f in doc.__struct_fields__ if f not in ("boilerplate", "title", "author")},
                          title="زيارة إلى تونس", author="كاتبة",
                          boilerplate=[Residue(start=rest["start"], end=rest["end"], kind="related")]),
        events=[event], entities=[person, host], visits=[Visit(id="w0", event="v0", visitors=["e1"], hosts=["TUN"], date="2021-05-03")],
        times=[Time(**span(text, "يوم الاثنين"), type="DATE", value="2021-05-03")],
        quotes=[Quote(**span(text, "«نرحب بالتعاون»"), speaker="e1")], wording=[Wording(**span(text, "تونس"), refers_to="TUN")],
    )  # fmt: skip


def deal() -> Record:
    """A contract with a value."""
    text = "وقعت مصر عقدا لشراء قمح بقيمة 5 ملايين دولار مع المغرب."
    found = record(document(text, "الاقتصاد", "2021-05-06"), {
        "trigger": "وقعت", "type": "SUPPORT", "actors": ["EGY", "MAR"], "date": "2021-05-06", "record": "deal", "date_basis": "published",
    })  # fmt: skip
    row = Deal(id="d0", event="v0", parties=["EGY", "MAR"], object=Span(**span(text, "قمح")), date="2021-05-06", status="signed",
               value=Money(**span(text, "5 ملايين دولار"), amount=5e6, currency="USD"))  # fmt: skip
    return Record(document=found.document, events=found.events, entities=found.entities, deals=[row])


def hostile(bad: str, number: int) -> Record:
    """An article whose title, author, outlet, address, text, names and wordings hold `bad`."""
    text = f"قطع {bad} المغرب علاقاته {bad} مع إيران {bad}"
    key = hashlib.sha256(f"{number}{bad}".encode()).hexdigest()
    at = text.index("المغرب")
    event = Event(
        id="v0", type="SANCTION", mode=["discontinue"], trigger=Span(start=0, end=3, text="قطع"), sentence=Extent(start=0, end=len(text)),
        actors=[Party(start=4, end=4 + len(bad), text=bad, entity="e1", country="MAR", sector="GOV")], date="2021-06-01", record="relation",
        recipients=[Party(start=at, end=at + 6, text="المغرب", entity="e2", country="IRN")], date_basis="expression", why=[bad],
        sources=[Source(start=4, end=4 + len(bad), text=bad, kind="person", entity="e1")],
    )  # fmt: skip
    entities = [
        Entity(id="e1", name=f"{bad} {number}", kind="person", country="MAR", office=bad, name_en=bad,
               mentions=[Span(start=4, end=4 + len(bad), text=bad)]),
        Entity(id="e2", name="المغرب", kind="state", country="MAR", mentions=[Span(start=at, end=at + 6, text="المغرب")]),
    ]  # fmt: skip
    doc = Document(id=key, content_hash=key, text=text, url=bad, outlet=bad, title=bad, author=bad, published="2021-06-01", published_basis="given")
    return Record(document=doc, events=[event], entities=entities, wording=[Wording(start=4, end=4 + len(bad), text=bad, refers_to="MAR")])


def fill(where: Path, *, bad: bool = False) -> str:
    """Make a store and return its path."""
    records = [
        severs("الأولى"), severs("الثانية", "أعلن المغرب صباح الثلاثاء أنه قطع علاقاته مع إيران.", url="https://two.example/a"), attack("الأولى", 3),
        attack("الثانية", 5), signs("الأولى", "وقعت", "signed", "2020-01-10", "2020-01-11"), visit(), deal(),
    ]  # fmt: skip
    if bad:
        records += [hostile(b, n) for n, b in enumerate(HOSTILE)]
    with Store.open(str(where), "rw") as store:
        store.begin_run(code_version="0", inputs=["/srv/secret/articles"])
        store.add_all(records)
        store.end_run()
        store.remerge()
    return str(where)
