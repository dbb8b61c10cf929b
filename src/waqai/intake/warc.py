"""Web archives (WARC; plain, gzip or zstd, such as Common Crawl's CC-NEWS) to Arabic pages; the rest goes by in microseconds.

Note [Prefilter]
----------------
Nineteen pages of twenty in a crawl are in other languages. In UTF-8 every Arabic letter begins with one of the bytes D8 and D9,
which begin nothing else; counting them takes some 30 µs a page. What has them may still be Persian or Urdu: these use letters
that begin with DA and DB (گ چ پ ی ک) all the time, Arabic hardly ever, so only a page with many of them is asked for its language
(`detect_fast` of resiliparse, which compares hashed n-grams). Legacy code pages are told by the article «ال» at the start of a
word, two bytes that no other encoding puts behind a blank so often. No page is parsed before it has passed.

Note [Broken archives]
----------------------
Each record of a compressed archive is a member of its own that can be read alone. Where one is damaged, cut off, or lies about
its length, reading goes on at the next place that looks like a member *and* unpacks to a WARC header. What lies between is
counted in bytes and told as one `FormatError`. A page that is not there to its end is not read: half an article would pass for a
whole one.
"""

from __future__ import annotations

import io
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, NamedTuple, cast

import msgspec

from waqai.errors import FormatError, InputError, SizeError
from waqai.intake.build import Raw

__all__ = ["LIMIT", "Counts", "Loss", "Page", "is_archive", "pages", "promising", "read_archive", "read_payload"]

LIMIT = 10 * 2**20
"""Largest page in bytes, packed or not."""
_GZIP, _ZSTD, _PLAIN = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"WARC/1."
_BLOCK = 2**20
_LEAST = 200  # bytes D8 and D9 of a page: some thirty words
_SHARE = 0.002  # of the page's bytes: scripts and styles are most of a page
_FOREIGN_SHARE = 0.03  # bytes DA and DB among those of Arabic script


