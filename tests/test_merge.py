"""The merge: which claims are one event, in any order; reprints; where they differ."""

from __future__ import annotations

import random
from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import attack, document, record, severs

from waqai.merge import Fact, Judgement, MergedEvent, facts, merge
from waqai.merge.cluster import groups, shelves
from waqai.merge.differ import common, differences
from waqai.merge.facts import skeleton
from waqai.merge.lives import Stage, lives
from waqai.merge.reprints import Article, independent, reprints


def sizes(events: list[MergedEvent]) -> list[int]:
    return sorted(len(e.claims) for e in events)


def test_two_outlets_on_one_act_are_one_event() -> None:
    assert sizes(merge([severs("الأولى"), severs("الثانية", "أعلن المغرب أنه قطع علاقاته الدبلوماسية مع إيران.")])) == [2]


def test_the_day_after_is_the_same_act_where_all_else_is() -> None:
    assert sizes(merge([severs("الأولى"), severs("الثانية", date="2018-05-02", published="2018-05-02")])) == [2]


def test_another_day_is_another_attack() -> None:
    assert sizes(merge([attack("الأولى", 3), attack("الثانية", 3, date="2021-06-15")])) == [1, 1]


def test_another_place_on_the_same_day_is_another_attack() -> None:
    first, second = attack("الأولى", 3), attack("الثانية", 9, place="الأقصر")
    assert sizes(merge([first, second])) == [1, 1]


def test_a_denial_is_never_the_event_it_denies() -> None:
    assert sizes(merge([severs("الأولى"), severs("الثانية", status="negated")])) == [1, 1]


def test_an_announcement_of_the_act_is_told_with_it() -> None:
    assert sizes(merge([severs("الأولى"), severs("الثانية", status="future")])) == [2]


def test_other_countries_are_another_event() -> None:
    text = "قطع المغرب علاقاته مع الجزائر صباح الثلاثاء."
    other = record(document(text, "الثانية", "2018-05-01"), {
        "trigger": "قطع", "type": "SANCTION", "mode": ["discontinue"], "actors": ["MAR"], "recipients": ["DZA"],
        "date": "2018-05-01", "date_basis": "expression",
    })  # fmt: skip
    assert sizes(merge([severs("الأولى"), other])) == [1, 1]


def test_a_week_of_daily_attacks_does_not_chain() -> None:
    days = [attack(f"صحيفة {n}", 3, date=f"2021-06-{10 + n}") for n in range(7)]
    vague = attack("المجلة", 3, date="2021-06")
    assert max(sizes(merge([*days, vague]))) <= 3


def test_the_id_is_the_smallest_of_the_claims() -> None:
    [event] = merge([severs("الأولى"), severs("الثانية")])
    assert event.id == min(event.claims)


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(12)))
def test_the_order_of_arrival_changes_nothing(order: list[int]) -> None:
    records = [severs(f"ص{n}", date=f"2018-05-0{1 + n % 3}", status="negated" if n == 4 else "actual") for n in range(6)]
    records += [attack(f"ج{n}", n, date=f"2021-06-1{n}") for n in range(6)]
    assert merge([records[i] for i in order]) == merge(records)


def test_a_judgement_parts_and_the_last_word_counts() -> None:
    records = [severs("الأولى"), severs("الثانية")]
    a, b = (facts(r)[0].uid for r in records)
    parted = Judgement(verdict="different", a=a, b=b)
    assert sizes(merge(records, [parted])) == [1, 1]
    assert sizes(merge(records, [parted, Judgement(verdict="undo", a=b, b=a)])) == [2]


def test_a_judgement_joins() -> None:
    records = [severs("الأولى"), attack("الثانية", 2)]
    a, b = (facts(r)[0].uid for r in records)
    assert sizes(merge(records, [Judgement(verdict="same", a=a, b=b)])) == [2]


def test_skeleton_joins_a_verb_with_its_noun_and_future() -> None:
    assert len({skeleton(w) for w in ("قطع", "ستقطع", "القطع", "يقطع", "قطعت")}) == 1


def test_a_chain_of_links_is_no_event() -> None:
    names = [f"{n:02}" for n in range(9)]
    found = groups(names, dict.fromkeys(pairwise(names), 5.0))
    assert max(len(g) for g in found) <= 3


def test_one_pair_that_does_not_fit_does_not_part_what_the_rest_joins() -> None:
    names = [f"{n:02}" for n in range(9)]
    edges = dict.fromkeys(combinations(names, 2), 2.0)
    del edges["03", "05"]
    assert groups(names, edges) == [names]


