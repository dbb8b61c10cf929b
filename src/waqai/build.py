"""`waqai build`: many inputs into one store, on all cores; may be killed at any moment and run again.

Note [Resuming]
---------------
Documents are numbered in the order of the inputs, whatever worker reads them first: results are taken in the order in which
work was given out. A batch is one transaction. So after a kill the store holds the first so many documents; the next run finds
their ids there, does not read them again, and goes on with the same numbers: row for row what one run would have left.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import threading
import time
import tomllib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from waqai.apart import read_apart
from waqai.errors import ModelError, StoreError, WordsError
from waqai.store import Store
from waqai.types import Document, Failure, Record

__all__ = ["ANNOTATE", "Progress", "build", "models", "watch"]

ANNOTATE = "waqai.annotate:annotate"
_PER_TASK = 8  # documents a worker is given at once
_PER_FILES = 16  # small files a worker is given to read
_AHEAD = 4  # tasks given out for each worker before the first result is taken
_BATCH = 128  # documents stored in one transaction
_SMALL = 4 * 2**20  # larger files are read by the parent, piece by piece
_CONTAINERS = (".jsonl", ".ndjson", ".json", ".gz", ".warc", ".zst", ".xml", ".rss", ".atom")

T = TypeVar("T", Document, Record)
Item = Document | Failure
Result = Record | Failure


class Progress(msgspec.Struct, kw_only=True):
    """How far a build is. `total` is None where the number of inputs is not known before they are read.

    `failures` are those of the last batch.
    """

    total: int | None = None
    seen: int = 0
    stored: int = 0
    skipped: int = 0
    failed: int = 0
    events: int = 0
    failures: list[Failure] = []


def models() -> dict[str, str]:
    """Return the sha256 of each trained weight file that ships."""
    path = Path(__file__).parent / "models" / "models.toml"
    if not path.exists():
        return {}
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: str(t["sha256"]) for name, t in tables.items() if isinstance(t, dict) and "sha256" in t}


def build(
    inputs: Sequence[str],
    where: str,
    *,
    jobs: int | None = None,
    annotate: str = ANNOTATE,
    tell: Callable[[Progress], None] | None = None,
    batch: int = _BATCH,
) -> Progress:
    """Read `inputs`, store what is new in the store at `where` and merge it; return the counts.

    `jobs`: worker processes (all cores by default; 0: none, in this process). `annotate`: "module:function". `tell` is given
    the counts after each batch. Raises StoreError, WordsError and ModelError; a bad input becomes a stored Failure.
    """
    with _Workers(jobs, annotate) as workers, Store.open(where, "rw", build=True) as store:
        progress = Progress(total=_total(inputs))
        _begin(store, inputs)
        _fill(store, workers, inputs, progress, tell, batch)
        progress.events = store.remerge()
        store.end_run()
    progress.failures = []
    if tell is not None:
        tell(progress)
    return progress


def watch(
    folder: str,
    where: str,
    *,
    jobs: int | None = None,
    annotate: str = ANNOTATE,
    every: float = 2.0,
    tell: Callable[[Progress], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Progress:
    """Store what comes into `folder` until `stop`, looking each `every` seconds. A file that grows is read when it rests."""
    if not Path(folder).is_dir():
        raise StoreError(f"--watch: {folder} is no folder: make it first, or give another")
    progress, done, before = Progress(), dict[str, tuple[int, int]](), dict[str, tuple[int, int]]()
    with _Workers(jobs, annotate) as workers, Store.open(where, "rw", build=True) as store:
        _begin(store, [folder])
        while True:
            now = _stamps(folder)
            ready = [f for f, stamp in now.items() if done.get(f) != stamp and before.get(f) == stamp]
            if ready:
                _fill(store, workers, ready, progress, tell, _BATCH)
                progress.events += store.remerge()
                done.update((f, now[f]) for f in ready)
            before = now
            if stop():
                break
            time.sleep(every)
        store.end_run()
    return progress


def _stamps(folder: str) -> dict[str, tuple[int, int]]:
    out: dict[str, tuple[int, int]] = {}
    for file in _files(folder):
        try:
            stat = os.stat(file)
        except FileNotFoundError:
            continue
        out[file] = (stat.st_mtime_ns, stat.st_size)
    return out


def _begin(store: Store, inputs: Sequence[str]) -> None:
    from importlib.metadata import PackageNotFoundError, version

    from waqai import words

    try:
        code = version("waqai")
    except PackageNotFoundError:
        code = "source"
    store.begin_run(code_version=code, words_digest=words.digest(), models=models(), inputs=inputs)


def _fill(
    store: Store,
    workers: _Workers,
    inputs: Sequence[str],
    progress: Progress,
    tell: Callable[[Progress], None] | None,
    batch: int,
) -> None:
    results = workers.annotate(_new(store, workers.read(_units(inputs)), progress))
    while part := list(islice(results, batch)):
        records = [r for r in part if isinstance(r, Record)]
        failures = [r for r in part if isinstance(r, Failure)]
        stored = store.add_all(records, failures)
        progress.stored += stored
        progress.skipped += len(records) - stored
        progress.failed += len(failures)
        progress.failures = failures
        progress.seen += len(part)
        if tell is not None:
            tell(progress)


def _new(store: Store, items: Iterator[Item], progress: Progress) -> Iterator[Item]:
    """Leave out the documents that are stored already."""
    while part := list(islice(items, 64)):
        known = store.known([d.id for d in part if isinstance(d, Document)])
        for item in part:
            if isinstance(item, Document) and item.id in known:
                progress.skipped += 1
                progress.seen += 1
            else:
                yield item


# --- inputs -------------------------------------------------------------------------------------------------------------


def _files(folder: str) -> list[str]:
    from waqai.intake.sources import files_of

    return [str(f) for f in files_of(Path(folder))]


def _units(inputs: Sequence[str]) -> Iterator[list[str] | str]:
    """Yield what is read at once: a list of small files (by a worker), or one large input (by the parent)."""
    small: list[str] = []
    for path in (f for i in inputs for f in (_files(i) or [i] if os.path.isdir(i) else [i])):
        if _is_small(path):
            small.append(path)
            if len(small) == _PER_FILES:
                yield small
                small = []
            continue
        if small:
            yield small
            small = []
        yield path
    if small:
        yield small


def _is_small(path: str) -> bool:
    if path.lower().endswith(_CONTAINERS) or not os.path.isfile(path):
        return False
    return os.path.getsize(path) <= _SMALL


def _total(inputs: Sequence[str]) -> int | None:
    """Count the inputs where that is cheap: files, and lines of JSON; None where one must be unpacked to tell."""
    total = 0
    for unit in _units(inputs):
        if isinstance(unit, list):
            total += len(unit)
        elif unit.lower().endswith((".jsonl", ".ndjson")) and os.path.isfile(unit):
            with open(unit, "rb") as stream:
                total += sum(block.count(b"\n") for block in iter(lambda: stream.read(2**20), b""))
        else:
            return None
    return total


# --- workers ------------------------------------------------------------------------------------------------------------


class _Workers:
    """A pool that gives results in the order of the work. With no processes all is done here."""

    def __init__(self, jobs: int | None, annotate: str) -> None:
        self._jobs = os.cpu_count() or 1 if jobs is None else jobs
        self._annotate = annotate
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> _Workers:
        # Words and models are read here first: what is wrong with them is said at once, and forked workers share them.
        # The workers start before the store is opened: a connection must not be carried into another process.
        _load(self._annotate)
        if self._jobs > 0:
            self._pool = ProcessPoolExecutor(
                self._jobs, mp_context=_context(), initializer=_start, initargs=(os.getpid(), self._annotate)
            )
            for started in [self._pool.submit(_ready, n) for n in range(self._jobs)]:
                started.result()
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def read(self, units: Iterable[list[str] | str]) -> Iterator[Item]:
        """Yield the documents of `units`, in order: small files by the workers, a large input here, piece by piece."""
        work = ((_read_packed, u, u) if isinstance(u, list) else (None, u, [u]) for u in units)
        for paths, data in self._ordered(work):
            if data is None:
                yield from _read(paths)
            else:
                yield from _either(msgspec.msgpack.decode(data, type=list[_Found]))

    def annotate(self, items: Iterator[Item]) -> Iterator[Result]:
        """Yield a record for each document, and the failures, in order."""
        parts = iter(lambda: list(islice(items, _PER_TASK)), [])
        work = ((_annotate_packed, msgspec.msgpack.encode([_found(i) for i in p]), ()) for p in parts)
        for _, data in self._ordered(work):
            yield from _either(msgspec.msgpack.decode(data or b"", type=list[_Made]))

    def _ordered(self, work: Iterator[_Work]) -> Iterator[tuple[Any, bytes | None]]:
        """Do `work` ahead in the workers and yield (what came with it, result) in its order."""
        waiting: deque[tuple[Any, Future[bytes] | None]] = deque()
        for function, argument, along in work:
            if self._pool is None or function is None:
                waiting.append((along, None) if function is None else (along, _done(function(argument))))
            else:
                waiting.append((along, self._pool.submit(function, argument)))
            if len(waiting) > self._jobs * _AHEAD:
                yield self._taken(*waiting.popleft())
        while waiting:
            yield self._taken(*waiting.popleft())

    def _taken(self, along: Any, future: Future[bytes] | None) -> tuple[Any, bytes | None]:
        try:
            return along, None if future is None else future.result()
        except BrokenProcessPool as error:
            raise StoreError(
                "a worker process died (out of memory?): what was stored is safe; run again, with fewer --jobs if it repeats"
            ) from error


_Found = tuple[Document | None, Failure | None]
_Made = tuple[Record | None, Failure | None]
_Work = tuple[Callable[[Any], bytes] | None, Any, Any]


def _either(pairs: Iterable[tuple[T | None, Failure | None]]) -> Iterator[T | Failure]:
    for one, failure in pairs:
        if one is not None:
            yield one
        elif failure is not None:
            yield failure


def _found(item: Item) -> _Found:
    return (item, None) if isinstance(item, Document) else (None, item)


def _done(data: bytes) -> Future[bytes]:
    future: Future[bytes] = Future()
    future.set_result(data)
    return future


def _context() -> multiprocessing.context.BaseContext:
    # Forked workers share the loaded words; elsewhere than on Linux fork is not safe, and each loads its own.
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


_annotator: Callable[[Document], Record] | None = None


def _load(name: str) -> None:
    global _annotator  # noqa: PLW0603  # one function a process, found once
    module, function = name.split(":")
    if _annotator is None or _annotator.__module__ != module:
        _annotator = getattr(importlib.import_module(module), function)
        _annotator(Document(id="", content_hash="", text=""))


def _start(parent: int, name: str) -> None:
    """Make a worker ready, and let it end when the build is killed: the queue alone would keep it waiting for ever."""

    def follow() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(0)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the work when it is interrupted
    threading.Thread(target=follow, daemon=True).start()
    _load(name)


def _ready(number: int) -> int:
    time.sleep(0.01)  # long enough that each worker takes one
    return number


def _read(paths: Sequence[str]) -> Iterator[Item]:
    from waqai.intake import documents

    for path in paths:
        yield from documents(path if path == "-" else Path(path))


def _read_packed(paths: list[str]) -> bytes:
    return msgspec.msgpack.encode([_found(i) for i in _read(paths)])


def _annotate_packed(data: bytes) -> bytes:
    return msgspec.msgpack.encode([_made(d, f) for d, f in msgspec.msgpack.decode(data, type=list[_Found])])


def _made(document: Document | None, failure: Failure | None) -> _Made:
    if document is None:
        return None, failure
    assert _annotator is not None
    try:
        return read_apart(_annotator, document), None
    except (WordsError, ModelError):
        raise
    except Exception as error:
        # The one net of the program: one page of a million must not end a night's build. It is stored, counted and shown.
        where = document.url or document.source or document.id
        return None, Failure(
            source=where, stage="annotate", error=type(error).__name__, message=str(error) or type(error).__name__,
            hint="a fault of Waqai: please report it with this article",
        )  # fmt: skip