class Counts(msgspec.Struct, kw_only=True):
    """What went by in an archive. `lost_bytes` are bytes of the file, packed as they are."""

    records: int = 0
    other: int = 0  # no page: images, redirects, errors of the server
    foreign: int = 0  # pages in other languages
    arabic: int = 0  # pages that passed the prefilter
    large: int = 0
    breaks: int = 0
    lost_bytes: int = 0

    def add(self, more: Counts) -> None:
        """Add the counts of another archive."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(more, name))


class Page(NamedTuple):
    """A page that may be Arabic: `at` is the offset of its record in the archive, `data` its bytes without any packing."""

    at: int
    url: str | None
    data: bytes
    plain: bool


class Loss(NamedTuple):
    """A stretch of the archive that is not read: its offset, its size in bytes (0 where it is not known), and why."""

    at: int
    size: int
    error: InputError


def is_archive(head: bytes) -> bool:
    """Tell whether a file that begins with `head` (some kilobytes) is a WARC archive, packed or not."""
    return _opens(head) and _unpacked_start(head).startswith(b"WARC/")


def read_archive(
    stream: IO[bytes] | io.RawIOBase, counts: Counts | None = None, part: tuple[int, int] = (0, 1)
) -> Iterator[tuple[str, Raw | InputError]]:
    """Yield (place, article) for each page that may be Arabic and (place, error) for what cannot be read.

    Pages in other languages are counted in `counts` and not yielded. `part`: see `pages`.
    """
    for item in pages(stream, counts, part):
        where = f"record at byte {item.at}"
        if isinstance(item, Loss):
            yield where, item.error
            continue
        try:
            yield where, read_payload(item)
        except InputError as error:
            yield f"{where} ({item.url})" if item.url else where, error


def read_payload(page: Page) -> Raw:
    """Return the article of a page. Raises InputError where it has none."""
    from waqai.intake.encoding import decode
    from waqai.intake.html import read_page
    from waqai.intake.plain import read_text

    text = decode(page.data)
    try:
        raw = read_text(text) if page.plain else read_page(text)
    except RecursionError as error:
        raise FormatError("it is nested too deep to be read") from error
    raw.url = page.url or raw.url
    return raw


# --- records ------------------------------------------------------------------------------------------------------------


def pages(
    stream: IO[bytes] | io.RawIOBase, counts: Counts | None = None, part: tuple[int, int] = (0, 1)
) -> Iterator[Page | Loss]:
    """Yield the pages of an archive that may be Arabic, and a `Loss` for each stretch that cannot be read.

    `stream`: binary; one that cannot be sought in is first copied to a temporary file. `part` (i, n): of what there is to
    yield, every n-th from the i-th on. What goes by is counted with the first part alone, so that counts can be added.
    """
    counts = Counts() if counts is None else counts
    every = Counts()
    with tempfile.TemporaryFile() as copy:
        if not stream.seekable():
            shutil.copyfileobj(stream, copy, _BLOCK)
            copy.seek(0)
            stream = copy
        for number, item in enumerate(_all(cast(IO[bytes], stream), every)):
            if number % part[1] == part[0]:
                yield item
    if part[0] == 0:
        counts.add(every)


def _all(stream: IO[bytes], counts: Counts) -> Iterator[Page | Loss]:
    """Read runs of sound records, going on behind each break (see Note [Broken archives])."""
    head = stream.read(64)
    magic = next((m for m in (_GZIP, _ZSTD, _PLAIN) if head.startswith(m)), None)
    if magic is None:
        yield Loss(0, 0, FormatError("it is no WARC archive" if head else "the file is empty"))
        return
    at: int | None = 0
    while at is not None:
        run = _Run(stream, at, magic, counts)
        yield from run.read()
        at = run.next


class _Break(Exception):
    """The record at `at` is not what its header says, or (`large`) too large to be read."""

    def __init__(self, at: int, why: str, *, large: bool = False) -> None:
        super().__init__(why)
        self.at, self.large = at, large


class _Run:
    """The sound records from `at` on. `next` is where to go on behind the break that ended them, None for the end."""

    def __init__(self, stream: IO[bytes], at: int, magic: bytes, counts: Counts) -> None:
        self._stream, self._at, self._magic, self._counts = stream, at, magic, counts
        self._sound = -1
        self.next: int | None = None

    def read(self) -> Iterator[Page | Loss]:
        self._stream.seek(self._at)
        try:
            yield from self._records(self._stream, None)
        except _Break as stop:
            yield from self._behind(stop)
        except (OSError, ValueError, EOFError) as error:
            at = _end(self._stream, self._sound, self._magic) if self._sound >= self._at else self._at
            yield from self._behind(_Break(at, str(error)))
        else:
            size, end = self._stream.seek(0, io.SEEK_END), _end(self._stream, max(self._sound, self._at), self._magic)
            if end < size:
                yield self._lost(end, size, "it is cut off")

    def _records(self, stream: IO[bytes], at: int | None) -> Iterator[Page]:
        """The pages of `stream`; `at`: the offset to give to all of them. Raises _Break and OSError."""
        from fastwarc.warc import ArchiveIterator

        counts = self._counts
        for record in ArchiveIterator(stream, parse_http=False):
            here = record.stream_pos if at is None else at
            length = record.content_length
            if length > LIMIT:
                is_page = b"text/html" in record.reader.read(4096).split(b"\r\n\r\n", 1)[0].lower()
                raise _Break(here, f"a page of {length} bytes is larger than {LIMIT // 2**20} MB" if is_page else "", large=True)
            data = record.reader.read()
            if len(data) != length:
                raise _Break(here, f"a record is {len(data)} bytes of {length}")
            self._sound = here
            counts.records += 1
            page = _page(record, here, data, counts)
            if page is not None:
                yield page

    def _behind(self, stop: _Break) -> Iterator[Page | Loss]:
        """Read the record at the break by itself where that can be done, and find where to go on."""
        size, begin = self._stream.seek(0, io.SEEK_END), stop.at
        if stop.large:
            self._counts.large += 1
            if str(stop):
                yield Loss(stop.at, 0, SizeError(str(stop)))
        else:
            member = _member(self._stream, stop.at) if self._magic == _GZIP else b""
            try:
                yield from self._records(io.BytesIO(member), stop.at)
                if self._sound == stop.at:
                    begin = _end(self._stream, stop.at, self._magic)
            except (_Break, OSError, ValueError, EOFError):
                pass  # it cannot: it is part of what is lost
        self.next = _next(self._stream, max(begin, stop.at + 1), self._magic)
        end = size if self.next is None else self.next
        if not stop.large and (begin < end or begin == stop.at):
            yield self._lost(begin, end, str(stop) or "it is broken")

    def _lost(self, begin: int, end: int, why: str) -> Loss:
        size = max(0, end - begin)
        self._counts.breaks += 1
        self._counts.lost_bytes += size
        what = f"{size} bytes of the archive are lost here ({why})" if size else f"the rest of the archive is lost ({why})"
        return Loss(begin, size, FormatError(f"{what}; fetch the file again"))


# --- where records begin and end ----------------------------------------------------------------------------------------


def _opens(head: bytes) -> bool:
    return head.startswith((_GZIP, _ZSTD, b"WARC/"))


def _unpacked_start(head: bytes) -> bytes:
    """The first bytes of what `head` unpacks to; b"" where it does not unpack."""
    try:
        if head.startswith(_GZIP):
            return zlib.decompressobj(31).decompress(head, 16)
        if head.startswith(_ZSTD):
            from fastwarc.stream_io import ZstdReader

            return bytes(ZstdReader(io.BytesIO(head)).read(16))
    except (zlib.error, OSError, EOFError):
        return b""
    return head[:16]


def _next(stream: IO[bytes], at: int, magic: bytes) -> int | None:
    """The offset of the first record at or behind `at` whose packing opens."""
    keep = len(magic) - 1
    while True:
        stream.seek(at)
        block = stream.read(_BLOCK)
        found = block.find(magic)
        while found >= 0:
            stream.seek(at + found)
            if _unpacked_start(stream.read(4096)).startswith(_PLAIN):
                return at + found
            found = block.find(magic, found + 1)
        if len(block) <= keep:
            return None
        at += len(block) - keep


def _member(stream: IO[bytes], at: int) -> bytes:
    """What the gzip member at `at` unpacks to, as far as it does, up to the size of a page."""
    stream.seek(at)
    unpack, out = zlib.decompressobj(31), io.BytesIO()
    try:
        while not unpack.eof and out.tell() <= LIMIT and (block := stream.read(65_536)):
            out.write(unpack.decompress(block, LIMIT + 65_536 - out.tell()))
    except zlib.error:
        pass  # what came before the fault is kept
    return out.getvalue()


def _end(stream: IO[bytes], at: int, magic: bytes) -> int:
    """The offset behind the record at `at`; the end of the file where that cannot be told."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(at)
    try:
        if magic == _GZIP:
            return min(size, _gzip_end(stream, at))
        if magic == _ZSTD:
            return min(size, _zstd_end(stream, at))
        head = stream.read(65_536)
        length = re.search(rb"(?i)^content-length:[ \t]*(\d{1,15})", head, re.MULTILINE)
        return min(size, at + head.index(b"\r\n\r\n") + 8 + int(length[1])) if length else size
    except (zlib.error, ValueError, IndexError):
        return size


