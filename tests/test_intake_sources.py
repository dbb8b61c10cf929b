"""Every kind of input becomes documents; everything that cannot be read becomes one clear failure."""

import gzip
import io
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waqai.intake import documents
from waqai.intake.sources import LIMIT
from waqai.types import Document, Failure

TEXT = "وصل وزير الخارجية إلى المدينة صباح اليوم.\nوقال إن الاتفاق يوقع غدا.\n"


def only(source, **options):
    found = list(documents(source, **options))
    assert len(found) == 1
    return found[0]


def failure(source, **options):
    found = only(source, **options)
    assert isinstance(found, Failure)
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1256", "iso8859_6"])
def test_text_of_any_encoding_is_kept_exactly(encoding):
    assert only(TEXT.encode(encoding)).text == TEXT


def test_line_ends_and_spaces_of_a_text_are_kept():
    text = "  قال الوزير كلمة.\r\n\r\n\tوأضاف أخرى.\u00a0\n"
    assert only(text.encode()).text == text


def test_bytes_cut_off_inside_a_letter_are_read():
    assert only((TEXT * 5).encode()[:-2]).text.startswith(TEXT)


def test_json_line_keeps_text_and_takes_its_fields():
    line = {
        "text": TEXT, "title": "عنوان", "url": "https://www.aljazeera.net/news/1", "outlet": "الجزيرة",
        "published": "2021-11-24T10:00:00Z", "author": "هالة منصور",
    }  # fmt: skip
    document = only(json.dumps(line).encode())
    assert (document.text, document.title, document.author) == (TEXT, "عنوان", "هالة منصور")
    assert (document.published, document.published_basis, document.outlet_country) == ("2021-11-24", "given", "QAT")


def test_json_line_with_html_is_read_as_a_page():
    page = "<html><body><article><p>وصل الوفد إلى المدينة.</p><p>وعاد مساء.</p></article></body></html>"
    assert only(json.dumps({"html": page}).encode()).text == "وصل الوفد إلى المدينة.\nوعاد مساء."


def test_a_bad_json_line_is_named_and_the_others_are_read():
    rows = [json.dumps({"text": TEXT}) for _ in range(20)]
    rows[16] = '{"text": "قال'
    found = list(documents("\n".join(rows).encode()))
    bad = [f for f in found if isinstance(f, Failure)]
    assert len(found) == 20
    assert [f.source for f in bad] == ["bytes: line 17"]
    assert "not valid JSON" in bad[0].message


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('{"title": "x"}', "no `text`"),
        ('{"text": ""}', "no `text`"),
        ('{"text": "قال الوزير", "published": "أمس"}', "is no date"),
        ('{"text": "قال الوزير", "url": 3}', "`url` is not a string"),
        ('{"text": "قال \\ud800 الوزير"}', "JSON"),
    ],
)
def test_what_is_wrong_with_a_json_line_is_said(line, word):
    assert word in failure(line.encode()).message


def test_a_json_array_is_read_item_by_item():
    found = list(documents(json.dumps([{"text": TEXT}, {"text": TEXT}]).encode()))
    assert [d.source for d in found] == ["bytes: item 1", "bytes: item 2"]


def test_rss_and_atom_entries_are_documents():
    rss = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>أخبار</title>'
        "<item><title>عنوان</title>"
        "<link>https://x.example/1</link><pubDate>Thu, 22 Nov 2018 23:30:00 +0300</pubDate>"
        f"<description>{TEXT}</description></item></channel></rss>"
    )
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>أخبار</title><entry><title>عنوان</title>'
        f"<published>2018-11-22T01:00:00Z</published><summary>{TEXT}</summary></entry></feed>"
    )
    for feed in (rss, atom):
        document = only(feed.encode())
        assert (document.title, document.published, document.published_basis) == ("عنوان", "2018-11-22", "metadata")
        assert document.text.startswith("وصل وزير الخارجية")


def test_gzip_is_seen_through(tmp_path):
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(TEXT.encode()))
    assert only(path).text == TEXT


