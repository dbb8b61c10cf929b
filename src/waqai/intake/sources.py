"""Any source to documents: a path, a folder, standard input, bytes or a string; the kind is told from the content.

One input that cannot be read becomes one `Failure` and the rest goes on. Nothing here opens a connection: an address
is refused with a hint.
"""

from __future__ import annotations

import functools
import gzip
import io
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Literal, get_args

from waqai.errors import FormatError, InputError, SizeError
from waqai.intake import warc
from waqai.intake.build import Given, Raw, build
from waqai.intake.encoding import decode, marked, wide
from waqai.intake.feed import read_feed
from waqai.intake.html import read_page
from waqai.intake.plain import from_mapping, read_object, read_text
from waqai.types import Document, Failure

__all__ = ["KINDS", "LIMIT", "Kind", "archive", "documents", "files_of", "sniff"]

Kind = Literal["html", "text", "jsonl", "feed", "warc"]
KINDS: tuple[str, ...] = get_args(Kind)
LIMIT = 10 * 2**20
"""Largest page, feed or text, in bytes after unpacking; a JSON line likewise."""
_HEAD = 65_536
# Page furniture that browsers save beside a page: passed over in folders, by name.
_FURNITURE = frozenset(
    (
        ".css", ".js", ".mjs", ".map", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".ico", ".woff",
        ".woff2", ".ttf", ".eot", ".mp3", ".mp4", ".webm", ".md5", ".sha256", ".py", ".pyc",
    )
)  # fmt: skip
_BINARY = {
    b"%PDF": "a PDF", b"\x89PNG": "a PNG image", b"\xff\xd8\xff": "a JPEG image", b"GIF8": "a GIF image",
    b"PK\x03\x04": "a ZIP archive or office file",
    b"\x7fELF": "a program", b"\xd0\xcf\x11\xe0": "an old office file", b"SQLite": "a database",
    b"RIFF": "a media file", b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive", b"(\xb5/\xfd": "a zstd archive", b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
}  # fmt: skip
_HINTS = {
    "FormatError": "check the file, or name its kind with --kind",
    "EncodingError": "convert it to UTF-8",
    "SizeError": "split it, or pass the article's text",
    "LanguageError": "pass Arabic articles only",
    "OSError": "check the path and its permissions",
}


def documents(
    source: str | bytes | Path | IO[bytes],
    *,
    published: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    title: str | None = None,
    kind: str | None = None,
) -> Iterator[Document | Failure]:
    """Yield the documents of `source`, and a `Failure` for each input that cannot be read.

    `source`: a path (file or folder; gzip is seen through), "-" for standard input, an open binary file, bytes, or a
    string that is itself the content. `published` (YYYY-MM-DD), `outlet`, `url`, `title` hold for every document and
    win over what the input says; `kind` (html, text, jsonl, feed, warc) forces how it is read. Raises ValueError for an
    unknown kind or a `published` that is no day.
    """
    if kind is not None and kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; one of {', '.join(KINDS)}")
    if published is not None:
        from waqai.intake.dateline import parse_date

        day = parse_date(published)
        if day is None:
            raise ValueError(f"published {published!r} is no date; write YYYY-MM-DD")
        published = day
    given = Given(published=published, outlet=outlet, url=url, title=title)
    return _documents(source, given, kind)


def _documents(source: str | bytes | Path | IO[bytes], given: Given, kind: str | None) -> Iterator[Document | Failure]:
    if isinstance(source, bytes):
        yield from _stream(io.BytesIO(source), "bytes", given, kind)
    elif isinstance(source, Path):
        yield from _path(source, given, kind)
    elif not isinstance(source, str):
        yield from _stream(source, str(getattr(source, "name", "input")), given, kind)
    elif source == "-":
        yield from _stream(sys.stdin.buffer, "standard input", given, kind)
    elif re.match(r"\s*https?://\S+\s*$", source):
        error = FormatError("Waqai never opens a connection")
        yield _failure(source.strip(), error, "save the page to a file and pass the file")
    elif _is_content(source):
        yield from _content(source, given, kind)
    else:
        yield from _path(Path(source), given, kind)


def _is_content(source: str) -> bool:
    head = source.lstrip()[:1]
    if "\n" in source or head in ("<", "{", "[") or len(source) > 1000:
        return True
    return bool(re.search(r"[\u0621-\u064a] [\u0621-\u064a]", source)) and not os.path.exists(source)


def _content(source: str, given: Given, kind: str | None) -> Iterator[Document | Failure]:
    """A string that is the content: it is decoded already and is taken code point for code point."""
    kind = kind or sniff(source)
    if kind == "text":
        yield _one(lambda: read_text(source), "text", given)
    elif kind == "html":
        yield _one(lambda: read_page(source), "html", given)
    else:
        yield from _stream(io.BytesIO(source.encode("utf-8", errors="surrogatepass")), "string", given, kind)


# --- files and folders ----------------------------------------------------------------------------------------------


def _path(path: Path, given: Given, kind: str | None) -> Iterator[Document | Failure]:
    try:
        if path.is_dir():
            files = list(files_of(path))
            if not files:
                yield _failure(str(path), FormatError("there is no file to read in the folder"))
            for file in files:
                yield from _path(file, given, kind)
            return
        with path.open("rb") as stream:
            yield from _stream(stream, str(path), given, kind)
    except FileNotFoundError:
        yield _failure(str(path), OSError("no such file or folder"))
    except (OSError, ValueError) as error:
        yield _failure(str(path), OSError(getattr(error, "strerror", None) or str(error)))


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and of those in it that may hold articles, sorted; hidden ones and a page's furniture are left out."""
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(d for d in folders if not d.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and Path(name).suffix.lower() not in _FURNITURE:
                yield Path(base) / name


def _stream(stream: IO[bytes], name: str, given: Given, kind: str | None) -> Iterator[Document | Failure]:
    opened: IO[bytes] = stream if isinstance(stream, io.BufferedIOBase) else io.BytesIO(stream.read())
    buffered = _Peek(opened)
    try:
        start = opened.tell() if opened.seekable() else 0
        if kind in (None, "warc") and warc.is_archive(buffered.peek(_HEAD)):
            if not opened.seekable():
                yield from archive(buffered, name, given)
                return
            opened.seek(start)
            yield from archive(opened, name, given)
            return
        if buffered.peek(2) == b"\x1f\x8b":
            buffered = _Peek(gzip.GzipFile(fileobj=buffered))
        head = buffered.peek(_HEAD)
        found = kind or _kind_of_bytes(head)
        if found == "warc":
            yield from archive(buffered, name, given)
        elif found == "jsonl":
            yield from _json_lines(buffered, name, given)
        else:
            yield from _whole(buffered, name, given, kind)
    except EOFError:
        yield _failure(name, FormatError("the gzip file is cut off"), "fetch or pack the file again")
    except (gzip.BadGzipFile, zlib.error) as error:
        yield _failure(name, FormatError(f"the gzip file is broken ({error})"), "fetch or pack the file again")
    except InputError as error:
        yield _failure(name, error)


class _Peek(io.RawIOBase):
    """A binary stream whose first bytes may be looked at."""

    def __init__(self, inner: IO[bytes] | io.BufferedIOBase) -> None:
        self._inner, self._head = inner, b""

    def peek(self, n: int) -> bytes:
        while len(self._head) < n:
            more = self._inner.read(n - len(self._head))
            if not more:
                break
            self._head += more
        return self._head[:n]

    def read(self, n: int = -1) -> bytes:
        if not self._head:
            return self._inner.read(n)
        if n < 0:
            out, self._head = self._head + self._inner.read(), b""
            return out
        out, self._head = self._head[:n], self._head[n:]
        return out

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)


# --- telling the kind -----------------------------------------------------------------------------------------------

_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|channel)[\s>]", re.IGNORECASE)
_HTML = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|div|p|h1|h2|span|section|main|meta|title|table|br|a|script)[\s>/]",
    re.IGNORECASE,
)


