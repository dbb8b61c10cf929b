"""What is read off an HTML page: its body line by line, title, author, outlet, date of publication."""

import pytest

from waqai.intake import documents
from waqai.intake.build import byline
from waqai.intake.dateline import dateline, from_url, labelled, parse_date
from waqai.intake.outlets import by_name, by_url, table

BODY = "<p>وصل الوفد إلى المدينة صباح اليوم لإجراء محادثات.</p><p>ووقع الجانبان مذكرة تفاهم في <b>مجال</b> <a href='/x'>الطاقة</a>.</p>"


def page(head="", body=BODY, top="<h1>عنوان الخبر</h1>", encoding="utf-8"):
    header = "<header>الخميس 1 يناير 2030</header>"
    html = f"<html><head>{head}</head><body>{header}<article>{top}{body}</article></body></html>"
    found = list(documents(html.encode(encoding)))
    assert len(found) == 1
    return found[0]


def test_paragraphs_are_lines_and_inline_tags_do_not_break_them():
    assert page().text.endswith("وصل الوفد إلى المدينة صباح اليوم لإجراء محادثات.\nووقع الجانبان مذكرة تفاهم في مجال الطاقة.")


@pytest.mark.parametrize("encoding", ["cp1256", "utf-16", "iso8859_6"])
def test_an_undeclared_encoding_is_told(encoding):
    assert "ووقع الجانبان مذكرة تفاهم" in page(encoding=encoding).text


def test_a_long_ascii_head_does_not_hide_the_code_page():
    assert "ووقع الجانبان" in page("<script>" + "var a = 1;" * 9000 + "</script>", encoding="cp1256").text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told(encoding):
    assert "ووقع الجانبان" in page("<script>" + "var a = 1;" * 999 + "</script>", encoding=encoding).text


def test_a_false_declaration_is_not_believed():
    assert "ووقع الجانبان" in page('<meta charset="windows-1256">').text
    assert "ووقع الجانبان" in page('<meta charset="utf-8">', encoding="cp1256").text


@pytest.mark.parametrize(
    ("head", "top", "day", "basis"),
    [
        ('<meta property="article:published_time" content="2021-11-24T23:50:00+03:00">', "", "2021-11-24", "metadata"),
        ('<script type="application/ld+json">[{"@type":"NewsArticle","datePublished":"2020-02-03"}]</script>',
         "", "2020-02-03", "metadata"),
        ('<link rel="canonical" href="https://x.example/2019/07/08/a.html">', "", "2019-07-08", "metadata"),
        ("", '<h1>خبر</h1><span class="date">24 كانون الثاني 2018</span>', "2018-01-24", "text"),
        ("", '<h1>خبر</h1><time>الأربعاء 7 جويلية 2021 - 10:30</time>', "2021-07-07", "text"),
        ('<meta property="article:modified_time" content="2021-11-24">', "<h1>خبر</h1>", None, "none"),
        ("", "<h1>خبر</h1>", None, "none"),
        ('<script type="application/ld+json">{broken</script>', "<h1>خبر</h1>", None, "none"),
    ],
)  # fmt: skip
def test_date_of_publication_and_where_it_stood(head, top, day, basis):
    document = page(head, top=top)
    assert (document.published, document.published_basis) == (day, basis)


def test_a_date_in_the_running_text_is_no_dateline():
    assert page(body=BODY + "<p>وكان البلدان قد وقعا اتفاقا في 12 مارس 2015.</p>").published is None


def test_title_author_and_outlet():
    head = (
        '<title>عنوان آخر | موقع</title><meta name="author" content="بقلم: سامر الخوري">'
        '<link rel="canonical" href="https://www.bbc.com/arabic/articles/1">'
    )
    document = page(head)
    assert (document.title, document.author) == ("عنوان الخبر", "سامر الخوري")
    assert (document.outlet, document.outlet_country) == ("بي بي سي عربي", "GBR")


def test_a_title_of_two_words_stays_in_the_text():
    document = page(top="<h1>وصول بعثة</h1>")
    assert not any("وصول" in document.text[r.start : r.end] for r in document.boilerplate)


