"""When: offsets, anchors, conflicts, residue, events' dates, and what odd input gives."""

from __future__ import annotations

import doctest
import json
import random
import re
import tomllib
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest

from waqai.text import fold
from waqai.types import Residue, Time
from waqai.when import build, cli_times, default_tagger, event_date, explain, find_times, main_times, origin_date
from waqai.when.calendar import hijri_day, hijri_of, iso_week, nth_in_month, safe
from waqai.when.rules import rules

WORDS = tomllib.loads((files("waqai") / "words" / "time" / "words.toml").read_text(encoding="utf-8"))
PUBLISHED = "2019-04-17"


def one(text: str, published: str | None = PUBLISHED) -> Time:
    times = find_times(text, published)
    assert len(times) == 1, [(t.text, t.value) for t in times]
    return times[0]


def test_offsets_point_into_the_text_as_given() -> None:
    text = "وقّعت الاتفاقيةُ يــومَ الأرْبِعَاء\u200f ٣ نيسان ٢٠١٩ في الرباط."
    t = one(text)
    assert t.value == "2019-04-03"
    assert text[t.start : t.end] == t.text
    assert t.text.startswith("يــوم")
    assert t.text.endswith("٢٠١٩")


def test_presentation_forms_are_read() -> None:
    assert one("\ufec7\ufe8e\ufee1 2010".replace("\ufec7", "\ufecb")).value == "2010"


def test_sorted_and_apart() -> None:
    text = "بين 3 و7 أيار 2018، ثم مساء الأربعاء، وقبل شهرين من الآن، ويومي السبت والأحد"
    times = find_times(text, PUBLISHED)
    assert len(times) >= 6
    assert all(a.end <= b.start for a, b in pairwise(times))


def test_a_line_end_is_not_crossed() -> None:
    assert [t.text for t in find_times("في 12\nمايو 2019", PUBLISHED)] == ["مايو 2019"]


def test_anchor_of_publication_and_of_nothing() -> None:
    assert one("أمس").anchor == -1
    assert one("عام 2010").anchor is None


def test_anchor_of_an_anaphor_is_where_its_time_stands() -> None:
    text = "بدأ الحصار في آذار 2018 وانتهى في الـ22 من الشهر ذاته"
    first, second = find_times(text, PUBLISHED)
    assert second.value == "2018-03-22"
    assert second.anchor == first.start


def test_conflict_of_today_keeps_both() -> None:
    t = one("اليوم الثلاثاء")
    assert t.value == "2019-04-16"
    assert t.conflict is not None
    assert "2019-04-17" in t.conflict
    assert "Tuesday" in t.conflict


def test_conflict_of_weekday_and_date() -> None:
    t = one("الاثنين 26 مارس 2019")
    assert t.value == "2019-03-26"
    assert t.conflict is not None


def test_a_weekday_chooses_the_year() -> None:
    assert one("الاثنين 26 آذار").value == "2018-03-26"


def test_without_publication_relative_times_keep_no_dates() -> None:
    t = one("الأربعاء الماضي", None)
    assert (t.value, t.date_start, t.date_end) == ("XXXX-WXX-3", None, None)


def test_an_unreadable_publication_counts_as_none() -> None:
    assert one("أمس", "لا أدري").value == "XXXX-XX-XX"


def test_publication_may_carry_a_time() -> None:
    assert one("أمس", "2019-04-17T10:00:00Z").value == "2019-04-16"


def test_days_covered() -> None:
    t = one("الأسبوع الماضي")
    assert (t.date_start, t.date_end) == ("2019-04-08", "2019-04-14")
    t = one("عام 1441هـ")
    assert (t.date_start, t.date_end) == ("2019-08-31", "2020-08-19")


def test_residue_is_left_out() -> None:
    text = "اقرأ أيضا: أحداث عام 2011\nوقع الاتفاق عام 2015"
    cut = text.index("\n")
    times = find_times(text, PUBLISHED, residue=[Residue(start=0, end=cut, kind="related")])
    assert [t.value for t in times] == ["2015"]


