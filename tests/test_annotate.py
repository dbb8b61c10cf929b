"""One document through all stages: it never fails, everything points at its text, and what the stories tell is found."""

import json
import re
from pathlib import Path

import jsonschema
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from waqai.annotate import annotate
from waqai.types import Document, Record, Residue

STORIES = sorted(p.parent for p in Path(__file__).parent.glob("stories/*/article.txt"))
SCHEMA = msgspec.json.schema(Record)

# Pieces of news with all that upsets offsets: harakat, tatweel, bidi marks, presentation forms, digits of three scripts.
PIECES = (
    "وقّعت مصر والأردن اتفاقا", "قُتل ٣ جنود وأصيب 12 آخرون", "قال الوزير إن «القرار نهائي ولا رجعة فيه أبدا»", "أمس الثلاثاء",
    "في مايـــو ٢٠٢١", "\u202bالأمم المتحدة\u202c", "ﻭﺯﻳﺮ ﺍﻟﺨﺎﺭﺟﻴﺔ", "بحسب مصادر مطلعة", "زار الرئيس الفرنسي الجزائر", "والتقى نظيره",
    "صفقة بقيمة 3,5 مليار دولار", "قطعت الجزائر علاقاتها الدبلوماسية مع المغرب", "وللمغرب", "د. أحمد", "اقرأ أيضا", "\n", ".", "،", ":",
    " ", "\u200f", "\u0640", "\u0651", "😀", "e\u0301", "\x00", "\ud7ff", "۵", "http://a.b/c?d", "BBC", "1443هـ",
)  # fmt: skip
NEWS = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join) | st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
DAYS = st.none() | st.dates().map(str)


def document(text, published=None, title=None, boilerplate=()):
    return Document(id="x", content_hash="x", text=text, published=published, title=title, boilerplate=list(boilerplate))


def spans(value):
    if isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys():
            yield value
        for v in value.values():
            yield from spans(v)
    elif isinstance(value, list):
        for v in value:
            yield from spans(v)


def check(record):
    text = record.document.text
    plain = msgspec.to_builtins(record)
    plain.pop("document")
    for s in spans(plain):
        assert text[s["start"] : s["end"]] == s["text"]
        assert s["text"]
    for e in record.events:
        assert 0 <= e.sentence.start <= e.trigger.start < e.trigger.end <= e.sentence.end <= len(text)
        assert 0 <= e.confidence <= 1
        assert e.why
    known = {e.id for e in record.entities}
    assert {p.entity for e in record.events for p in [*e.actors, *e.recipients]} - {None} <= known
    assert len({e.id for e in record.events}) == len(record.events)


@given(text=st.text(max_size=400), published=DAYS)
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_and_every_span_slices_back(text, published):
    check(annotate(document(text, published)))


@given(text=NEWS, published=DAYS)
@settings(max_examples=150, deadline=None)
def test_upset_news_is_read_and_every_span_slices_back(text, published):
    check(annotate(document(text, published)))


@given(text=NEWS, title=NEWS, cut=st.tuples(st.integers(0, 400), st.integers(0, 400)))
@settings(max_examples=60, deadline=None)
def test_nothing_is_read_in_what_is_not_the_article(text, title, cut):
    start, end = sorted(min(c, len(text)) for c in cut)
    record = annotate(document(text, title=title, boilerplate=[Residue(start=start, end=end, kind="other")]))
    check(record)
    assert not [e for e in record.events if start <= e.trigger.start and e.trigger.end <= end]


@given(text=NEWS)
@settings(max_examples=30, deadline=None)
def test_reading_twice_gives_the_same_record(text):
    assert annotate(document(text, "2020-05-05")) == annotate(document(text, "2020-05-05"))


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "!؟", "وقع", "a" * 5000, "و" * 5000, "قال إن " * 800, "«" * 3000, "في " * 5000])
def test_odd_texts_are_read(text):
    check(annotate(document(text, "2020-01-01")))


def test_a_higher_minimum_of_confidence_leaves_out_events():
    text = (STORIES[1] / "article.txt").read_text(encoding="utf-8")
    low, high = annotate(document(text, "2019-11-04")), annotate(document(text, "2019-11-04"), min_confidence=0.7)
    assert 0 < len(high.events) < len(low.events)
    assert all(e.confidence >= 0.7 for e in high.events)


# --- stories --------------------------------------------------------------------------------------------------------------


def matches(event, wanted):
    text = [s.text for s in event.sources]
    return (
        event.type == wanted["type"]
        and set(wanted.get("parties", ())) <= {p.country for p in [*event.actors, *event.recipients]}
        and wanted.get("date", event.date) == event.date
        and wanted.get("status", event.status) == event.status
        and ("source" not in wanted or wanted["source"] in text)
        and {tuple(c) for c in wanted.get("counts", ())} <= {(c.what, c.low) for c in event.counts}
    )


@pytest.fixture(params=STORIES, ids=lambda p: p.name)
def story(request):
    wanted = json.loads((request.param / "expected.json").read_text(encoding="utf-8"))
    text = (request.param / "article.txt").read_text(encoding="utf-8")
    return annotate(document(text, wanted["published"], title=text.split("\n", 1)[0])), wanted


def test_a_story_has_its_times(story):
    record, wanted = story
    assert [t.value for t in record.times] == wanted["times"]


def test_a_story_has_its_events(story):
    record, wanted = story
    missing = [w for w in wanted["events"] if not any(matches(e, w) for e in record.events)]
    assert missing == []


def test_a_story_has_no_event_that_it_does_not_tell(story):
    record, wanted = story
    assert {e.type for e in record.events} & set(wanted["never"]) == set()


@pytest.mark.parametrize("register", ["agreements", "relations"])
def test_a_story_has_its_rows_of_the_registers(story, register):
    record, wanted = story
    rows = [msgspec.to_builtins(r) for r in getattr(record, register)]
    assert all(any(w.items() <= r.items() for r in rows) for w in wanted.get(register, ()))


def test_a_story_keeps_to_the_schema(story):
    record, _ = story
    jsonschema.validate(json.loads(msgspec.json.encode(record)), SCHEMA)
    assert msgspec.json.decode(msgspec.json.encode(record), type=Record) == record


def test_dates_are_iso_of_their_granularity(story):
    record, _ = story
    days = [d for e in record.events for d in (e.date, e.date_end) if d is not None]
    assert days
    assert all(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", d) for d in days)
