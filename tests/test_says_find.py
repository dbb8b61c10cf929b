"""Who is found to speak, and which cue is found to govern an act."""

import functools

import pytest

from waqai import says, text, who, words
from waqai.types import Document, Mention, Sentence
from waqai.what.candidates import Candidate
from waqai.what.stance import CLASSES, NAMES, stance_row


@functools.lru_cache(maxsize=1)
def lexicon():
    return who.build(words.Words.load())


def read(article: str) -> tuple[list[Sentence], list[says.Said]]:
    sentences = text.sentences(article)
    mentions: list[list[Mention]] = [[] for _ in sentences]
    for m in who.find_actors(Document(id="x", content_hash="", text=article), sentences, lexicon(), None):
        mentions[m.sentence].append(m)
    return sentences, says.default().find(sentences, mentions)


def sources(article: str) -> list[list[str]]:
    return [[article[a.start : a.end] for a in said.attributions] for said in read(article)[1]]


@pytest.mark.parametrize(
    ("article", "source"),
    [
        ("قال، مساء الخميس، في مؤتمر صحفي، وزير الخارجية المصري إن الحدود مفتوحة.", "وزير الخارجية المصري"),
        ("كانت وزارة الدفاع الروسية قد أعلنت أن السفينة غادرت.", "وزارة الدفاع الروسية"),
        ("ارتفع منسوب النهر بحسب وزارة الداخلية العراقية.", "وزارة الداخلية العراقية"),
        ("جاء ذلك في كلمة للرئيس الفرنسي أمام البرلمان.", "للرئيس الفرنسي"),
        ("رفضت لندن اتهامات وزارة الخارجية الروسية.", "وزارة الخارجية الروسية"),
        ("قال مسؤول في المصرف إن السيولة تكفي.", "مسؤول في المصرف"),
    ],
)
def test_source_is_found(article, source):
    assert source in sources(article)[0]


def test_whom_it_is_said_to_is_no_source():
    found = sources("قال الرئيس الفرنسي لوكالة رويترز إن الطريق فتح.")[0]
    assert "الرئيس الفرنسي" in found
    assert not any("رويترز" in s for s in found)


def test_a_verb_without_subject_goes_on_with_the_speaker_before():
    found = sources("قالت وزارة الداخلية العراقية إن الطريق فتح. وأضافت أن الجسر سليم.")
    assert found[1] == ["وزارة الداخلية العراقية"]


def test_what_somebody_stressed_is_no_speaker():
    assert "أهمية الحوار" not in sources("قال الرئيس الفرنسي إن الباب مفتوح. وأكد أهمية الحوار.")[1]


def test_the_thread_tells_who_was_speaking():
    _, said = read("قال الرئيس الفرنسي إن الباب مفتوح. الجسر سليم.")
    assert said[1].thread is not None
    assert said[1].thread.text == "الرئيس الفرنسي"


def governs(sentence: str, word: str, kind: str) -> float:
    sentences, said = read(sentence)
    toks = sentences[0].tokens
    at = next(i for i, t in enumerate(toks) if sentence[t.start : t.end] == word)
    row = stance_row(Candidate(at, at + 1, "RETREAT"), toks, said[0], [])
    assert len(row) == len(NAMES)
    return row[CLASSES.index(kind)]


def test_a_demand_governs_through_its_preposition_over_whom_it_is_put_to():
    assert governs("طالب النواب القوات الأجنبية بالانسحاب فورا.", "بالانسحاب", "call") >= 2.5


def test_a_noun_of_demand_governs_too():
    assert governs("رفض الرئيس دعوات بعض المسؤولين للانسحاب من البلدة.", "للانسحاب", "call") >= 2.5


def test_a_cue_before_another_clause_does_not_govern():
    assert governs("لم يعلق الوزير على الخبر بعد انسحاب القوات.", "انسحاب", "negated") == 0


def test_a_negation_right_before_the_verb_governs():
    assert governs("لم تنسحب القوات من الوادي.", "تنسحب", "negated") == 3
