"""Phrases for several states, and parties that an article on two of them tells without theirs."""

from __future__ import annotations

import functools

from waqai.text import sentences
from waqai.types import Document, Mention
from waqai.who import Lexicon, build, document_country, find_actors, resolve
from waqai.words import Words


@functools.cache
def lexicon() -> Lexicon:
    return build(Words.load())


def read(text: str, published: str | None = None) -> list[Mention]:
    document = Document(id="", content_hash="", text=text, published=published)
    sents = sentences(text)
    mentions = find_actors(document, sents, lexicon())
    resolve(mentions, document, sents, lexicon())
    return mentions


def countries(text: str, start: str, published: str | None = None) -> list[str | None]:
    """The countries of the last mentions whose text begins with `start`."""
    found = [m for m in read(text, published) if m.text.startswith(start)]
    return [m.country for m in found if m.start == found[-1].start]


def test_demonyms_joined_by_and_share_their_noun() -> None:
    assert countries("وصلت قوات أمريكية وفرنسية إلى المدينة.", "قوات") == ["USA", "FRA"]


def test_three_demonyms_are_three_parties() -> None:
    assert countries("وقعت شركات قبرصية ويونانية وإسرائيلية عقدا.", "شركات") == ["CYP", "GRC", "ISR"]


def test_a_listed_name_shares_its_noun_too() -> None:
    assert countries("هاجمت القوات الأميركية والصومالية معسكرا.", "القوات") == ["USA", "SOM"]


def test_officials_of_the_two_countries_are_of_each() -> None:
    assert countries("زار وفد مصر السودان أمس. وأكد مسؤولو البلدين التعاون.", "مسؤولو") == ["EGY", "SDN"]


def test_three_states_are_those_named_side_by_side() -> None:
    text = "اجتمعت بريطانيا وفرنسا وألمانيا مع إيران. ورفضت الدول الثلاث العقوبات."
    assert countries(text, "الدول") == ["GBR", "FRA", "DEU"]


def test_three_states_of_none_named_side_by_side_are_not_known() -> None:
    assert set(countries("حذرت إيران من الحرب. ورفضت الدول الثلاث العقوبات.", "الدول")) == {None}


def test_an_office_of_a_body_has_its_country_while_it_is_held() -> None:
    assert countries("انتقد توسك القرار.", "توسك", "2018-06-01") == ["EUR"]
    assert countries("انتقد توسك القرار.", "توسك", "2010-06-01") == ["POL"]


def test_a_nisba_before_the_demonym_stays_in_the_phrase() -> None:
    text = "حذر رئيس جهاز المخابرات الداخلية البريطاني من هجوم روسيا على روسيا."
    assert countries(text, "رئيس جهاز المخابرات الداخلية البريطاني") == ["GBR"]


def test_where_a_gunman_is_does_not_tell_whose_he_is() -> None:
    assert countries("هاجم مسلحون في واغادوغو فندقا.", "مسلحون") == [None]


def test_a_name_of_two_words_backs_its_three_letters() -> None:
    assert countries("التقى ترامب كيم جونغ أون، وقال كيم إنه سعيد.", "كيم") == ["PRK"]


def test_a_demonym_weighs_more_than_a_persons_name() -> None:
    text = "قرار جديد. كلام آخر. رحب السوريون بالقرار. وانتقده ترامب."
    sents = sentences(text)
    assert document_country(Document(id="", content_hash="", text=text), sents, lexicon()).code == "SYR"