def test_why_names_the_rules() -> None:
    assert one("مساء الأربعاء").why == "part-of-day < weekday"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الأسبوع الماضي", ("2019-04", None)),
        ("مساء الأربعاء", ("2019-04-17", None)),
        ("الساعة التاسعة صباحا", ("2019-04-17", None)),
        ("مؤخرا", (None, None)),
        ("ثلاث سنوات", (None, None)),
        ("عام 2010", ("2010", None)),
        ("آذار 2010", ("2010-03", None)),
        ("النصف الأول من 2018", ("2018-01", "2018-06")),
        ("التسعينات", ("1990", "1999")),
        ("كل يوم", (None, None)),
    ],
)
def test_event_date(text: str, expected: tuple[str | None, str | None]) -> None:
    assert event_date(one(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("خلال اليومين الماضيين", ("2019-04-15", "2019-04-17")),
        ("خلال السنوات الثلاث الماضية", ("2016", "2019")),
        ("خلال الأشهر الثلاثة المقبلة", ("2019-04", "2019-07")),
        ("مستمر منذ سبع سنوات", ("2012", "2019")),
    ],
)
def test_event_date_of_a_duration_that_reaches_to_or_from_publication(text: str, expected: tuple[str, str]) -> None:
    assert event_date(one(text)) == expected


def test_origin_date_counts_back_from_publication() -> None:
    assert origin_date(one("فتح المعبر بعد ثلاث سنوات من إغلاقه"), PUBLISHED) == "2016"
    assert origin_date(one("عاد بعد يومين على الإعلان"), PUBLISHED) == "2019-04-15"
    assert origin_date(one("عاد بعد شهرين من الإعلان"), PUBLISHED) == "2019-02"
    assert origin_date(one("بقي ثلاث سنوات"), PUBLISHED) is None
    assert origin_date(one("عاد بعد شهرين من الإعلان"), None) is None


def test_event_date_of_a_range_has_both_ends() -> None:
    times = find_times("من 3 إلى 7 أيار 2018", PUBLISHED)
    assert event_date(times[0], times) == ("2018-05-03", "2018-05-07")
    assert event_date(times[0]) == ("2018-05-03", None)
    times = find_times("يومي 17 و18 نوفمبر 2016", PUBLISHED)
    assert event_date(times[0], times) == ("2016-11-17", "2016-11-18")


def test_a_range_over_new_year() -> None:
    times = find_times("من 28 ديسمبر إلى 4 يناير 2019", PUBLISHED)
    assert [t.value for t in times] == ["2018-12-28", "2019-01-04"]


def test_explain_tells_rules_days_and_anchor() -> None:
    told = explain("وصل في 5 آذار 2018 وغادر في اليوم التالي", PUBLISHED)
    assert "day-month" in told
    assert "2018-03-06 .. 2018-03-06" in told
    assert "the time at 7" in told
    assert explain("لا شيء هنا") == "no time expression"


def test_main_times_formats() -> None:
    line = json.loads(main_times("أمس", PUBLISHED, "jsonl"))
    assert (line["start"], line["end"], line["value"]) == (0, 3, "2019-04-16")
    assert main_times("أمس", PUBLISHED, "tsv").splitlines()[1].split("\t")[3] == "2019-04-16"
    assert main_times("أمس", PUBLISHED) == cli_times("أمس", PUBLISHED)
    with pytest.raises(ValueError, match="table, jsonl, tsv"):
        main_times("أمس", PUBLISHED, "xml")


