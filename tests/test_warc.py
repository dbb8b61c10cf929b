"""WARC archives: packings, the prefilter, what is broken, what is hostile."""

from __future__ import annotations

import gzip
import io
import random
from pathlib import Path

import pytest
import warc_samples as make

from waqai.intake import documents, warc
from waqai.types import Document, Failure


def pages_of(data: bytes) -> tuple[list[str | None], list[warc.Loss], warc.Counts]:
    """Addresses read, losses and counts of an archive."""
    counts = warc.Counts()
    found = list(warc.pages(io.BytesIO(data), counts))
    return (
        [p.url for p in found if isinstance(p, warc.Page)],
        [p for p in found if isinstance(p, warc.Loss)],
        counts,
    )


def ten() -> list[bytes]:
    """Ten records, each a gzip member."""
    return [
        gzip.compress(make.record(f"u{i}", make.arabic(random.Random(i), i).encode()), mtime=0) for i in range(10)
    ]


URLS = [f"u{i}" for i in range(10)]


@pytest.mark.parametrize("how", ["gz", "zst", "plain"])
def test_only_the_arabic_pages_are_read_whatever_the_packing(how: str) -> None:
    data = make.packed(make.crawl(200, share=0.2, seed=2), how)
    _, losses, counts = pages_of(data)
    assert losses == []
    assert counts.arabic + counts.foreign + counts.other == 200
    found = list(documents(data))
    assert len(found) == counts.arabic > 20
    assert all(isinstance(d, Document) and d.url and d.url.startswith("https://news") for d in found)


def test_the_same_articles_come_out_of_each_packing() -> None:
    found = [
        [d.id for d in documents(make.packed(make.crawl(60, share=0.3), how)) if isinstance(d, Document)]
        for how in ("gz", "zst", "plain")
    ]
    assert found[0] == found[1] == found[2] != []


def test_an_archive_without_seeking_is_read_too() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    assert [d.url for d in documents(Pipe(b"".join(ten()))) if isinstance(d, Document)] == URLS


@pytest.mark.parametrize("code", ["utf-8", "cp1256", "iso8859_6", "utf-16-le"])
def test_arabic_passes_in_each_encoding(code: str) -> None:
    assert warc.promising(make.arabic(random.Random(1), 1).encode(code, errors="xmlcharrefreplace"))


def test_arabic_written_as_entities_passes() -> None:
    assert warc.promising(make.arabic(random.Random(1), 1).encode("ascii", errors="xmlcharrefreplace"))


@pytest.mark.parametrize("language", ["en", "fr", "ru", "fa", "ur", "zh"])
def test_other_languages_do_not_pass(language: str) -> None:
    assert not warc.promising(make.other(random.Random(1), language).encode())


def test_an_english_page_with_a_line_of_arabic_does_not_pass() -> None:
    page = make.other(random.Random(1), "en").replace("</body>", "<p>النسخة العربية من الموقع</p></body>")
    assert not warc.promising(page.encode())


def test_arabic_typed_with_persian_letters_passes() -> None:
    page = make.arabic(random.Random(1), 1).replace("ي", "ی").replace("ك", "ک")
    assert warc.promising(page.encode())


def test_of_a_cut_archive_all_is_read_but_the_last_page() -> None:
    data = b"".join(ten())
    urls, losses, counts = pages_of(data[:-700])
    assert urls == URLS[:9]
    assert [(loss.at + loss.size, counts.lost_bytes) for loss in losses] == [(len(data) - 700, losses[0].size)]


def test_a_cut_in_the_first_bytes_of_a_record_is_told() -> None:
    members = ten()
    urls, losses, _ = pages_of(b"".join(members[:5]) + members[5][:7])
    assert (urls, losses[0].size) == (URLS[:5], 7)


@pytest.mark.parametrize("at", [0, 400])
def test_behind_a_damaged_record_reading_goes_on(at: int) -> None:
    members = ten()
    members[4] = members[4][:at] + bytes(40) + members[4][at + 40 :]
    urls, losses, counts = pages_of(b"".join(members))
    assert urls == URLS[:4] + URLS[5:]
    assert [(loss.at, loss.size) for loss in losses] == [(sum(map(len, members[:4])), len(members[4]))]
    assert (counts.breaks, counts.lost_bytes) == (1, len(members[4]))


def test_damage_is_one_failure_with_place_and_hint(tmp_path: Path) -> None:
    members = ten()
    members[4] = members[4][:400] + bytes(40) + members[4][440:]
    path = tmp_path / "a.warc.gz"
    path.write_bytes(b"".join(members))
    failures = [f for f in documents(path) if isinstance(f, Failure)]
    assert len(failures) == 1
    assert failures[0].source == f"{path}: record at byte {sum(map(len, members[:4]))}"
    assert "bytes of the archive are lost" in failures[0].message


def test_garbage_between_records_costs_only_itself() -> None:
    members = ten()
    urls, losses, _ = pages_of(members[0] + b"garbage" * 30 + b"".join(members[1:]))
    assert (urls, [loss.size for loss in losses]) == (URLS, [210])


@pytest.mark.parametrize("length", [99_999_999_999, 2_000, -5])
def test_a_record_that_lies_about_its_length_hides_no_other(length: int) -> None:
    liar = gzip.compress(make.record("liar", make.arabic(random.Random(1), 1).encode(), length=length))
    urls, _, _ = pages_of(ten()[0] + liar + b"".join(ten()[1:]))
    assert [u for u in urls if u != "liar"] == URLS


def test_a_page_that_unpacks_to_too_much_is_left_out() -> None:
    body = gzip.compress(b"a" * 30_000_000)
    bomb = gzip.compress(make.record("bomb", body, more="Content-Encoding: gzip\r\n"))
    urls, _, counts = pages_of(ten()[0] + bomb + ten()[1])
    assert (urls, counts.large) == (URLS[:2], 1)


def test_a_page_that_came_packed_is_unpacked() -> None:
    page = make.arabic(random.Random(1), 1).encode()
    chunked = b"%x\r\n" % len(page) + page + b"\r\n0\r\n\r\n"
    data = make.record("a", gzip.compress(page), more="Content-Encoding: gzip\r\n")
    data += make.record("b", chunked, more="Transfer-Encoding: chunked\r\n")
    found = list(warc.pages(io.BytesIO(data)))
    assert [p.data for p in found if isinstance(p, warc.Page)] == [page, page]


def test_answers_that_are_no_pages_are_counted_not_read() -> None:
    page = make.arabic(random.Random(1), 1).encode()
    data = make.record("a", page, status="404 Not Found") + make.record("b", page, kind="application/pdf")
    urls, _, counts = pages_of(data)
    assert (urls, counts.other) == ([], 2)


@pytest.mark.parametrize("data", [b"", b"WARC/1.0\r\n", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"no archive at all"])
def test_what_is_no_archive_yields_no_page(data: bytes) -> None:
    assert pages_of(data)[0] == []


def test_parts_are_the_whole() -> None:
    data = make.packed(make.crawl(60, share=0.4))
    whole = pages_of(data)[0]
    total, parts = warc.Counts(), []
    for i in range(3):
        parts.append([p.url for p in warc.pages(io.BytesIO(data), total, (i, 3)) if isinstance(p, warc.Page)])
    assert [parts[n % 3][n // 3] for n in range(len(whole))] == whole
    assert total == pages_of(data)[2]
