"""What one worker reads alone, and how it is written. See Note [Redoing] in waqai.run."""

from __future__ import annotations

import functools
import hashlib
import importlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from waqai.apart import LONG, read_apart, release
from waqai.errors import ModelError, QueryError, WordsError
from waqai.export import parquet
from waqai.intake import warc
from waqai.run.place import Place, is_remote
from waqai.types import Document, Failure, Record

__all__ = ["ANNOTATE", "Done", "Shard", "do", "fail", "plan"]

ANNOTATE = "waqai.annotate:annotate"
_LINES = 8 * 2**20  # bytes of JSON lines in a shard
_FILES, _FILES_SIZE = 200, 16 * 2**20  # small files in a shard
_ARCHIVE = 512 * 2**20  # bytes of an archive for each part its pages are dealt into
_MOST_PARTS = 8  # each part reads the whole archive: that is cheap, but not free
_PER_FILE = 2_000  # documents in one Parquet file

Item = Document | Failure


class Shard(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the input. `kind`: files, lines (bytes start to end), or archive (pages of part i of n)."""

    kind: str
    paths: list[str]
    size: int = 0
    start: int = 0
    end: int = 0
    line: int = 0
    part: tuple[int, int] = (0, 1)

    def key(self) -> str:
        """The name of the shard: the same input gives the same."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:32]

    def __str__(self) -> str:
        if self.kind == "lines":
            return f"{self.paths[0]}: lines from {self.line + 1}"
        if self.kind == "archive":
            return f"{self.paths[0]}" + (f": part {self.part[0] + 1} of {self.part[1]}" if self.part[1] > 1 else "")
        return self.paths[0] if len(self.paths) == 1 else f"{self.paths[0]} and {len(self.paths) - 1} more files"


class Done(msgspec.Struct, kw_only=True):
    """A shard that is written: the names of its files by table, and its counts."""

    shard: Shard
    files: dict[str, list[str]]
    documents: int = 0
    failures: int = 0
    events: int = 0
    archive: warc.Counts = msgspec.field(default_factory=warc.Counts)


# --- planning -----------------------------------------------------------------------------------------------------------


def plan(inputs: Sequence[str], remote: Callable[[str], list[tuple[str, int]]] | None = None) -> Iterator[Shard]:
    """Yield the shards of `inputs` in order. `remote` lists what stands behind an address as (address, size).

    Raises QueryError for an address where there is no `remote`, for standard input, and for a path that is not there.
    """
    small: list[tuple[str, int]] = []
    for path, size in _listed(inputs, remote):
        kind = _kind(path)
        if kind == "small" and size <= _FILES_SIZE:
            small.append((path, size))
            if len(small) == _FILES or sum(s for _, s in small) > _FILES_SIZE:
                yield _files(small)
                small = []
            continue
        if small:
            yield _files(small)
            small = []
        if kind == "archive":
            n = max(1, min(_MOST_PARTS, -(-size // _ARCHIVE)))
            yield from (Shard(kind="archive", paths=[path], size=size, part=(i, n)) for i in range(n))
        elif kind == "lines":
            yield from _stretches(path, size)
        else:
            yield Shard(kind="files", paths=[path], size=size)
    if small:
        yield _files(small)


def _listed(
    inputs: Sequence[str], remote: Callable[[str], list[tuple[str, int]]] | None
) -> Iterator[tuple[str, int]]:
    from waqai.intake.sources import files_of

    for given in inputs:
        if is_remote(given):
            if remote is None:
                raise QueryError(f"{given} is on another machine: --engine daft or ray reads it, local only reads files")
            yield from remote(given)
        elif given == "-":
            raise QueryError("standard input cannot be dealt out to workers: save it to a file, or use `waqai build`")
        elif os.path.isdir(given):
            yield from ((str(f), os.path.getsize(f)) for f in files_of(Path(given)))
        elif os.path.isfile(given):
            yield given, os.path.getsize(given)
        else:
            raise QueryError(f"no such file or folder: {given}")


def _kind(path: str) -> str:
    lower = path.lower()
    if lower.endswith((".warc", ".warc.gz", ".warc.zst", ".wet.gz")):
        return "archive"
    if is_remote(path):
        return "whole"
    with open(path, "rb") as stream:
        head = stream.read(4096)
        if warc.is_archive(head):
            return "archive"
        if head.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd")):
            return "whole"
        if lower.endswith((".jsonl", ".ndjson")) and head[:1] == b"{" and head[1:2] not in b"\r\n":
            return "lines"
    return "small"


def _files(small: list[tuple[str, int]]) -> Shard:
    return Shard(kind="files", paths=[p for p, _ in small], size=sum(s for _, s in small))


def _stretches(path: str, size: int) -> Iterator[Shard]:
    """Stretches of whole lines; the number of the line that each begins with is counted here, once."""
    with open(path, "rb") as stream:
        start = line = 0
        while start < size:
            block = stream.read(_LINES)
            rest = stream.readline() if block and not block.endswith(b"\n") else b""
            end = start + len(block) + len(rest)
            if end == start:
                return  # the file has become shorter
            yield Shard(kind="lines", paths=[path], size=size, start=start, end=end, line=line)
            line += block.count(b"\n") + rest.count(b"\n")
            start = end


# --- reading ------------------------------------------------------------------------------------------------------------


def _read(shard: Shard, counts: warc.Counts) -> Iterator[Item]:
    from waqai.intake.sources import documents

    for path in shard.paths:
        if shard.kind == "lines":
            yield from _lines(shard)
        elif shard.kind == "archive":
            yield from _archive(path, shard.part, counts)
        elif is_remote(path):
            from waqai.run.remote import opened

            with opened(path) as stream:
                yield from documents(stream)
        else:
            yield from documents(Path(path))


def _archive(path: str, part: tuple[int, int], counts: warc.Counts) -> Iterator[Item]:
    from waqai.intake.build import Given
    from waqai.intake.sources import archive

    try:
        if is_remote(path):
            from waqai.run.remote import opened

            with opened(path) as stream:
                yield from archive(stream, path, Given(), counts, part)
        else:
            with open(path, "rb") as stream:
                yield from archive(stream, path, Given(), counts, part)
    except OSError as error:
        yield Failure(
            source=path, stage="intake", error="OSError", message=error.strerror or str(error),
            hint="check the path and its permissions",
        )  # fmt: skip


def _lines(shard: Shard) -> Iterator[Item]:
    """The articles of a stretch of lines, told by the lines' numbers in the whole file."""
    import io

    from waqai.intake.sources import documents

    path = shard.paths[0]
    with open(path, "rb") as stream:
        stream.seek(shard.start)
        data = stream.read(shard.end - shard.start)
    for item in documents(io.BytesIO(data), kind="jsonl"):
        found = item.source or ""
        head, _, number = found.rpartition(": line ")
        if head and number.isdigit():
            yield msgspec.structs.replace(item, source=f"{path}: line {int(number) + shard.line}")
        else:
            yield msgspec.structs.replace(item, source=path)


# --- doing --------------------------------------------------------------------------------------------------------------


def do(shard: Shard, place: Place, annotate: str = ANNOTATE, *, apart: bool = False) -> Done:
    """Read a shard, write its rows and then its marker. Raises StoreError, WordsError and ModelError.

    `apart`: very long articles in a process of their own (`waqai.apart`).
    """
    module, function = annotate.split(":")
    read: Callable[[Document], Record] = getattr(importlib.import_module(module), function)
    if apart:
        read = functools.partial(read_apart, read)
    sheet = _Sheet(shard, place)
    seen: set[str] = set()
    for item in _read(shard, sheet.done.archive):
        if isinstance(item, Failure):
            sheet.fail(item)
        elif item.id not in seen:
            seen.add(item.id)
            result = _annotated(read, item)
            sheet.fail(result) if isinstance(result, Failure) else sheet.add(result)
            if len(item.text) >= LONG:
                del result
                sheet.flush()
                release()
    return sheet.close()


def fail(shard: Shard, place: Place, why: str) -> Done:
    """Write a shard that no worker survives as one failure."""
    sheet = _Sheet(shard, place)
    sheet.fail(Failure(source=str(shard), stage="run", error="WorkerDied", message=why,
                       hint="give workers more memory, or split the input; remove the run's folder `done` entry to try again"))  # fmt: skip
    return sheet.close()


def _annotated(read: Callable[[Document], Record], document: Document) -> Record | Failure:
    try:
        return read(document)
    except (WordsError, ModelError):
        raise
    except Exception as error:
        # The one net of a run, as in `waqai build`: one page of a million must not end it. It is written and counted.
        return Failure(
            source=document.source or document.url or document.id, stage="annotate", error=type(error).__name__,
            message=str(error) or type(error).__name__, hint="a fault of Waqai: please report it with this article",
        )  # fmt: skip


class _Sheet:
    """The rows of a shard on their way to files."""

    def __init__(self, shard: Shard, place: Place) -> None:
        self.done = Done(shard=shard, files={t: [] for t in parquet.TABLES})
        self._place = place
        self._rows: dict[str, list[parquet.Row]] = {t: [] for t in parquet.TABLES}

    def add(self, record: Record) -> None:
        for table, rows in parquet.rows(record).items():
            self._rows[table] += rows
        self.done.documents += 1
        self.done.events += len(record.events)
        if len(self._rows["documents"]) >= _PER_FILE:
            self.flush()

    def fail(self, failure: Failure) -> None:
        self._rows["failures"] += parquet.failures([failure])
        self.done.failures += 1

    def flush(self) -> None:
        """Write the rows so far."""
        for table, rows in self._rows.items():
            if rows:
                data = parquet.encode(table, rows)
                name = f"{hashlib.sha256(data).hexdigest()[:32]}.parquet"
                self._place.write(f"{table}/{name}", data)
                self.done.files[table].append(name)
                rows.clear()

    def close(self) -> Done:
        self.flush()
        self._place.write(f"done/{self.done.shard.key()}.json", msgspec.json.encode(self.done))
        return self.done
