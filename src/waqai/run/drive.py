"""`waqai run`: which shards there are, which are done, and who does the rest."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

import msgspec

from waqai.errors import QueryError, StoreError
from waqai.intake.warc import Counts
from waqai.run.place import Place, is_remote
from waqai.run.shards import ANNOTATE, Done, Shard, do, fail, plan

__all__ = ["ENGINES", "Summary", "made_by", "merged", "run"]

ENGINES = ("local", "daft", "ray")
_TRIES = 3


class Summary(msgspec.Struct, kw_only=True):
    """What a run has come to. `skipped` shards were done before it began."""

    shards: int = 0
    finished: int = 0
    skipped: int = 0
    documents: int = 0
    failures: int = 0
    events: int = 0
    archive: Counts = msgspec.field(default_factory=Counts)

    def add(self, done: Done) -> None:
        """Count a shard."""
        self.finished += 1
        self.documents += done.documents
        self.failures += done.failures
        self.events += done.events
        self.archive.add(done.archive)


Tell = Callable[[Summary], None]


def run(
    inputs: Sequence[str],
    out: str,
    *,
    engine: str = "local",
    address: str | None = None,
    jobs: int | None = None,
    annotate: str = ANNOTATE,
    tell: Tell | None = None,
) -> Summary:
    """Read `inputs` into Parquet files in the folder `out`; shards that are done already are left as they are.

    `engine`: local (a process pool), daft (Daft on this machine), ray (Daft on the Ray cluster at `address`, or one of this
    machine). `jobs`: workers at once (all cores). `annotate`: "module:function". `tell` is given the counts now and then.
    Raises QueryError, StoreError, WordsError and ModelError; what cannot be read is a row of `failures`.
    """
    if engine not in ENGINES:
        raise QueryError(f"unknown engine {engine!r}: one of {', '.join(ENGINES)}")
    if engine == "local" and is_remote(out):
        raise QueryError(f"{out} is on another machine: --engine daft or ray writes there")
    if address is not None and engine != "ray":
        raise QueryError("--address is of a Ray cluster: give --engine ray with it")
    place = Place(out)
    _agree(place, annotate)
    shards = list(plan(inputs, None if engine == "local" else _remote))
    summary = Summary(shards=len(shards))
    todo = _left(place, shards, summary)
    summary.skipped = summary.finished
    if tell is not None:
        tell(summary)
    workers = os.cpu_count() or 1 if jobs is None else jobs
    if todo and engine == "local":
        _Local(place, annotate, workers).run(todo, summary, tell)
    elif todo:
        from waqai.run.scale import distribute

        distribute(todo, place, annotate, engine, address, jobs, summary, tell)
    return summary


def merged(out: str, *, engine: str = "daft", address: str | None = None) -> int:
    """Merge the claims of a run into events, by Daft; write them to `out`/merged and return how many there are.

    The groups are those that the store would make of the same records.
    """
    from waqai.run.scale import merge

    if engine not in ("daft", "ray"):
        raise QueryError("merging a run is for --engine daft or ray; a store merges what is loaded into it by itself")
    return merge(Place(out), engine, address)


def made_by(annotate: str = ANNOTATE) -> dict[str, object]:
    """Return what decides on the rows: another version, other words or other weights give others."""
    from importlib.metadata import PackageNotFoundError, version

    from waqai import words
    from waqai.build import models

    try:
        code = version("waqai")
    except PackageNotFoundError:
        code = "source"
    return {"waqai": code, "words": words.digest(), "models": models(), "annotate": annotate}


def _agree(place: Place, annotate: str) -> None:
    """See that all that is written into one folder is made by the same program."""
    own = made_by(annotate)
    if "run.json" not in place.names(""):
        place.write("run.json", msgspec.json.encode(own))
        return
    there = msgspec.json.decode(place.read("run.json"))
    changed = sorted(k for k in own if not isinstance(there, dict) or there.get(k) != own[k])
    if changed:
        raise StoreError(
            f"{place.where} holds a run by another version of Waqai ({', '.join(changed)} changed): "
            "give another --out, or remove the folder to read all again"
        )


def _left(place: Place, shards: list[Shard], summary: Summary) -> list[Shard]:
    """Return the shards that are not done, each once, and count those that are."""
    names = set(place.names("done"))
    todo: dict[str, Shard] = {}
    for shard in shards:
        key = shard.key()
        if f"{key}.json" not in names:
            todo[key] = shard
        else:
            summary.add(msgspec.json.decode(place.read(f"done/{key}.json"), type=Done))
    summary.shards -= len(shards) - summary.finished - len(todo)
    return list(todo.values())


def _remote(address: str) -> list[tuple[str, int]]:
    from waqai.run.remote import listed

    return listed(address)


# --- a process pool -----------------------------------------------------------------------------------------------------


class _Local:
    """Workers of this machine. A shard whose worker dies is tried again alone, so that it takes no other down with it."""

    def __init__(self, place: Place, annotate: str, jobs: int) -> None:
        self._place, self._annotate, self._jobs = place, annotate, jobs

    def run(self, shards: list[Shard], summary: Summary, tell: Tell | None) -> None:
        if self._jobs < 1:
            for shard in shards:
                self._count(do(shard, self._place, self._annotate), summary, tell)
            return
        _preload(self._annotate)
        unlucky = self._pooled(shards, self._jobs, summary, tell)
        for shard in unlucky:
            for _ in range(_TRIES - 1):
                if not self._pooled([shard], 1, summary, tell):
                    break
            else:
                why = f"its worker died {_TRIES} times (out of memory?)"
                self._count(fail(shard, self._place, why), summary, tell)

    def _pooled(self, shards: list[Shard], jobs: int, summary: Summary, tell: Tell | None) -> list[Shard]:
        """Do the shards; return those that were being done when a worker died."""
        unlucky: list[Shard] = []
        left = list(shards)
        while left:
            with ProcessPoolExecutor(jobs, mp_context=_context(), initializer=_follow, initargs=(os.getpid(),)) as pool:
                # Few at a time: when a worker dies, only what was given out is in doubt.
                running: dict[Future[Done], Shard] = {}
                while left or running:
                    while left and len(running) < jobs:
                        shard = left.pop(0)
                        try:
                            running[pool.submit(_task, shard, self._place.where, self._annotate)] = shard
                        except BrokenProcessPool:
                            left.insert(0, shard)
                            break
                    finished = wait(running, return_when="FIRST_COMPLETED").done
                    try:
                        for future in finished:
                            done = future.result()
                            del running[future]
                            self._count(done, summary, tell)
                    except BrokenProcessPool:
                        unlucky += self._undone(running.values(), summary, tell)
                        break
        return unlucky

    def _undone(self, shards: Iterable[Shard], summary: Summary, tell: Tell | None) -> list[Shard]:
        names = set(self._place.names("done"))
        out = []
        for shard in shards:
            name = f"{shard.key()}.json"
            if name in names:
                self._count(msgspec.json.decode(self._place.read(f"done/{name}"), type=Done), summary, tell)
            else:
                out.append(shard)
        return out

    @staticmethod
    def _count(done: Done, summary: Summary, tell: Tell | None) -> None:
        summary.add(done)
        if tell is not None:
            tell(summary)


def _context() -> multiprocessing.context.BaseContext:
    return multiprocessing.get_context("fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn")


def _preload(annotate: str) -> None:
    """Load the words before the workers are forked, and keep the collector from touching, and so copying, their pages."""
    import gc

    if annotate == ANNOTATE:
        from waqai.annotate import Tools

        Tools.default()
    gc.collect()
    gc.freeze()


def _follow(parent: int) -> None:
    """Let a worker end with its parent: the queue alone would keep it waiting for ever."""

    def look() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(0)

    threading.Thread(target=look, daemon=True).start()


def _task(shard: Shard, out: str, annotate: str) -> Done:
    return do(shard, Place(out), annotate, apart=True)