def _gzip_end(stream: IO[bytes], at: int) -> int:
    unpack = zlib.decompressobj(31)
    while not unpack.eof:
        block = unpack.unconsumed_tail or stream.read(65_536)
        if not block:
            break
        unpack.decompress(block, _BLOCK)
    return stream.tell() - len(unpack.unused_data)


def _zstd_end(stream: IO[bytes], at: int) -> int:
    """Frame header, blocks, checksum: RFC 8878, section 3.1.1."""
    flags = stream.read(5)[4]
    single = flags >> 5 & 1
    stream.seek((1 - single) + (0, 1, 2, 4)[flags & 3] + ((single, 2, 4, 8)[flags >> 6]), io.SEEK_CUR)
    while True:
        header = int.from_bytes(stream.read(3), "little")
        stream.seek(1 if header >> 1 & 3 == 1 else header >> 3, io.SEEK_CUR)
        if header & 1 or not header:
            return stream.tell() + 4 * (flags >> 2 & 1)


# --- one record ---------------------------------------------------------------------------------------------------------

_KINDS = {b"text/html": False, b"application/xhtml+xml": False, b"text/plain": True}
_TYPE = re.compile(rb"(?im)^content-type:[ \t]*([a-z0-9.+/-]{1,60})")
_PACKED = re.compile(rb"(?im)^(content|transfer)-encoding:[ \t]*([a-z0-9-]{1,20})")