def test_cli_times_tells_conflicts() -> None:
    assert "! today" in cli_times("اليوم الخميس", PUBLISHED)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n\n",
        "٣" * 5000,
        "1/" * 3000,
        "من " * 5000,
        "اليوم " * 3000,
        "عام " * 3000 + "2010",
        "قبل بعد منذ " * 2000,
        "31 فبراير 2019",
        "30/2/2019 و99/99/9999",
        "1 محرم 9999 هـ",
        "قبل 99999 عام",
        "قبل 999999999 يوم",
        "عام 9999",
        "الساعة 99:99",
        "31 من الشهر ذاته",
        "\ud800 أمس",
        "30 ذو الحجة 1441 هـ",
        "آخر يوم من",
        "الـ",
        "ال 5",
        "و",
    ],
)
def test_odd_input_never_raises(text: str) -> None:
    for published in (PUBLISHED, None, "0001-01-01", "9999-12-31"):
        for t in find_times(text, published):
            assert 0 <= t.start < t.end <= len(text)


def test_shuffled_words_never_raise() -> None:
    shuffle = random.Random(7)
    words = [w for e in WORDS["word"] for k in ("words", "prep", "weak", "rare") for w in e.get(k, ())]
    words += ["5", "12", "2015", "1441", "10:30", "3/4/2019", "،", "(", ")", "-", "/", "و", "الـ22", "\n"]
    for _ in range(400):
        text = " ".join(shuffle.choices(words, k=25))
        for published in (PUBLISHED, None, "0001-01-02"):
            times = find_times(text, published)
            assert all(text[t.start : t.end] == t.text for t in times)
            assert all(a.end <= b.start for a, b in pairwise(times))


def test_the_work_grows_with_the_length_only() -> None:
    # 200 copies give 200 times the expressions of one: no state of the text reaches beyond its neighbourhood
    once = find_times("وقع في 3 مايو 2016 هجوم.\n", PUBLISHED)
    many = find_times("وقع في 3 مايو 2016 هجوم.\n" * 200, PUBLISHED)
    assert len(many) == 200 * len(once)


def test_build_is_pure() -> None:
    text = "من 3 إلى 7 أيار، وقبل شهرين، والثلاثاء المقبل"
    assert build(WORDS).find(text, None) == build(WORDS).find(text, None) == default_tagger().find(text, None)


def test_every_rule_has_its_own_name() -> None:
    names = [r.name for r in rules()]
    assert len(names) == len(set(names))


def test_no_spelling_twice_in_a_class() -> None:
    seen: set[tuple[str, str, str]] = set()
    for entry in WORDS["word"]:
        for key in ("words", "prep", "weak", "rare"):
            for spelling in entry.get(key, ()):
                mark = (entry["class"], entry.get("number", ""), fold(spelling))
                assert mark not in seen, mark
                seen.add(mark)


def test_no_characters_that_hide_in_the_word_files() -> None:
    folder = files("waqai") / "words" / "time"
    hidden = re.compile("[\ufb50-\ufdff\ufe70-\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
    for name in ("words.toml", "corpus.toml"):
        assert hidden.search((folder / name).read_text(encoding="utf-8")) is None
    assert all("\u0640" not in w for e in WORDS["word"] for w in e.get("words", ()))


def test_hijri_round_trip() -> None:
    for year, month, day in ((1343, 1, 1), (1440, 9, 1), (1441, 1, 1), (1500, 12, 1), (1200, 6, 15), (1600, 3, 9)):
        greg = hijri_day(year, month, day)
        assert greg is not None
        assert hijri_of(greg) == (year, month, day)


def test_calendar() -> None:
    assert safe(2019, 2, 29) is None
    new_year = safe(2018, 12, 31)
    assert new_year is not None
    assert iso_week(new_year) == "2019-W01"
    start, end = safe(2019, 4, 1), safe(2019, 4, 30)
    assert start is not None
    assert end is not None
    last = nth_in_month((start, end), -1, 1)
    assert last is not None
    assert last.isoformat() == "2019-04-29"
    assert nth_in_month((start, end), 6, 1) is None


def test_the_example_of_the_docs_is_true() -> None:
    page = Path(__file__).parent.parent / "docs" / "when.md"
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert (result.failed, result.attempted) == (0, 2)