def _kind_of_bytes(head: bytes) -> str | None:
    """What the first bytes tell alone; None where they must be decoded first. Raises FormatError for a binary."""
    if head.startswith(b"WARC/"):
        return "warc"
    for magic, what in _BINARY.items():
        if head.startswith(magic):
            raise FormatError(f"it is {what}, not an article; extract its text first")
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return "jsonl"
    return None


def sniff(text: str) -> str:
    """Return the kind of a decoded text: "html", "feed", "jsonl" or "text"."""
    head = text[:4096].lstrip("\ufeff \t\r\n")
    if head.startswith("<"):
        if _FEED.search(head[:2000]) and not re.match(r"<!doctype\s+html|<html", head, re.IGNORECASE):
            return "feed"
        if _HTML.search(head):
            return "html"
    if head.startswith("{") or re.match(r"\[\s*\{", head):
        return "jsonl"
    return "text"


# --- one kind each --------------------------------------------------------------------------------------------------


def _whole(stream: _Peek, name: str, given: Given, kind: str | None) -> Iterator[Document | Failure]:
    chunks, size = [], 0
    while chunk := stream.read(2**20):
        chunks.append(chunk)
        size += len(chunk)
        if size > LIMIT:
            raise SizeError(f"larger than {LIMIT // 2**20} MB, which no article is")
    data = b"".join(chunks)
    if not data:
        raise FormatError("the file is empty")
    if data.count(0) > 0 and not marked(data) and not wide(data):
        raise FormatError("it is a binary file, not an article")
    text = decode(data)
    found = kind or sniff(text)
    if found == "feed":
        for number, raw in read_feed(text):
            where = f"{name}: entry {number}"
            yield _failure(where, raw) if isinstance(raw, InputError) else _finish(raw, where, given)
    elif found == "jsonl":
        yield from _json_array(text, name, given)
    else:
        yield _one(lambda: read_page(text) if found == "html" else read_text(text), name, given)


