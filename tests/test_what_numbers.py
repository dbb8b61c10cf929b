"""Numbers in words and digits: people and money."""

import pytest

from waqai.text import tokens
from waqai.what.numbers import count_at, money_at, number_at


@pytest.mark.parametrize(
    ("text", "value", "length"),
    [
        ("12 قتيلا", 12, 1),
        ("٣٥ جنديا", 35, 1),
        ("1,200 شخص", 1200, 1),
        ("3,5 مليار", 3.5e9, 2),
        ("سبعة جنود", 7, 1),
        ("خمسة وعشرون شخصا", 25, 2),
        ("مئة وعشرين", 120, 2),
        ("ثلاثة آلاف متظاهر", 3000, 2),
        ("مليوني دولار", 2_000_000, 1),
        ("ألفي جندي", 2000, 1),
    ],
)
def test_a_number_is_read(text, value, length):
    assert number_at(tokens(text), 0) == (value, length)


@pytest.mark.parametrize("text", ["جنود", "آلاف المتظاهرين", "ملايين الدولارات", "و"])
def test_no_number_is_read_where_none_is(text):
    assert number_at(tokens(text), 0) is None


def counted(text, word):
    toks = tokens(text)
    at = next(i for i, t in enumerate(toks) if text[t.start : t.end] == word)
    return [(c.what, c.low, c.high, c.text) for c in count_at(text, toks, at)]


@pytest.mark.parametrize(
    ("text", "word", "wanted"),
    [
        ("قتل سبعة جنود في الهجوم.", "قتل", [("dead", 7, 7, "سبعة")]),
        ("قتل 7 وأصيب 12 آخرون.", "قتل", [("dead", 7, 7, "7"), ("injured", 12, 12, "12")]),
        ("اعتقلت الشرطة 30 متظاهرا.", "اعتقلت", [("arrested", 30, 30, "30")]),
        ("مقتل أكثر من 20 مدنيا.", "مقتل", [("dead", 20, None, "20")]),
        ("مقتل أقل من 20 مدنيا.", "مقتل", [("dead", None, 20, "20")]),
        ("مقتل 20 على الأقل في التفجير.", "مقتل", [("dead", 20, None, "20")]),
        ("قتل شخصان في القصف.", "قتل", [("dead", 2, 2, "شخصان")]),
        ("زار المدينة 20 وزيرا.", "زار", []),
    ],
)
def test_people_are_counted_with_what_befell_them(text, word, wanted):
    assert counted(text, word) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("بقيمة 3 مليارات دولار", (3e9, 1)),
        ("بقيمة 450 مليون يورو", (450e6, 1)),
        ("بقيمة مليار دولار", (1e9, 1)),
        ("بقيمة دولار", None),
    ],
)
def test_a_sum_ends_before_its_currency(text, wanted):
    toks = tokens(text)
    assert money_at(toks, len(toks) - 1) == wanted