def _page(record: Any, at: int, data: bytes, counts: Counts) -> Page | None:
    """The page of a record that may be Arabic; else None, counted."""
    kind = str(record.headers.get("WARC-Type") or "").lower()
    if kind not in ("response", "resource", "conversion"):
        return None
    head, body = b"", data
    if kind == "response":
        head, _, body = data.partition(b"\r\n\r\n")
        found = _TYPE.search(head)
        if head[9:12] != b"200" or (found and found[1].lower() not in _KINDS):
            counts.other += 1
            return None
        mime = found[1].lower() if found else b"text/html"
    else:
        mime = str(record.headers.get("Content-Type") or "").split(";")[0].strip().lower().encode()
        if mime not in _KINDS:
            counts.other += 1
            return None
    unpacked = _plain(head, body)
    if unpacked is None:
        counts.large += 1
        return None
    if not promising(unpacked):
        counts.foreign += 1
        return None
    counts.arabic += 1
    return Page(at, record.headers.get("WARC-Target-URI"), unpacked, _KINDS[mime])


def _plain(head: bytes, body: bytes) -> bytes | None:
    """The body of an HTTP answer without its packing; None where it is larger than a page or does not unpack."""
    codings = {m[2].lower() for m in _PACKED.finditer(head)} - {b"identity"}
    if not codings:
        return body
    from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, ZstdReader

    readers = {b"chunked": ChunkedReader, b"gzip": GzipReader, b"br": BrotliReader, b"zstd": ZstdReader}
    try:
        if b"chunked" in codings and re.match(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]*)?\r\n", body):
            body = bytes(readers[b"chunked"](io.BytesIO(body)).read(LIMIT + 1))
        if b"deflate" in codings:
            body = zlib.decompressobj(47 if body[:1] == b"\x78" else -15).decompress(body, LIMIT + 1)
        for name in codings & {b"gzip", b"br", b"zstd"}:
            # Crawlers often unpack the body and leave the header: what does not look packed is left as it is.
            if name == b"br" or body.startswith((_GZIP, _ZSTD)):
                body = bytes(readers[name](io.BytesIO(body)).read(LIMIT + 1))
    except (OSError, ValueError, EOFError, zlib.error):
        pass  # the header lies, mostly: the prefilter sees what it is
    return body if len(body) <= LIMIT else None


# --- the prefilter ------------------------------------------------------------------------------------------------------

_LEGACY = (b" \xc7\xe1", b" \xc7\xe4")  # « ال» in windows-1256 and in ISO 8859-6
_ENTITIES = (b"&#1575;&#1604;", b"&#x627;&#x644;", b"&#x0627;&#x0644;")
_RUNS = re.compile(rb"[\xd8-\xdb][\x80-\xbf](?:[\xd8-\xdb][\x80-\xbf]| )*")


def promising(data: bytes) -> bool:
    """Tell whether a page may be Arabic, from its bytes alone (see Note [Prefilter])."""
    if not data.isascii():
        letters = data.count(0xD8) + data.count(0xD9)
        if letters >= _LEAST and letters >= _SHARE * len(data):
            others = data.count(0xDA) + data.count(0xDB)
            if others <= _FOREIGN_SHARE * (letters + others) or not _utf8(data):
                return True
            return _is_arabic(data)
        if data.count(0xC7) >= 20 and any(data.count(mark) >= 5 for mark in _LEGACY):
            return True
    if any(data.count(mark) >= 5 for mark in _ENTITIES):
        return True
    return data.count(0, 0, 4000) > 200 and _wide(data)


def _utf8(data: bytes) -> bool:
    """Whether every D8 and D9 of the first kilobytes that hold one is followed by the second byte of a letter."""
    first = min((i for i in (data.find(b"\xd8"), data.find(b"\xd9")) if i >= 0), default=0)
    sample = data[first : first + 4000]
    return len(re.findall(rb"[\xd8\xd9](?![\x80-\xbf])", sample)) <= 1


def _is_arabic(data: bytes) -> bool:
    from resiliparse.parse.lang import detect_fast

    runs, size = [], 0
    for run in _RUNS.finditer(data, max(0, min(data.find(b"\xd8"), data.find(b"\xd9")))):
        runs.append(run[0])
        size += len(run[0])
        if size > 3000:
            break
    text = b" ".join(runs).decode("utf-8", errors="ignore")
    return bool(detect_fast(text)[0] == "ar")


def _wide(data: bytes) -> bool:
    from waqai.intake.encoding import wide

    return wide(data) is not None and data.count(6) >= _LEAST
