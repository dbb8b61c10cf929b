"""What a passage is about: shares of topics, on the lists that ship and on lists made here."""

import pytest

from waqai.text import sentences
from waqai.what import topics
from waqai.what.features import TYPES
from waqai.what.topics import NAMES, Topic, Topics

EXAMPLES = [(t.name, e.text) for t in topics.load() for e in t.example]


def toks(text):
    return [t for s in sentences(text) for t in s.tokens]


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_an_example_speaks_of_its_topic_most(name, text):
    shares = topics.default().of(toks(text))
    assert shares[name] > 0.15
    assert max(shares, key=lambda k: shares[k]) == name


@pytest.mark.parametrize(
    "text",
    [
        "استقبل الرئيس نظيره الفرنسي في القصر وبحثا العلاقات الثنائية.",
        "اعتقلت قوات الأمن عشرات المتظاهرين أمام مقر البرلمان.",
        "قصفت الطائرات مواقع المسلحين قرب الحدود فقتل أربعة جنود.",
        "وقع الوزيران مذكرة تفاهم للتعاون القضائي بين البلدين.",
        "نددت الخارجية بالهجوم وحملت الميليشيات مسؤوليته.",
    ],
)
def test_politics_is_none_of_the_topics(text):
    assert max(topics.default().of(toks(text)).values()) < 0.12


def small():
    return Topics([Topic("sport", ["ASSAULT"], ["مباراة", "كأس العالم"], ["فريق"]), Topic("health", ["THREATEN"], ["مرض"], [])])


def test_a_share_is_weighted_words_over_words():
    assert small().of(toks("فاز الفريق في المباراة"))["sport"] == pytest.approx(3 / 4)


def test_a_phrase_counts_once_with_or_without_the_article():
    assert small().of(toks("في كأس العالم"))["sport"] == pytest.approx(2 / 3)


def test_a_share_is_never_above_one():
    assert small().of(toks("مباراة مباراة"))["sport"] == 1.0


def test_nothing_has_no_share():
    assert small().of([]) == {"sport": 0.0, "health": 0.0}


def test_article_and_sentences_in_one_pass():
    article, each = small().both([toks("فاز الفريق"), toks("هذا مرض خطير جدا")])
    assert (each[0]["sport"], each[1]["health"]) == (pytest.approx(1 / 2), pytest.approx(2 / 4))
    assert article["sport"] == pytest.approx(1 / 6)


def test_only_the_types_of_a_topic_are_held_against_it():
    shares = small().of(toks("فاز الفريق"))
    assert (small().against("ASSAULT", shares), small().against("THREATEN", shares)) == (pytest.approx(1 / 2), 0.0)


def test_the_file_names_types_that_exist():
    assert {k for t in topics.load() for k in t.against} <= set(TYPES)
    assert tuple(t.name for t in topics.load()) == NAMES
