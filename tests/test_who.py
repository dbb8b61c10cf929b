"""Actor phrases and their resolution, on hand-made words."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from waqai.errors import WordsError
from waqai.text import sentences
from waqai.types import Document, Entity, Mention
from waqai.who import Lexicon, build, document_country, find_actors, resolve
from waqai.who.find import mention_at
from waqai.who.own import extended, import_actors, read_actors, to_toml, with_user
from waqai.who.phrase import NameSpan
from waqai.words import Agent, Office, Ontology, Org, Person, State, Words

STATES = [
    State(code="MAR", name="المغرب", en="Morocco", demonym=["مغربي"], plural=["مغاربة"], capital=["الرباط"]),
    State(code="ISR", name="إسرائيل", en="Israel", demonym=["إسرائيلي"], loaded=["الكيان الصهيوني"]),
    State(code="EGY", name="مصر", en="Egypt", demonym=["مصري"], capital=["القاهرة"]),
    State(code="SDN", name="السودان", en="Sudan", demonym=["سوداني"], capital=["الخرطوم"]),
    State(code="ETH", name="إثيوبيا", en="Ethiopia", demonym=["إثيوبي"]),
    State(code="IRN", name="إيران", en="Iran", demonym=["إيراني"], capital=["طهران"]),
    State(code="RUS", name="روسيا", en="Russia", demonym=["روسي"], plural=["روس"], capital=["موسكو"]),
    State(code="FRA", name="فرنسا", en="France", demonym=["فرنسي"], capital=["باريس"]),
    State(code="GBR", name="بريطانيا", en="United Kingdom", demonym=["بريطاني"], capital=["لندن"]),
    State(code="PRK", name="كوريا الشمالية", en="North Korea", demonym=["كوري شمالي"]),
    State(code="SAU", name="السعودية", en="Saudi Arabia", demonym=["سعودي"], capital=["الرياض"]),
]
ORGS = [
    Org(name="حماس", also=["حركة حماس"], kind="group", country="PSE", sector="PTY"),
    Org(name="الأمم المتحدة", country="UNO", sector="GOV"),
    Org(name="هآرتس", country="ISR", sector="JRN"),
]
PEOPLE = [
    Person(
        name="سامح شكري", country="EGY", sector="GOV", office=[Office(title="وزير الخارجية", sector="GOV", from_="2014-06", to="2024-07")]
    )
]


def agent(noun: str, sector: str | None, kind: str = "person", *forms: str) -> Agent:
    return Agent(noun=noun, forms=list(forms), sector=sector, kind=kind)


AGENTS = [
    agent("وزير", "GOV", "person", "وزيرة", "وزراء"),
    agent("رئيس", "GOV", "person", "رئيسة", "رؤساء"),
    agent("وزارة", "GOV", "organization", "وزارات"),
    agent("متحدث", None, "person", "متحدثة", "متحدثون"),
    agent("مسؤول", "GOV", "person", "مسؤولة", "مسؤولون"),
    agent("حكومة", "GOV", "organization", "حكومات"),
    agent("شرطة", "COP", "organization"),
    agent("جيش", "MIL", "organization", "جيوش"),
    agent("جندي", "MIL", "person", "جنود"),
    agent("قوات", "MIL", "group"),
    agent("محكمة", "JUD", "organization", "محاكم"),
    agent("سفارة", "GOV", "organization", "سفارات"),
    agent("شخص", "CVL", "person", "أشخاص"),
    agent("محتج", "CVL", "person", "محتجون"),
    agent("عضو", None, "person", "أعضاء"),
    agent("دائرة", "GOV", "organization", "دوائر"),
    agent("حركة", "PTY", "group", "حركات"),
    agent("مراسل", "JRN", "person", "مراسلون"),
    agent("سلطات", "GOV", "organization"),
]


@functools.lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return build(Words(states=STATES, orgs=ORGS, people=PEOPLE, agents=AGENTS))


class Names:
    """A tagger that knows the names it is given."""

    def __init__(self, *names: str) -> None:
        self.names = [tuple(t.norm for s in sentences(n) for t in s.tokens) for n in names]

    def spans(self, sents: list, lexicon: Lexicon) -> list[list[NameSpan]]:
        out = []
        for s in sents:
            norms = [t.norm for t in s.tokens]
            out.append(
                [NameSpan(i, i + len(n), "PER", 0) for i in range(len(norms)) for n in self.names if tuple(norms[i : i + len(n)]) == n]
            )
        return out


def read(text: str, *names: str, published: str | None = None, outlet: str | None = None) -> tuple[list[Mention], list[Entity]]:
    document = Document(id="", content_hash="", text=text, published=published, outlet=outlet)
    sents = sentences(text)
    mentions = find_actors(document, sents, lexicon(), Names(*names))
    return mentions, resolve(mentions, document, sents, lexicon())


def told(text: str, phrase: str, *names: str, **more: str) -> list[tuple[str | None, str | None]]:
    return [(m.country, m.sector) for m in read(text, *names, **more)[0] if m.text == phrase]


@pytest.mark.parametrize(
    ("text", "phrase", "country", "sector"),
    [
        ("استقبل وزير الدفاع المغربي ضيوفه", "وزير الدفاع المغربي", "MAR", "GOV"),
        ("قال وزير خارجية مصر كلمته", "وزير خارجية مصر", "EGY", "GOV"),
        ("أعلنت الشرطة الفرنسية ذلك", "الشرطة الفرنسية", "FRA", "COP"),
        ("قضت محكمة في باريس بسجنه", "محكمة في باريس", "FRA", "JUD"),
        ("صرح متحدث باسم الجيش الإسرائيلي", "متحدث باسم الجيش الإسرائيلي", "ISR", "MIL"),
        ("قال عضو في حركة حماس ذلك", "عضو في حركة حماس", "PSE", "PTY"),
        ("احتجت سفارة موسكو في لندن", "سفارة موسكو في لندن", "RUS", "GOV"),
        ("قتل ثلاثة جنود إسرائيليين أمس", "ثلاثة جنود إسرائيليين", "ISR", "MIL"),
        ("التقى وفدا من كوريا الشمالية", "كوريا الشمالية", "PRK", "GOV"),
        ("عاد المصريون إلى بلدهم", "المصريون", "EGY", "CVL"),
        ("وقالت الرباط إنها ترحب", "الرباط", "MAR", "GOV"),
        ("اعتقل الوزير المصري السابق أمس", "الوزير المصري السابق", "EGY", "ELI"),
        ("أكد مسؤول كوري شمالي كبير ذلك", "مسؤول كوري شمالي كبير", "PRK", "GOV"),
    ],
)
def test_a_phrase_tells_country_and_sector(text: str, phrase: str, country: str, sector: str) -> None:
    assert told(text, phrase) == [(country, sector)]


def test_office_and_name_after_a_comma_are_one_mention() -> None:
    mentions, _ = read("وقع وزير الدفاع المغربي، عبد اللطيف لوديي، الوثيقة", "عبد اللطيف لوديي")
    assert [(m.text, m.country, m.office) for m in mentions] == [("وزير الدفاع المغربي، عبد اللطيف لوديي", "MAR", "وزير الدفاع المغربي")]


def test_a_spokesman_with_his_name_is_one_mention() -> None:
    text = "قال المتحدث باسم وزارة الخارجية الإيرانية بهرام قاسمي إن"
    assert told(text, "المتحدث باسم وزارة الخارجية الإيرانية بهرام قاسمي", "بهرام قاسمي") == [("IRN", "GOV")]


def test_a_name_before_its_office_is_one_mention() -> None:
    text = "وصل نبيل فهيم، رئيس الحكومة المصرية، إلى"
    assert told(text, "نبيل فهيم، رئيس الحكومة المصرية", "نبيل فهيم") == [("EGY", "GOV")]


def test_conjoined_states_are_several_parties() -> None:
    mentions, _ = read("اتفقت مصر والسودان وإثيوبيا على موعد")
    assert [(m.text, m.country) for m in mentions] == [("مصر", "EGY"), ("السودان", "SDN"), ("إثيوبيا", "ETH")]


def test_a_conjunction_is_left_out_of_the_span() -> None:
    text = "وقالت الشرطة والجيش الإسرائيلي"
    for m in read(text)[0]:
        assert text[m.start : m.end] == m.text
        assert not m.text.startswith("و")


def test_two_demonyms_of_a_dual_are_two_mentions_of_one_span() -> None:
    assert told("التقى الوزيران المصري والسوداني أمس", "الوزيران المصري والسوداني") == [("EGY", "GOV"), ("SDN", "GOV")]


def test_a_bare_dual_takes_the_two_before_it() -> None:
    text = "التقى وزير الدفاع المصري وزير الدفاع السوداني. وبحث الوزيران الحدود."
    assert told(text, "الوزيران") == [("EGY", "GOV"), ("SDN", "GOV")]


def test_the_two_countries_are_those_named() -> None:
    text = "زار رئيس مصر السودان. وقال إن البلدين متفقان."
    assert {c for c, _ in told(text, "البلدين")} == {"EGY", "SDN"}


def test_counterpart_has_the_office_of_the_one_before() -> None:
    text = "التقى وزير الدفاع المصري نظيره السوداني."
    assert told(text, "نظيره السوداني") == [("SDN", "GOV")]


def test_bare_police_are_the_articles_country() -> None:
    text = "خرج محتجون في مصر أمس. واعتقلت الشرطة عددا من المحتجين."
    assert told(text, "الشرطة") == [("EGY", "COP")]


def test_bare_government_is_the_one_said_in_full() -> None:
    text = "رحبت الحكومة السودانية بالقرار الذي أعلنته مصر. وقالت الحكومة إن مصر ومصر ومصر."
    assert told(text, "الحكومة") == [("SDN", "GOV")]


def test_a_correspondent_is_of_no_country_without_one() -> None:
    words = Words(states=STATES, orgs=ORGS, agents=[Agent(noun="مراسل", sector="JRN", foreign=True)])
    document = Document(id="", content_hash="", text="قال مراسل في مصر ذلك")
    sents = sentences(document.text)
    lex = build(words)
    mentions = find_actors(document, sents, lex)
    resolve(mentions, document, sents, lex)
    assert [m.country for m in mentions if m.head == "مراسل"] == [None]


def test_one_entity_over_name_and_office() -> None:
    text = "وصل وزير الدفاع المغربي عبد اللطيف لوديي. وقال لوديي إن الوزير راض."
    mentions, entities = read(text, "عبد اللطيف لوديي", "لوديي")
    ids = {m.entity for m in mentions}
    assert len(ids) == 1
    assert entities[0].country == "MAR"
    assert len(entities[0].mentions) == 3


@pytest.mark.parametrize(("published", "sector"), [("2020-01-01", "GOV"), ("2025-01-01", "ELI")])
def test_an_office_counts_at_the_articles_date(published: str, sector: str) -> None:
    assert told("قال سامح شكري إن", "سامح شكري", published=published) == [("EGY", sector)]


def test_an_unknown_country_is_none_with_its_reason() -> None:
    _, entities = read("تظاهر محتجون في الشارع.")
    assert entities[0].country is None
    assert entities[0].reason


def test_a_loaded_name_keeps_the_neutral_identifier() -> None:
    mentions, _ = read("ندد بجرائم الكيان الصهيوني اليوم")
    assert [(m.country, m.loaded) for m in mentions] == [("ISR", True)]


def test_a_local_outlets_country_counts_where_no_state_is_named() -> None:
    document = Document(id="", content_hash="", text="أوقفت الشرطة شخصا.", outlet="هآرتس")
    assert document_country(document, sentences(document.text), lexicon()).code == "ISR"


def test_every_mention_lies_where_it_says() -> None:
    text = "وقال الوزيرُ المِصريّ سامح شكري: «لن نقبل»، وللمغرب رأيه، وبالرباط وفد"
    for m in read(text)[0]:
        assert text[m.start : m.end] == m.text


@pytest.mark.parametrize("text", ["", "،،،", "وال", "من من من", "\u0640\u0640", "ال ال ال وزير و و", "٣ ٤ ٥"])
def test_odd_text_yields_no_error(text: str) -> None:
    read(text)


SECTORS = Ontology(sectors=["GOV", "PTY", "BUS"])


def test_own_actors_are_read_and_written() -> None:
    header = "name,aliases,country,sector,office,from,to,wikidata\n"
    table = header + "سعيد الفاسي,الفاسي,MAR,GOV,وزير المياه,2020-01,,Q42\nشركة النور,,MAR,BUS,,,,\n"
    people, orgs = read_actors(table, SECTORS, ["MAR"])
    assert people[0].office[0].from_ == "2020-01"
    assert orgs[0].name == "شركة النور"
    assert "[[person.office]]" in to_toml(people, orgs)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("فلان,XXX,GOV", "XXX"),
        ("فلان,MAR,KING", "KING"),
        ("فـلان,MAR,GOV", "0640"),
        (",MAR,GOV", "empty"),
    ],
)
def test_a_wrong_row_is_named_with_its_line(row: str, message: str) -> None:
    with pytest.raises(WordsError, match=rf"FILE\.csv:2: .*{message}"):
        read_actors(f"name,country,sector\n{row}\n", SECTORS, ["MAR"])


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(WordsError, match="unknown column 'colour'"):
        read_actors("name,colour\nفلان,أحمر\n", SECTORS, ["MAR"])


def test_of_two_actors_of_one_name_the_users_counts() -> None:
    _, orgs = read_actors("name,country,sector\nهآرتس,MAR,BUS\n", SECTORS, ["MAR"])
    lex = build(extended(Words(states=STATES, orgs=ORGS), [], orgs))
    document = Document(id="", content_hash="", text="قالت هآرتس ذلك")
    mentions = find_actors(document, sentences(document.text), lex)
    assert [(m.country, m.sector) for m in mentions] == [("MAR", "BUS")]


def test_a_phrase_given_is_read_where_it_stands() -> None:
    text = "قال زملاء الموظف في مصر إنهم"
    sents = sentences(text)
    got = mention_at(Document(id="", content_hash="", text=text), sents[0], 1, 5, lexicon())
    assert [(m.text, m.near) for m in got] == [("زملاء الموظف في مصر", ["EGY"])]


@pytest.mark.parametrize(
    ("text", "phrase", "country"),
    [
        ("زارت وفود دول المقاطعة الرباط.", "دول المقاطعة", {"SAU", "ARE", "BHR", "EGY"}),
        ("التقى وزير الخارجية بسلطنة عمان نظيره في القاهرة.", "وزير الخارجية بسلطنة عمان", {"OMN"}),
    ],
)
def test_phrase_of_the_package_words(text: str, phrase: str, country: set[str]) -> None:
    found = real(text)
    assert {m.country for m in found if m.text.endswith(phrase)} == country


@functools.lru_cache(maxsize=1)
def package() -> Lexicon:
    return build(Words.load())


def real(text: str) -> list[Mention]:
    """The mentions of a text by the package's own words."""
    document = Document(id="d", content_hash="", text=text)
    sents = sentences(text)
    found = find_actors(document, sents, package())
    resolve(found, document, sents, package())
    return found