def _json_lines(stream: _Peek, name: str, given: Given) -> Iterator[Document | Failure]:
    reader, number = io.BufferedReader(stream, 2**20), 0
    while True:
        line = reader.readline(LIMIT + 1)
        if not line:
            break
        number += 1
        if len(line) > LIMIT:
            yield _failure(f"{name}: line {number}", SizeError(f"the line is larger than {LIMIT // 2**20} MB"))
            while line and not line.endswith(b"\n"):
                line = reader.readline(LIMIT)
            continue
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
            if line.strip() in (b"{", b"["):  # one object over several lines
                yield from _json_array((line + reader.read(LIMIT)).decode("utf-8", errors="replace"), name, given)
                return
        if line.strip():
            stripped = line.strip()
            yield _one(functools.partial(read_object, stripped), f"{name}: line {number}", given)
    if not number:
        yield _failure(name, FormatError("the file is empty"))


def _json_array(text: str, name: str, given: Given) -> Iterator[Document | Failure]:
    import msgspec

    try:
        data = msgspec.json.decode(text)
    except msgspec.DecodeError as error:
        yield _failure(name, FormatError(f"not valid JSON ({error})"))
        return
    for number, item in enumerate(data if isinstance(data, list) else [data], 1):
        yield _one(functools.partial(from_mapping, item), f"{name}: item {number}", given)


def archive(
    stream: IO[bytes] | io.RawIOBase,
    name: str,
    given: Given,
    counts: warc.Counts | None = None,
    part: tuple[int, int] = (0, 1),
) -> Iterator[Document | Failure]:
    """Yield the Arabic articles of a WARC archive and a `Failure` for what of it cannot be read; see `warc.pages`.

    Pages in other languages are counted in `counts`; they are no failures.
    """
    counts = warc.Counts() if counts is None else counts
    empty = True
    for place, raw in warc.read_archive(stream, counts, part):
        empty = False
        where = f"{name}: {place}"
        if isinstance(raw, InputError):
            yield _failure(where, raw)
            continue
        found = _finish(raw, where, given)
        if isinstance(found, Failure) and found.error == "LanguageError":
            counts.arabic -= 1
            counts.foreign += 1
        else:
            yield found
    if empty and counts.records <= 1 and not counts.other and not counts.foreign and part == (0, 1):
        yield _failure(name, FormatError("this WARC file holds no record; it is empty or cut off at its start: get it again"))


def _one(read: Callable[[], Raw], where: str, given: Given) -> Document | Failure:
    try:
        return _finish(read(), where, given)
    except InputError as error:
        return _failure(where, error)
    except RecursionError:
        return _failure(where, FormatError("it is nested too deep to be read"))


def _finish(raw: Raw, where: str, given: Given) -> Document | Failure:
    raw.source = where
    try:
        return build(raw, given)
    except InputError as error:
        return _failure(where, error)


def _failure(source: str, error: Exception, hint: str | None = None) -> Failure:
    name = "OSError" if isinstance(error, OSError) else type(error).__name__
    message = str(error)
    if hint is None and ";" not in message:  # behind a semicolon the message itself says what to do
        hint = _HINTS.get(name)
    return Failure(source=source, stage="intake", error=name, message=message, hint=hint)
