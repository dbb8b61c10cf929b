"""The text format: one fact a line, dated, with the evidence marked; directions isolated."""

from waqai.export.text import render
from waqai.types import Count, Document, Event, Extent, Party, Record, Source, Span

TEXT = "وقع وزير الدفاع المغربي اتفاقا في الرباط بحسب بيان."


def span(words, cls=Span, **more):
    start = TEXT.index(words)
    return cls(start=start, end=start + len(words), text=words, **more)


def event(**more):
    fields = {
        "id": "v1", "type": "SUPPORT", "trigger": span("وقع"),
        "sentence": Extent(start=0, end=len(TEXT)), "date": "2021-11-24",
        "actors": [span("وزير الدفاع المغربي", Party, country="MAR", sector="GOV")],
        "sources": [span("بيان", Source, kind="document")],
    }  # fmt: skip
    return Event(**(fields | more))


def record(*events):
    document = Document(
        id="1", content_hash="2", text=TEXT, title="توقيع اتفاق", published="2021-11-24", published_basis="given"
    )
    return Record(document=document, events=list(events))


def test_arabic_lines_begin_with_arabic_and_isolate_dates():
    out = render(record(event()), "ar")
    assert "• \u20662021-11-24\u2069:" in out
    assert "الدليل: ⟦وقع⟧ وزير الدفاع" in out
    assert "بحسب: بيان" in out
    assert "الحال: وقع" in out


def test_english_lines_isolate_arabic_words():
    out = render(record(event()), "en")
    assert "status: actual" in out
    assert "who: \u2067وزير الدفاع المغربي\u2069" in out


def test_events_are_in_order_of_date_undated_last():
    out = render(record(event(date=None), event(date="2021"), event(date="2020-05-01")), "en")
    assert out.index("2020-05-01") < out.index("• 2021:") < out.index("undated")


def test_the_outlet_is_the_source_where_none_is_named():
    assert "according to: the outlet itself" in render(record(event(sources=[])), "en")


def test_counts_are_named():
    out = render(record(event(counts=[span("اتفاقا", Count, what="dead", low=1, high=1)])), "en")
    assert "(dead)" in out


def test_no_events_is_said():
    assert "no events" in render(record(), "en")


def test_colour_only_where_asked():
    assert "\x1b[" in render(record(event()), "ar", colour=True)
    assert "\x1b[" not in render(record(event()), "ar")