def test_a_folder_is_read_in_order_without_page_furniture(tmp_path):
    (tmp_path / "b.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "c.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "style.css").write_text("p {}", encoding="utf-8")
    (tmp_path / ".hidden").write_text("x", encoding="utf-8")
    assert [os.path.basename(d.source) for d in documents(tmp_path)] == ["b.txt", "c.txt"]


def test_standard_input_is_a_dash(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    document = only("-")
    assert (document.text, document.source) == (TEXT, "standard input")


def test_a_string_may_be_the_content():
    assert only(TEXT).text == TEXT


def test_what_is_given_wins():
    document = only(TEXT, published="2020-01-02", outlet="رويترز", url="https://x.example/2019/05/05/a", title="عنوان")
    assert (document.published, document.published_basis) == ("2020-01-02", "given")
    assert (document.outlet, document.outlet_country, document.title) == ("رويترز", "GBR", "عنوان")


def test_kind_is_forced():
    assert only("<p>قال الوزير كلمة قصيرة.</p>".encode(), kind="text").text.startswith("<p>")


@pytest.mark.parametrize("options", [{"kind": "pdf"}, {"published": "2021-13-40"}])
def test_a_wrong_option_is_refused_before_reading(options):
    with pytest.raises(ValueError, match=r"unknown kind|is no date"):
        documents(TEXT, **options)


@pytest.mark.parametrize(
    ("source", "error", "word"),
    [
        (b"", "FormatError", "empty"),
        (b"  \n ", "FormatError", "no text"),
        (b"1234 5678", "LanguageError", "no letters"),
        (b"The minister arrived in the city this morning.", "LanguageError", "not Arabic"),
        ("وزیر خارجه ایران در تهران گفت که این توافق را امضا می‌کند و از آن است.".encode(), "LanguageError", "Persian"),
        (b"%PDF-1.7 ...", "FormatError", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0", "FormatError", "PNG"),
        (b"abc\0\1\2\3" * 99, "FormatError", "binary"),
        (bytes(range(128, 256)) * 20, "EncodingError", "UTF-8"),
        (b"\x1f\x8b" + b"garbage" * 9, "FormatError", "gzip"),
        (gzip.compress(TEXT.encode() * 99)[:-20], "FormatError", "cut off"),
        (b"<html><body></body></html>", "FormatError", "no article body"),
        (b"<rss version='2.0'><channel></channel></rss>", "FormatError", "no entries"),
        (b"WARC/1.0\r\n", "FormatError", "WARC"),
        (b"<html><body>" + b"<div>" * 9999 + "<p>قال الوزير.</p>".encode(), "FormatError", "nested"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_failure(source, error, word):
    found = failure(source)
    assert found.error == error
    assert word in found.message
    assert found.hint or ";" in found.message


def test_a_page_over_the_limit_is_refused_without_reading_it_all():
    class Endless(io.BytesIO):
        taken = 0

        def read(self, n=-1):
            n = 2**20 if n is None or n < 0 else n
            self.taken += n
            assert self.taken < 2 * LIMIT
            return b"<p>x</p>"[:1] * n

    assert failure(Endless()).error == "SizeError"


def test_a_missing_file_is_a_failure():
    assert "no such file" in failure("missing.txt").message


def test_an_address_is_never_opened():
    assert "never opens a connection" in failure("https://www.example.org/news").message


def test_identity_depends_on_outlet_url_and_text_and_the_hash_on_folded_text_alone():
    a, b = only(TEXT, outlet="أ"), only(TEXT, outlet="ب")
    c = only(TEXT.replace("إن", "ان").replace("\n", " \n"), outlet="أ")
    assert a.id != b.id
    assert a.content_hash == b.content_hash == c.content_hash
    assert a.id == only(TEXT, outlet="أ").id


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_is_read_exactly_or_fails_clearly(text):
    found = list(documents(("قال الوزير إن " + text).encode(), kind="text"))
    assert len(found) == 1
    assert isinstance(found[0], Failure) or found[0].text == "قال الوزير إن " + text


@given(st.binary(max_size=400))
def test_any_bytes_end_in_documents_or_failures(data):
    assert all(isinstance(x, Document | Failure) for x in documents(data))