def of(text: str, phrase: str) -> tuple[str | None, str | None]:
    m = next(m for m in real(text) if m.text == phrase)
    return m.country, m.sector


def test_kurdish_forces_are_syrian_where_syria_is_named() -> None:
    text = "قالت تركيا إن أنقرة ستحارب في شمال سوريا. وهاجم الجيش التركي المقاتلين الأكراد."
    assert of(text, "المقاتلين الأكراد") == ("SYR", "REB")


def test_taliban_are_no_students() -> None:
    assert of("أعلنت طالبان وقف القتال في كابل.", "طالبان") == ("AFG", "REB")


def test_the_north_in_an_article_on_korea_is_north_korea() -> None:
    text = "زار وفد من كوريا الجنوبية سيول. وقالت سيول إن الوفد الشمالي وصل."
    assert of(text, "الوفد الشمالي")[0] == "PRK"


def test_allies_of_a_state_are_not_that_state() -> None:
    assert of("دعت واشنطن حلفاءها إلى الحوار.", "حلفاءها")[0] is None


def test_gunmen_after_a_group_are_its_men() -> None:
    text = "هاجم تنظيم داعش قرية في العراق. ثم انسحب المسلحون منها."
    assert of(text, "المسلحون") == ("IMG", "REB")


def test_consul_abroad_is_of_the_articles_country() -> None:
    text = "أعلنت مصر متابعة القضية. وقالت القاهرة إن القنصل العام في لندن زار الأسرة."
    assert of(text, "القنصل العام في لندن")[0] == "EGY"


