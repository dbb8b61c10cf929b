"""The registers, drawn from events made by hand, and contexts of a passage."""

import pytest

from waqai.text import sentences
from waqai.types import Event, Extent, Party, Span
from waqai.what import context, registers


@pytest.fixture(scope="module")
def draw():
    table = registers.default()

    def run(text, *events):
        return table.draw(text, list(events), sentences(text))

    return run


def event(text, trigger, *, actors=(), recipients=(), number=1, **keys):
    """An event whose trigger and parties are words of the text; parties are (words, country)."""
    s = next(s for s in sentences(text) if trigger in text[s.start : s.end])
    at = text.index(trigger, s.start)

    def party(words, country):
        start = text.index(words)
        return Party(start=start, end=start + len(words), text=words, entity=f"e-{country}", country=country, sector="GOV")

    return Event(
        id=f"v{number}", trigger=Span(start=at, end=at + len(trigger), text=trigger), sentence=Extent(start=s.start, end=s.end),
        actors=[party(*p) for p in actors], recipients=[party(*p) for p in recipients], **keys,
    )  # fmt: skip


BOTH = (("مصر", "EGY"), ("الأردن", "JOR"))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("مذكرة تفاهم", "memorandum"),
        ("اتفاقية", "agreement"),
        ("معاهدة", "treaty"),
        ("بروتوكولا", "protocol"),
        ("إعلانا مشتركا", "declaration"),
        ("عقدا", "contract"),
    ],
)
def test_the_words_tell_the_kind_of_agreement(draw, words, kind):
    text = f"وقعت مصر والأردن {words} في عمان."
    (row,) = draw(text, event(text, "وقعت", type="SUPPORT", record="agreement", actors=BOTH, date="2020-01-05")).agreements
    assert (row.kind, row.parties, row.date) == (kind, ["EGY", "JOR"], "2020-01-05")
    assert text[row.title.start : row.title.end] == row.title.text


def test_no_word_of_an_agreement_no_row(draw):
    text = "وقعت مصر والأردن أمس في عمان."
    assert draw(text, event(text, "وقعت", type="SUPPORT", record="agreement", actors=BOTH)).agreements == []


def test_an_agreement_to_come_is_announced(draw):
    text = "ستوقع مصر والأردن اتفاقية في عمان."
    (row,) = draw(text, event(text, "ستوقع", type="SUPPORT", record="agreement", actors=BOTH, status="future")).agreements
    assert row.status == "announced"


def test_one_agreement_told_twice_is_one_row(draw):
    text = "وقعت مصر والأردن اتفاقية في عمان.\nوكان توقيع اتفاقية الأردن ومصر ثمرة محادثات."
    told = [
        event(text, word, number=n, type="SUPPORT", record="agreement", actors=BOTH, date="2020-01-05")
        for n, word in enumerate(("وقعت", "توقيع"))
    ]
    assert len(draw(text, *told).agreements) == 1


def test_the_field_of_an_agreement_is_an_area(draw):
    text = "وقعت مصر والأردن اتفاقية للتعاون في مجال الطاقة المتجددة."
    (row,) = draw(text, event(text, "وقعت", type="SUPPORT", record="agreement", actors=BOTH)).agreements
    assert "الطاقة المتجددة" in row.areas[0].text


def test_a_deal_has_its_sum(draw):
    text = "اشترت مصر طائرات من الأردن بقيمة 3 مليارات دولار."
    (row,) = draw(text, event(text, "اشترت", type="COOPERATE", record="deal", actors=BOTH[:1], recipients=BOTH[1:])).deals
    assert (row.value.amount, row.value.currency, row.value.text) == (3e9, "USD", "3 مليارات دولار")
    assert row.parties == ["e-EGY", "e-JOR"]


@pytest.mark.parametrize(
    ("text", "trigger", "kind", "change", "level"),
    [
        ("قطعت مصر علاقاتها الدبلوماسية مع الأردن.", "قطعت", "SANCTION", "severed", "none"),
        ("استأنفت مصر علاقاتها الدبلوماسية مع الأردن.", "استأنفت", "SUPPORT", "restored", None),
        ("رفعت مصر تمثيلها لدى الأردن إلى درجة سفارة.", "رفعت", "SUPPORT", "upgraded", "embassy"),
        ("خفضت مصر تمثيلها الدبلوماسي لدى الأردن.", "خفضت", "SANCTION", "downgraded", None),
    ],
)
def test_a_change_of_relations(draw, text, trigger, kind, change, level):
    (row,) = draw(text, event(text, trigger, type=kind, actors=BOTH[:1], recipients=BOTH[1:], date="2021-08")).relations
    assert (row.pair, row.change, row.level, row.date) == (["EGY", "JOR"], change, level, "2021-08")


def test_a_change_that_is_denied_is_no_row(draw):
    text = "لم تقطع مصر علاقاتها الدبلوماسية مع الأردن."
    assert draw(text, event(text, "تقطع", type="SANCTION", actors=BOTH[:1], recipients=BOTH[1:], status="negated")).relations == []


def test_relations_are_between_two_countries(draw):
    text = "قطعت مصر علاقاتها الدبلوماسية مع الأمم المتحدة."
    found = draw(text, event(text, "قطعت", type="SANCTION", actors=BOTH[:1], recipients=[("الأمم المتحدة", "UNO")]))
    assert found.relations == []


@pytest.mark.parametrize("joint", [" و", "، و", " وكل من "])
def test_states_told_in_one_breath_break_relations_each(draw, joint):
    text = f"أعلنت مصر{joint}الأردن قطع العلاقات مع قطر."
    rows = draw(text, event(text, "قطع", type="SANCTION", actors=BOTH, recipients=[("قطر", "QAT")])).relations
    assert [r.pair for r in rows] == [["EGY", "QAT"], ["JOR", "QAT"]]


def test_who_stands_elsewhere_in_the_sentence_breaks_nothing(draw):
    text = "جاءت رحلة وزير الأردن بعد أزمة بين قطر وجارتها مصر التي قررت قطع العلاقات مع الدوحة."
    rows = draw(text, event(text, "قطع", type="SANCTION", actors=BOTH, recipients=[("الدوحة", "QAT")])).relations
    assert [r.pair for r in rows] == [["EGY", "QAT"]]


def test_a_cut_road_is_no_change_of_relations(draw):
    text = "قطعت مصر الطريق إلى الأردن."
    assert draw(text, event(text, "قطعت", type="COERCE", actors=BOTH[:1], recipients=BOTH[1:])).relations == []


def test_a_visit_has_visitor_and_host(draw):
    text = "زار وزير خارجية مصر الأردن أمس."
    given = event(text, "زار", type="CONSULT", mode=["visit"], record="visit", actors=BOTH[:1], recipients=BOTH[1:], date="2021-01-01")
    (row,) = draw(text, given).visits
    assert (row.visitors, row.hosts, row.date) == (["e-EGY"], ["JOR"], "2021-01-01")


def contexts(text, before=""):
    cut = sentences(f"{before}\n{text}" if before else text)
    return context.default().of(cut[-1], cut[:-1])


def test_a_sentence_speaks_of_its_context():
    assert contexts("أجرت البحرية مناورات عسكرية في الخليج.")[0] == "military"


def test_a_sentence_without_such_words_has_no_context():
    assert contexts("وصل الضيف مساء.") == []


def test_at_most_three_contexts_are_told():
    assert len(contexts("مناورات عسكرية وانتخابات ولاجئون وإرهاب وتجسس وعقوبات اقتصادية ووباء وفيضانات.")) == 3
