"""Classes of party read by a rule of their own, on the package's words: one sentence a rule."""

from __future__ import annotations

import functools

import pytest

from waqai.text import sentences
from waqai.types import Document, Mention
from waqai.who import Lexicon, build, find_actors, resolve
from waqai.who.parts import NameSpan
from waqai.words import Words


@functools.cache
def lexicon() -> Lexicon:
    return build(Words.load())


class Named:
    """A tagger that marks one given name as a person."""

    def __init__(self, name: str) -> None:
        self.name = name.split()

    def spans(self, sents: list, lexicon: Lexicon) -> list[list[NameSpan]]:
        n = len(self.name)
        return [
            [NameSpan(i, i + n, "PER", 0) for i in range(len(s.tokens)) if [t.norm for t in s.tokens[i : i + n]] == self.name]
            for s in sents
        ]


def party(text: str, start: str, name: str | None = None) -> Mention:
    """The first mention whose text begins with `start`."""
    document = Document(id="", content_hash="", text=text)
    sents = sentences(text)
    mentions = find_actors(document, sents, lexicon(), Named(name) if name else None)
    resolve(mentions, document, sents, lexicon())
    return next(m for m in mentions if m.text.startswith(start))


@pytest.mark.parametrize(
    ("text", "start", "country", "sector"),
    [
        ("شنت الغارات الجوية الروسية هجوما على حلب.", "الروسية", "RUS", "MIL"),
        ("رفضت باريس القرارات الروسية.", "الروسية", "RUS", "GOV"),
        ("هاجم ثلاثة رجال مسلحين مصرفا في مصر.", "ثلاثة", None, "UAF"),
        ("قال الصليب الأحمر الكيني إنه أنقذ العشرات.", "الصليب", "KEN", "SOC"),
        ("قصفت ميليشيات الحوثي الإيرانية مدينة يمنية.", "ميليشيات", "YEM", "REB"),
        ("أعلنت فلسطين أن الجنود أغلقوا الطريق، وأن إسرائيل ترد. وقالت فلسطين إن فلسطين تنتظر.", "الجنود", "ISR", "MIL"),
        ("اجتمعت سفيرة الولايات المتحدة في الأمم المتحدة مع الصحافة.", "سفيرة", "USA", "GOV"),
        ("قاد التحرك كل من الإمارات العربية المتحدة ومصر.", "كل من", "ARE", "GOV"),
        ("فرضت الخزانة الأمريكية قيودا، وقالت وزارة الخزانة إن سوريا تعرفها.", "وزارة الخزانة", "USA", "GOV"),
        ('نشرت صحيفة "ذي غلوب" البريطانية المقال.', "صحيفة", "GBR", "JRN"),
        ("عاد اللاجئون الروهينغا من بنغلادش.", "اللاجئون", "MMR", "REF"),
        ("صوت 34 نائبا في تونس ضد القانون.", "34", "TUN", "LEG"),
        ("نشر 40 من عناصر الدفاع المدني في مصر.", "40", "EGY", "GOV"),
        ("اجتمع قادة الدوحة أمس.", "قادة", "QAT", "GOV"),
        ("نقلت وسائل إعلام رسمية في إيران الخبر.", "وسائل", "IRN", "JRN"),
        ("قصف الجيش السوري المعارضة السورية في درعا.", "المعارضة", "SYR", "OPP"),
        ("قصفت سوريا المدينة، وردت المعارضة عليها.", "المعارضة", "SYR", "REB"),
    ],
)
def test_a_class_is_read_by_its_rule(text: str, start: str, country: str | None, sector: str) -> None:
    found = party(text, start)
    assert (found.country, found.sector) == (country, sector)


@pytest.mark.parametrize("text", ["عطل العطب حركة المرور في مصر.", "تعهدت مصر بالقضاء على الفقر.", "وتابع نتنياهو كلامه."])
def test_what_only_looks_like_a_party_is_none(text: str) -> None:
    document = Document(id="", content_hash="", text=text)
    sents = sentences(text)
    heads = {m.head for m in find_actors(document, sents, lexicon())}
    assert heads.isdisjoint({"حركه", "قضاء", "تابع"})


def test_a_nationality_told_behind_a_name_is_the_persons() -> None:
    text = "كتب فؤاد سمعان، وهو مواطن لبناني، إلى القضاء في مصر. وقالت مصر إنها ترد."
    assert party(text, "فؤاد", "فءاد سمعان").country == "LBN"


def test_a_demonym_before_a_name_is_the_persons() -> None:
    text = "أوقفت الشرطة العراقية السوري فؤاد سمعان."
    assert party(text, "السوري", "فءاد سمعان").country == "SYR"


def test_a_preposition_ends_no_name() -> None:
    assert party("قالت شبكة النور في مصر إنها بدأت.", "شبكة", "شبكه النور في").text == "شبكة النور"
