"""Which words of a text count as a word of a condition: its inflections, and no other word."""

import pytest

from waqai.text import fold
from waqai.what.candidates import ConditionTable
from waqai.words import Trigger


def finds(condition, word):
    table = ConditionTable([Trigger(type="ACCUSE", noun=["تهمة"], with_=[condition])])
    return fold(condition) in table.of(fold(word))


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("سراح", "سراحه"), ("سراح", "سراحهم"), ("هدف", "هدفا"), ("قرار", "القرارات"), ("قرار", "بقراراته"),
        ("عقوبة", "عقوبات"), ("عقوبة", "العقوبة"), ("عقوبة", "عقوبته"), ("عقوبة", "عقوبتين"), ("عسكري", "العسكرية"),
        ("عسكري", "عسكريين"), ("محتج", "المحتجون"), ("محتج", "محتجو"), ("ميليشيا", "للميليشيات"), ("مصرعه", "مصرعهم"),
        ("سبيل", "لسبيلهما"), ("يعتقل", "سيعتقل"), ("أن", "بأن"), ("على", "وعلى"),
    ],
)  # fmt: skip
def test_an_inflection_counts(condition, word):
    assert finds(condition, word)


@pytest.mark.parametrize(
    ("condition", "word"),
    [
        ("آلام", "الأمن"), ("أنه", "إنهاء"), ("ألم", "الماضي"), ("أمير", "الأميركي"), ("دول", "الدولار"), ("أن", "كان"),
        ("بلا", "البلاد"), ("دون", "دونالد"), ("عيد", "سعيد"), ("ولي", "وليس"), ("صحي", "الصحيفة"), ("روح", "روحاني"),
        ("عمل", "عمليات"), ("عمل", "العملية"), ("جمهور", "جمهورية"), ("وزر", "الوزراء"), ("لم", "كلم"), ("قرار", "القرارنا"),
    ],
)  # fmt: skip
def test_another_word_does_not_count(condition, word):
    assert not finds(condition, word)
