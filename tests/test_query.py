"""Questions to the store: search, pages, filters, registers, and what cannot be asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from store_samples import NAMES, attack, document, record, severs, signs, span

from waqai import query
from waqai.errors import QueryError
from waqai.query import Filters
from waqai.shadow import parse_query, stem
from waqai.store import Store
from waqai.types import Deal, Entity, Event, Money, Relation, Span, Visit, Wording


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(str(tmp_path / "news.db"), "rw") as opened:
        yield opened


def put(store: Store, *records: object) -> None:
    store.add_all(records)  # type: ignore[arg-type]
    store.remerge()


def outlets(hits: query.types.Hits) -> set[str | None]:
    return {c.document.outlet for c in hits.items}


# --- words --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "text"),
    [("قطع", "قَطَعَ"), ("المغرب", "والمغرب"), ("مغرب", "للمغرب"), ("ايران", "إيران"), ("إيران", "وإيران"), ("القاهرة", "والقاهره")],
)
def test_a_word_finds_its_other_spellings_and_clitics(store: Store, word: str, text: str) -> None:
    body = f"قطع المغرب علاقاته مع إيران {text} اليوم."
    put(store, severs("الأولى", body))
    assert query.search(store, word).total == 1


def test_the_root_and_is_not_taken_for_a_conjunction() -> None:
    assert stem("وقع") == "وقع"
    assert stem("والقاهره") == "قاهره"


def test_all_words_must_occur(store: Store) -> None:
    put(store, severs("الأولى"), severs("الثانية", "قطع المغرب علاقاته مع إيران وأغلق سفارته."))
    assert outlets(query.search(store, "قطع سفارته", order="newest")) == {"الثانية"}


def test_a_phrase_must_stand_in_its_order(store: Store) -> None:
    put(store, severs("الأولى"))
    assert query.search(store, "«علاقاته مع إيران»").total == 1
    assert query.search(store, '"إيران مع علاقاته"').total == 0


def test_a_word_with_a_minus_must_not_occur(store: Store) -> None:
    put(store, severs("الأولى"), severs("الثانية", "قطع المغرب علاقاته مع إيران وأغلق سفارته."))
    assert outlets(query.search(store, "قطع -سفارته", order="newest")) == {"الأولى"}
    assert query.search(store, "-سفارته").total == 0


def test_odd_queries_are_words_and_no_syntax(store: Store) -> None:
    put(store, severs("الأولى"))
    for q in ('"', "AND OR NOT", "(((", "folded : x", "*", "' OR 1=1 --", "\x00", "«", "NEAR(", "-", "--"):
        assert query.search(store, q, order="newest").total <= 1


def test_quotation_marks_of_any_kind_make_a_phrase() -> None:
    assert [t.folded for t in parse_query("«بيان مشترك» وقع")] == [["بيان", "مشترك"], ["وقع"]]


def test_ranking_shows_an_event_once_the_words_as_written_first(store: Store) -> None:
    put(store, severs("الأولى", "قطع المغرب علاقاته مع إيران والسفارة مغلقة."), severs("الثانية"),
        severs("الثالثة", "قطع المغرب علاقاته مع إيران، سفارة مغلقة.", date="2015-01-01", published="2015-01-01"))  # fmt: skip
    assert [c.document.outlet for c in query.search(store, "السفارة").items] == ["الأولى", "الثالثة"]
    assert query.search(store, "سفارة").items[0].document.outlet == "الثالثة"
    assert len(query.search(store, "قطع").items) == 2


def test_a_party_named_only_elsewhere_is_found(store: Store) -> None:
    text = "زار الرئيس المغرب. قطع علاقاته مع إيران."
    doc = document(text)
    made = record(doc, {"trigger": "قطع", "type": "SANCTION", "actors": ["MAR"], "recipients": ["IRN"]})
    put(store, made)
    assert query.search(store, "المغرب").total == 1


# --- pages --------------------------------------------------------------------------------------------------------------


def many(n: int) -> list[object]:
    return [attack(f"ص{i % 4}", 2 + i, date=f"20{10 + i}-06-10") for i in range(n)]


@pytest.mark.parametrize("order", ["newest", "oldest", "ranked"])
def test_pages_join_to_the_whole_without_gap_or_repeat(store: Store, order: str) -> None:
    put(store, *many(11))
    seen: list[str] = []
    cursor = None
    while True:
        page = query.search(store, "هجوم", order=order, cursor=cursor, limit=3)  # type: ignore[arg-type]
        seen += [c.id for c in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 11


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_a_timeline_shows_each_event_once_over_its_pages(store: Store, order: str) -> None:
    put(store, *(severs(f"ص{i}", f"قطع المغرب علاقاته مع إيران {i}.") for i in range(9)), *many(7))
    seen: list[str] = []
    cursor = None
    while True:
        page = query.timeline(store, order=order, cursor=cursor, limit=2)  # type: ignore[arg-type]
        seen += [e.id for e in page.items]
        cursor = page.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 8


def test_newest_first(store: Store) -> None:
    put(store, *many(5))
    days = [c.event.date for c in query.search(store, order="newest").items]
    assert days == sorted(days, reverse=True)  # type: ignore[type-var]


# --- filters ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "n"),
    [
        (Filters(type=["assault"]), 2), (Filters(mode=["discontinue"]), 2), (Filters(country=["مصر"]), 2),
        (Filters(country=["EGY", "MAR"]), 4),
        (Filters(pair=["IRN", "MAR"]), 2), (Filters(pair=["EGY", "MAR"]), 0), (Filters(actor="المغرب"), 2), (Filters(sector=["GOV"]), 4),
        (Filters(outlet=["الأولى"]), 2), (Filters(date_from="2021"), 2), (Filters(date_to="2018-05"), 2),
        (Filters(date_from="2021-06-10", date_to="2021-06-10"), 2),
        (Filters(status=["negated"]), 1), (Filters(record=["relation"]), 2), (Filters(place="القاهرة"), 2),
        (Filters(country=["MAR"], status=["negated"], outlet=["الثانية"]), 1), (Filters(actor="المغرب", type=["ASSAULT"]), 0),
    ],
)  # fmt: skip
def test_filters_narrow(store: Store, filters: Filters, n: int) -> None:
    put(store, severs("الأولى"), severs("الثانية", status="negated"), attack("الأولى", 3), attack("الثانية", 4))
    assert query.search(store, "", filters, order="newest").total == n
    assert query.facets(store, "", filters).total == n
    assert sum(e.claims for e in query.timeline(store, filters).items) >= n
    assert query.search(store, "علاقاته OR", filters).total in (0, n)


def test_filters_and_words_together(store: Store) -> None:
    put(store, severs("الأولى"), severs("الثانية"), attack("الأولى", 3))
    found = query.search(store, "قطع", Filters(outlet=["الثانية"], pair=["MAR", "IRN"], country=["MAR"], actor="المغرب"))
    assert outlets(found) == {"الثانية"}


def test_filter_by_who_says_so(store: Store) -> None:
    put(store, signs("رويترز", "وقعت", "signed", "2020-03-01", "2020-03-01"), attack("الأولى", 2))
    with pytest.raises(query.NotFound):
        query.search(store, "", Filters(source="وكالة لا توجد"))


@pytest.mark.parametrize(
    ("filters", "said"),
    [
        (Filters(country=["XXX"]), "country: 'XXX' is unknown"), (Filters(country=["MAROC"]), "country"),
        (Filters(type=["ASAULT"]), "did you mean ASSAULT"), (Filters(mode=["bomb"]), "mode"), (Filters(status=["true"]), "status"),
        (Filters(record=["treaty"]), "record"), (Filters(sector=["ZZZ"]), "sector"), (Filters(pair=["MAR"]), "name two"),
        (Filters(pair=["MAR", "MAR"]), "two different"), (Filters(date_from="أمس"), "date_from"), (Filters(date_to="2021-13"), "date_to"),
        (Filters(date_from="2021-02-30"), "is no date"), (Filters(date_from="2022", date_to="2021"), "swap"),
        (Filters(actor="من لا يوجد"), "nobody"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_gets_one_clear_error(store: Store, filters: Filters, said: str) -> None:
    put(store, severs("الأولى"))
    with pytest.raises(QueryError, match=said):
        query.search(store, "", filters)


@pytest.mark.parametrize("cursor", ["zzz", "", "MTIz", "%%", "A" * 300])
def test_a_cursor_of_others_is_refused(store: Store, cursor: str) -> None:
    put(store, severs("الأولى"))
    with pytest.raises(QueryError, match="cursor"):
        query.search(store, order="newest", cursor=cursor)


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_a_limit_out_of_bounds_is_refused(store: Store, limit: int) -> None:
    with pytest.raises(QueryError, match="limit"):
        query.search(store, limit=limit)


def test_country_names_in_both_languages() -> None:
    assert {query.country_code(c) for c in ("MAR", "mar", "المغرب", "Morocco")} == {"MAR"}


# --- facets, months, home -----------------------------------------------------------------------------------------------


def test_facets_count_claims(store: Store) -> None:
    put(store, severs("الأولى"), severs("الثانية"), attack("الأولى", 3))
    found = query.facets(store)
    assert {f.value: f.n for f in found.type} == {"SANCTION": 2, "ASSAULT": 1}
    assert {f.value: f.n for f in found.outlet} == {"الأولى": 2, "الثانية": 1}
    assert {f.value: f.n for f in found.country} == {"MAR": 2, "IRN": 2, "EGY": 1}
    assert [f.value for f in found.year] == ["2021", "2018"]
    assert {f.value: f.n for f in query.facets(store, "قطع").country} == {"MAR": 2, "IRN": 2}


def test_months_count_events_and_not_reports(store: Store) -> None:
    put(store, severs("الأولى"), severs("الثانية"), severs("الثالثة"), severs("الرابعة", status="negated"))
    [month] = query.months(store, Filters(pair=["MAR", "IRN"]))
    assert (month.month, month.events, month.claims, month.conflict, month.intensity) == ("2018-05", 1, 3, 1, -6.0)


def test_home_tells_outlets_and_independent_ones(store: Store) -> None:
    wire = "قطع المغرب علاقاته مع إيران في خطوة أعلنها بيان رسمي صدر في العاصمة مساء أول أمس بعد مشاورات."
    put(store, severs("الأولى", wire), severs("الثانية", wire), severs("الثالثة", "أعلنت الرباط أن المغرب قطع كل صلة له مع إيران."))
    page = query.home(store)
    assert (page.documents, page.claims, page.events, page.outlets) == (3, 3, 1, 3)
    assert (page.biggest[0].outlets, page.biggest[0].independent) == (3, 2)


# --- one event ----------------------------------------------------------------------------------------------------------


def test_an_event_is_found_by_any_of_its_claims(store: Store) -> None:
    put(store, severs("الأولى"), severs("الثانية"))
    ids = [c.id for c in query.search(store, order="newest").items]
    assert query.event(store, ids[0]) == query.event(store, ids[1])


def test_an_event_tells_where_claims_differ_and_who_denies(store: Store) -> None:
    put(store, severs("الأولى"), severs("الثانية", date="2018-05-02"), severs("الثالثة", status="negated"))
    page = query.event(store, query.search(store, "", Filters(outlet=["الأولى"])).items[0].id)
    found = {d.what: d.values for d in page.differences}
    assert set(found["date"]) == {"2018-05-01", "2018-05-02"}
    assert len(found["status"]["actual"]) == 2
    assert len(found["status"]["negated"]) == 1


def test_an_event_tells_why_its_claims_are_one(store: Store) -> None:
    put(store, severs("الأولى"), severs("الثانية"))
    [link] = query.event(store, query.home(store).biggest[0].id).links
    assert link.score == pytest.approx(sum(link.why.values()))
    assert link.why["same parties"] > 0


# --- registers ----------------------------------------------------------------------------------------------------------


def changes(*steps: tuple[str, str | None, str | None]) -> list[object]:
    out: list[object] = []
    for n, (change, level, date) in enumerate(steps):
        doc = document(f"قطع المغرب علاقاته مع الجزائر أو غيرها، خبر {n}.", f"ص{n}", date or "2022-01-01")
        row = Relation(id="r0", event="v0", pair=["DZA", "MAR"], change=change, level=level, date=date)  # type: ignore[arg-type]
        event = {"trigger": "قطع", "type": "SANCTION", "actors": ["DZA"], "recipients": ["MAR"], "date": date, "record": "relation"}
        out.append(record(doc, event, relations=[row]))
    return out


def test_relations_are_a_step_line(store: Store) -> None:
    put(store, *changes(("severed", "none", "1976-03"), ("restored", None, "1988-05-16"), ("severed", None, "2021-08-24")))
    page = query.relation(store, "MAR", "DZA")
    assert [(s.date, s.state) for s in page.steps] == [("1976-03", "severed"), ("1988-05-16", "relations"), ("2021-08-24", "severed")]
    assert (page.state, page.since) == ("severed", "2021-08-24")
    assert all(s.evidence for s in page.steps)


@pytest.mark.parametrize(("at", "state"), [("1970", None), ("1980", "severed"), ("1988-05-15", "severed"),
                                             ("2000", "relations"), ("2021-08", "severed")])
def test_the_state_at_a_date(store: Store, at: str, state: str | None) -> None:
    put(store, *changes(("severed", "none", "1976-03"), ("restored", None, "1988-05-16"), ("severed", None, "2021-08-24")))
    assert query.relation(store, "MAR", "DZA", at=at).state == state


def test_an_undated_or_denied_change_does_not_move_the_state(store: Store) -> None:
    put(store, severs("الأولى"), severs("الثانية", date=None, status="negated"), *changes(("restored", None, None)))
    page = query.relation(store, "MAR", "IRN")
    assert page.state == "severed"
    assert [s.actual for s in page.steps] == [True, False]


def test_reports_of_one_change_with_vaguer_dates_are_one_step(store: Store) -> None:
    put(store, severs("الأولى"), severs("الثانية", date="2018-05", published="2019-01-01"),
        severs("الثالثة", date="2018", published="2020-01-01"))
    [step] = query.relation(store, "IRN", "MAR").steps
    assert (step.date, step.outlets) == ("2018-05-01", 3)


def test_two_countries_without_news_have_no_state(store: Store) -> None:
    page = query.relation(store, "TUN", "JOR")
    assert (page.state, page.steps, page.months) == (None, [], [])


def test_an_agreement_is_one_row_over_its_life(store: Store) -> None:
    put(store, signs("الأولى", "أعلنت", "announced", "2020-01-01", "2020-01-01"),
        signs("الثانية", "وقعت", "signed", "2020-03-01", "2020-03-01"),
        signs("الثالثة", "صدقت", "ratified", "2021-01-05", "2021-01-05"))  # fmt: skip
    [row] = query.agreements(store).items
    assert [(s.status, s.date) for s in row.life] == [("announced", "2020-01-01"), ("signed", "2020-03-01"), ("ratified", "2021-01-05")]
    assert (row.status, row.parties, row.outlets) == ("ratified", ["EGY", "JOR"], 3)


def test_visits_and_deals(store: Store) -> None:
    text = "زار المغرب مصر واشترى بقيمة مليون دولار."
    doc = document(text, published="2021-05-01")
    made = record(doc, {"trigger": "زار", "type": "CONSULT", "mode": ["visit"], "actors": ["MAR"], "recipients": ["EGY"],
                        "record": "visit"},
                  visits=[Visit(id="w0", event="v0", visitors=["eMAR"], hosts=["EGY"], date="2021-05-01")])  # fmt: skip
    from msgspec.structs import replace

    deal = Deal(id="d0", event="v0", parties=["eMAR"], value=Money(**span(text, "مليون دولار"), amount=1e6, currency="USD"), date="2021-05")
    put(store, replace(made, deals=[deal]))
    [visit] = query.visits(store).items
    assert (visit.visitors, visit.hosts, visit.date) == ([NAMES["MAR"]], ["EGY"], "2021-05-01")
    [bought] = query.deals(store, Filters(country=["MAR"])).items
    assert (bought.amount, bought.currency, bought.date) == (1e6, "USD", "2021-05")


# --- actors, names, places ----------------------------------------------------------------------------------------------


def person(outlet: str, wording: str, loaded: bool) -> object:
    text = f"قطع {wording} كل صلة."
    doc = document(text, outlet)
    mention = Span(**span(text, wording))
    from waqai.types import Extent, Party, Record

    who = Entity(id="e1", name="فلان الفلاني", kind="person", country="MAR", sector="GOV", office="وزير النقل", mentions=[mention])
    party = Party(start=mention.start, end=mention.end, text=wording, entity="e1", country="MAR", sector="GOV")
    event = Event(id="v0", type="SANCTION", trigger=Span(**span(text, "قطع")), sentence=Extent(start=0, end=len(text)), actors=[party])
    wordings = [Wording(start=mention.start, end=mention.end, text=wording, refers_to="MAR")] if loaded else []
    return Record(document=doc, entities=[who], events=[event], wording=wordings)


def test_an_actor_has_offices_and_names_by_outlet(store: Store) -> None:
    put(store, person("الأولى", "الوزير", False), person("الثانية", "وزير النظام", True))
    page = query.actor(store, "فلان الفلاني")
    assert (page.actor.claims, page.actor.documents) == (2, 2)
    assert [(o.office, o.documents) for o in page.offices] == [("وزير النقل", 2)]
    assert {(n.outlet, n.text, n.loaded) for n in page.names} == {("الأولى", "الوزير", False), ("الثانية", "وزير النظام", True)}
    assert query.actor(store, page.actor.id) == page
    assert query.names(store, "المغرب").items == page.names
    assert [n.text for n in query.outlet(store, "الثانية").names] == ["وزير النظام"]


def test_actors_are_completed_by_how_their_names_begin(store: Store) -> None:
    put(store, severs("الأولى"))
    assert [a.name for a in query.actors(store, "المغ")] == ["المغرب"]
    assert query.actors(store, " ") == []


def test_a_state_is_an_actor_by_its_code(store: Store) -> None:
    put(store, severs("الأولى"))
    assert query.actor(store, "MAR").actor.name == "المغرب"


def test_the_network_ties_parties_of_one_claim(store: Store) -> None:
    put(store, severs("الأولى"), severs("الثانية"))
    net = query.network(store)
    assert {n.name for n in net.nodes} == {"المغرب", "إيران"}
    assert [(t.n, t.score) for t in net.ties] == [(2, -6.0)]


def test_places_have_degrees_and_counts(store: Store) -> None:
    put(store, attack("الأولى", 3), attack("الثانية", 4))
    [place] = query.places(store, Filters(country=["EGY"])).items
    assert (place.name, place.latitude, place.longitude, place.n) == ("القاهرة", 30.04, 31.24, 2)


def test_an_article_maps_its_events_to_claims_and_merged_events(store: Store) -> None:
    one, two = severs("الأولى"), severs("الثانية")
    put(store, one, two)
    page = query.article(store, one.document.id[:16])
    assert page.claims == {"v0": f"{one.document.id[:16]}.v0"}
    assert page.merged["v0"] == query.home(store).biggest[0].id
    assert [r.outlet for r in page.reprints] == ["الثانية"]


def test_a_misspelt_name_of_a_country_is_told_which_is_near() -> None:
    with pytest.raises(QueryError, match="near: MAR"):
        query.country_code("Morroco")