def test_an_account_name_is_no_author():
    top = "<h1>عنوان الخبر</h1><span class='byline'>بواسطة <a>محمد عوض</a></span>"
    assert page('<meta name="author" content="admin">', top=top).author == "محمد عوض"


def test_title_element_loses_the_site_where_there_is_no_heading():
    assert page("<title>وصول الوفد إلى المدينة - الجزيرة نت</title>", top="").title == "وصول الوفد إلى المدينة"


def test_a_paragraph_that_is_one_link_is_related():
    document = page(body=BODY + "<p><a href='/n'>افتتاح معرض الكتاب</a></p><p>وعاد الوفد مساء إلى بلاده.</p>")
    assert [document.text[r.start : r.end] for r in document.boilerplate if r.kind == "related"] == ["افتتاح معرض الكتاب"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("بقلم: سامر الخوري\nيبدو أن المدينة تغيرت.", "سامر الخوري"),
        ("كتب - محمود الشاذلي\nأعلنت الوزارة.", "محمود الشاذلي"),
        ("الرباط - أحمد المنصوري\nأعلنت الوزارة.", "أحمد المنصوري"),
        ("القاهرة (رويترز) - قال متحدث إن الطريق مفتوح.", "رويترز"),
        ("عمّان - بترا - أعلنت الوزارة.", "وكالة الأنباء الأردنية"),
        ("كتب الوزير على حسابه أن الطريق مفتوح.", None),
        ("أعلنت الوزارة (الخميس) أن الطريق مفتوح.", None),
    ],
)
def test_byline(text, name):
    assert byline(text) == name


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("السبت 12 رجب 1442 هـ - 24 نوفمبر 2021", "2021-11-24"),
        ("12 رجب 1442", "2021-02-24"),
        ("24 آب/أغسطس 2021 - 10:30", "2021-08-24"),
        ("الأربعاء، 24 نونبر 2021 على الساعة 14:20", "2021-11-24"),
        ("٢٤ تشرين الثاني، ٢٠٢١", "2021-11-24"),
        ("05/06/2021", "2021-06-05"),
        ("24-11-2021", "2021-11-24"),
        ("2021/11/24", "2021-11-24"),
        ("18 غشت 2020", "2020-08-18"),
        ("12 أوت 2020", "2020-08-12"),
        ("31 فبراير 2020", None),
        ("قتل 12 شخصا في نوفمبر 2020", None),
        ("نوفمبر 2020", None),
    ],
)
def test_dateline_in_every_region_s_months(line, day):
    assert dateline(line) == day


def test_labels_tell_publication_from_update():
    assert labelled("تم النشر في 3 نوفمبر 2020") == ("2020-11-03", True)
    assert labelled("آخر تحديث: 12 أيار/مايو 2019 - 10:45 بتوقيت غرينتش") == ("2019-05-12", False)
    assert labelled("نشرت 12 دولة قوات في 2020") is None


@pytest.mark.parametrize(("url", "day"), [
    ("https://x.y/2021/11/24/a", "2021-11-24"), ("https://x.y/a-20211124.html", "2021-11-24"),
                                          ("https://x.y/2021/13/24", None), ("https://x.y/a/73524", None)])  # fmt: skip
def test_date_in_a_url(url, day):
    assert from_url(url) == day


@pytest.mark.parametrize("value", ["2021-11", "yesterday", ""])
def test_what_is_no_day_is_none(value):
    assert parse_date(value) is None


def test_outlets_cover_every_arab_country_and_are_found_by_domain_and_name():
    arab = {
        "DZA", "BHR", "COM", "DJI", "EGY", "IRQ", "JOR", "KWT", "LBN", "LBY", "MRT", "MAR", "OMN",
        "PSE", "QAT", "SAU", "SOM", "SDN",
        "SYR", "TUN", "ARE", "YEM",
    }  # fmt: skip
    assert arab <= {o.country for o in table()}
    assert len(table()) >= 150
    assert by_url("http://arabic.cnn.com/x").country == "USA"
    assert by_url("https://notcnn.com/x") is None
    assert by_name("أ ف ب").en == "Agence France-Presse"
    assert by_name("الرأي العام الآخر") is None


def test_no_domain_stands_twice():
    domains = [d for o in table() for d in o.domain]
    assert len(domains) == len(set(domains))