def test_surname_alone_after_the_full_name() -> None:
    document = Document(id="d", content_hash="", text="حكم القاضي على مروان شريتح. وقال محامي شريتح إنه سيستأنف.")
    sents = sentences(document.text)

    class Names:
        def spans(self, sents: list[object], lexicon: Lexicon) -> list[list[NameSpan]]:
            return [[NameSpan(3, 5, "PER", 0)], []]

    found = find_actors(document, sents, package(), Names())  # type: ignore[arg-type]
    assert any("شريتح" in m.text and m.sentence == 1 for m in found)


def test_a_person_and_an_office_of_another_country_are_two() -> None:
    assert of("التقى سامح شكري وزير الخارجية السوداني.", "وزير الخارجية السوداني")[0] == "SDN"


def own_words() -> Words:
    return Words(ontology=SECTORS, states=STATES)


def test_an_import_is_read_back_and_replaces_by_name(tmp_path: Path) -> None:
    table, target = tmp_path / "a.csv", tmp_path / "c" / "actors.toml"
    table.write_text("name,country,sector\nهيئة الماء,MAR,GOV\nهيئة النار,EGY,GOV\n", encoding="utf-8")
    assert import_actors(table, own_words(), target)[0] == 2
    table.write_text("name,country,sector\nهيئة الماء,SAU,GOV\n", encoding="utf-8")
    import_actors(table, own_words(), target)
    assert {o.name: o.country for o in with_user(own_words(), target).orgs} == {"هيئة النار": "EGY", "هيئة الماء": "SAU"}


