"""Places: which names are places, and which of them is an event's."""

from __future__ import annotations

import functools

import pytest

from waqai.text import fold, sentences
from waqai.types import Document, Sentence
from waqai.where import PlaceMention, choose, find_places, gazetteer
from waqai.who import Lexicon, build, find_actors, resolve
from waqai.words import Agent, State, Words

STATES = [
    State(code="SYR", name="سوريا", en="Syria", demonym=["سوري"], capital=["دمشق"], city=["حلب"]),
    State(code="YEM", name="اليمن", en="Yemen", demonym=["يمني"], capital=["صنعاء"], city=["الحديدة"]),
    State(code="LBY", name="ليبيا", en="Libya", demonym=["ليبي"], capital=["طرابلس"]),
    State(code="LBN", name="لبنان", en="Lebanon", demonym=["لبناني"], capital=["بيروت"]),
    State(code="FRA", name="فرنسا", en="France", demonym=["فرنسي"], capital=["باريس"]),
]
AGENTS = [Agent(noun="جيش", sector="MIL", kind="organization")]


@functools.lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return build(Words(states=STATES, agents=AGENTS))


def places(text: str) -> tuple[list[PlaceMention], list[Sentence]]:
    document = Document(id="", content_hash="", text=text)
    sents = sentences(text)
    mentions = find_actors(document, sents, lexicon())
    resolve(mentions, document, sents, lexicon())
    return find_places(document, sents, lexicon(), mentions), sents


def chosen(text: str, trigger: str, *, movement: bool = False, kind: str | None = None) -> str | None:
    found, sents = places(text)
    for s in sents:
        for i, t in enumerate(s.tokens):
            if t.norm == fold(trigger):
                got = choose(found, s, i, movement=movement, kind=kind)
                return got.text if got else None
    raise AssertionError(trigger)


@pytest.mark.parametrize(
    ("text", "trigger", "place"),
    [
        ("وقع انفجار في مدينة حلب أمس", "انفجار", "مدينة حلب"),
        ("قتل جنديان بدمشق اليوم", "قتل", "دمشق"),
        ("اندلعت اشتباكات قرب صنعاء فجرا", "اشتباكات", "صنعاء"),
        ("أدانت فرنسا الهجوم", "أدانت", None),
        ("دعت سوريا إلى وقف القتال", "دعت", None),
    ],
)
def test_the_place_is_that_of_the_phrase(text: str, trigger: str, place: str | None) -> None:
    assert chosen(text, trigger) == place


def test_a_goal_is_the_place_of_a_movement_rather_than_of_words() -> None:
    text = "دعا الجيش إلى باريس"
    assert chosen("وصل الجيش إلى باريس", "وصل", movement=True) == "باريس"
    assert chosen(text, "دعا", kind="REQUEST") is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("قتل جنديان أمام السجن في حلب", "SYR"),
        ("وقع انفجار في صنعاء. قتل جنديان في المدينة", "YEM"),
        ("هاجم الجيش السوري قرية. قتل جنديان في الأراضي اللبنانية", "LBN"),
    ],
)
def test_a_noun_for_a_place_has_the_country_of_its_passage(text: str, place: str) -> None:
    assert places(text)[0][-1 if "حلب" not in text else 0].country == place


def test_an_embassy_is_where_it_stands() -> None:
    found, _ = places("تظاهر العشرات أمام السفارة الفرنسية في بيروت")
    assert found[0].country == "LBN"


def test_a_shared_name_is_the_one_of_the_articles_country() -> None:
    found, _ = places("قال الجيش اللبناني إن لبنان هادئ. ووقع انفجار في طرابلس شمال لبنان. ولبنان حزين.")
    libya, _ = places("قال الجيش الليبي إن ليبيا هادئة. ووقع انفجار في طرابلس.")
    assert [p.country for p in libya if "طرابلس" in p.text] == ["LBY"]
    assert [p.country for p in found if p.text.startswith("طرابلس")] == ["LBN"]


def test_a_place_has_coordinates_and_an_id() -> None:
    found, _ = places("وقع انفجار في مدينة حلب")
    assert found[0].geonames_id == 170063
    assert found[0].latitude == pytest.approx(36.2, abs=0.1)


def test_the_offsets_leave_the_preposition_out() -> None:
    text = "قتل جنديان بدمشق وبحلب"
    for p in places(text)[0]:
        assert text[p.start : p.end] == p.text
        assert not p.text.startswith(("ب", "و"))


def test_every_table_names_source_date_and_licence() -> None:
    from waqai.where import FOLDER

    for name in ("cities.tsv", "countries.tsv", "regions.tsv"):
        first = (FOLDER / name).read_text(encoding="utf-8").split("\n", 1)[0]
        assert first.startswith("# ")
        assert "20" in first
        assert "CC BY 4.0" in first or "Apache-2.0" in first


def test_the_gazetteer_is_loaded_once() -> None:
    assert gazetteer(lexicon()) is gazetteer(lexicon())


def test_a_name_that_is_an_everyday_word_counts_behind_a_noun_for_a_place() -> None:
    assert not [p for p in places("أدان الوزير الهجوم في بيان أمس.")[0] if p.country]
    assert [p.country for p in places("وقع الهجوم في ضاحية بيان أمس.")[0]] == ["KWT"]