def test_a_sketchy_claim_goes_to_the_group_that_it_fits_best() -> None:
    left, right = ["a1", "a2", "a3"], ["b1", "b2", "b3"]
    edges = dict.fromkeys([*combinations(left, 2), *combinations(right, 2)], 2.0)
    edges |= {(a, "z"): 0.5 for a in left} | {(b, "z"): 0.9 for b in right}
    assert groups([*left, *right, "z"], edges) == [left, [*right, "z"]]


# --- where they differ --------------------------------------------------------------------------------------------------


def test_numbers_that_differ_are_told_with_who_says_them() -> None:
    known = [*facts(attack("الأولى", 3)), *facts(attack("الثانية", 5))]
    [found] = [d for d in differences(known) if d.what == "dead"]
    assert found.values == {"3": [known[0].uid], "5": [known[1].uid]}


def test_a_vaguer_date_is_no_difference() -> None:
    known = [*facts(severs("الأولى")), *facts(severs("الثانية", date="2018"))]
    assert "date" not in {d.what for d in differences(known)}
    assert common(known).date == "2018-05-01"


def test_other_dates_are_a_difference() -> None:
    known = [*facts(severs("الأولى")), *facts(severs("الثانية", date="2018-05-02"))]
    assert {d.what for d in differences(known)} == {"date"}


# --- reprints -----------------------------------------------------------------------------------------------------------

_WIRE = "أعلنت الوزارة صباح اليوم افتتاح الطريق الجديد بين المدينتين بعد أعمال دامت ثلاث سنوات بكلفة كبيرة من الخزينة"
_OWN = "زار مراسلنا الطريق الذي افتتح بين المدينتين وتحدث إلى السائقين الذين انتظروه طويلا وإلى العمال الذين شقوه في الجبل"


def article(outlet: str, text: str) -> Article:
    return Article(f"{outlet} {len(text)}", outlet, text, text)


def alone(*articles: Article) -> int:
    return independent(reprints(articles), {a.uid: a.outlet for a in articles})


def test_a_text_with_a_line_added_is_a_reprint() -> None:
    a, b = article("أ", _WIRE), article("ب", _WIRE + " وفق وكالة الأنباء")
    assert len(reprints([a, b])) == 1
    assert alone(a, b) == 1


def test_an_own_text_counts_beside_the_wire() -> None:
    assert alone(article("أ", _WIRE), article("ب", _WIRE), article("ج", _OWN)) == 2


def test_an_outlet_with_three_texts_counts_once() -> None:
    assert alone(article("أ", _WIRE), article("أ", _OWN), article("أ", _WIRE[::-1])) == 1


def test_an_outlet_that_prints_wire_and_own_text_still_counts() -> None:
    assert alone(article("أ", _WIRE), article("أ", _OWN), article("ب", _WIRE)) == 2


# --- agreements ---------------------------------------------------------------------------------------------------------


def stage(number: int, status: str, day: int, topic: str = "الربط الكهربائي", parties: str = "EGY JOR") -> Stage:
    return Stage(number, number, "agreement", parties, frozenset(topic.split()), day, status)


def test_an_agreement_is_one_row_from_announcement_to_ratification() -> None:
    assert lives([stage(1, "announced", 1000), stage(2, "signed", 1100), stage(3, "ratified", 1500)]) == [[1, 2, 3]]


def test_agreements_on_other_matters_are_other_rows() -> None:
    assert lives([stage(1, "signed", 1000), stage(2, "signed", 1001, "النقل البحري")]) == [[1], [2]]


def test_agreements_of_other_parties_are_other_rows() -> None:
    assert lives([stage(1, "signed", 1000), stage(2, "signed", 1000, parties="EGY TUN")]) == [[1], [2]]


def test_shuffled_records_give_the_same_events_with_judgements() -> None:
    records = [attack(f"ج{n}", n, date="2021-06-10") for n in range(2, 9)]
    uids = [facts(r)[0].uid for r in records]
    words = [Judgement(verdict="different", a=uids[0], b=uids[3]), Judgement(verdict="same", a=uids[1], b=uids[2])]
    mixed = random.Random(7).sample(records, len(records))
    assert merge(mixed, words) == merge(records, words)


def test_claims_of_several_countries_meet_by_pairs_and_with_claims_of_one() -> None:
    both, other = (facts(severs(o))[0] for o in ("الأولى", "الثانية"))
    lone = both._replace(countries=frozenset(("MAR",)))
    spain = both._replace(countries=frozenset(("MAR", "ESP")))

    def meets(a: Fact, b: Fact) -> bool:
        return not set(shelves(a)[1]).isdisjoint(shelves(b)[0])

    assert meets(both, other)
    assert meets(both, lone)
    assert meets(lone, both)
    assert not meets(both, spain)