def test_a_wrong_table_leaves_the_users_file_alone(tmp_path: Path) -> None:
    table, target = tmp_path / "a.csv", tmp_path / "actors.toml"
    table.write_text("name,country\nفلان,XXX\n", encoding="utf-8")
    with pytest.raises(WordsError, match=r"a\.csv:2"):
        import_actors(table, own_words(), target)
    assert not target.exists()


def test_a_users_file_with_a_wrong_code_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "actors.toml"
    target.write_text('[[org]]\nname = "هيئة الماء"\ncountry = "XXX"\n', encoding="utf-8")
    with pytest.raises(WordsError, match="XXX"):
        with_user(own_words(), target)


def test_a_name_that_is_another_word_needs_the_document_behind_it() -> None:
    assert not real("زأر الأسد في حديقة الحيوان.")
    assert of("أعلنت دمشق إرسال وفد. ورحب الأسد بالقرار.", "الأسد")[0] == "SYR"


@pytest.mark.parametrize(
    ("text", "country"),
    [("قال الوزير الأردني إن عمان ترفض القرار.", "JOR"), ("قال الوزير العماني إن عمان ترفض القرار.", "OMN")],
)
def test_a_name_of_two_states_is_the_one_that_the_document_means(text: str, country: str) -> None:
    assert of(text, "عمان")[0] == country


@pytest.mark.parametrize("text", ["عبر القارب نهر الأردن.", "غرق القارب في خليج عمان.", "وقع الجميع اتفاق باريس.", "ولد في مسقط رأسه."])
def test_rivers_and_pacts_are_no_states(text: str) -> None:
    assert not [m for m in real(text) if m.kind == "state"]


def test_two_listed_people_side_by_side_are_two() -> None:
    assert [m.country for m in real("التقت ميركل ترامب.")] == ["DEU", "USA"]


def test_the_host_of_an_ambassador_is_a_party_of_its_own() -> None:
    assert [m.country for m in real("استدعت وارسو السفير الإسرائيلي لدى بولندا.")] == ["POL", "ISR", "POL"]
