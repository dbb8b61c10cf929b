"""`waqai load`: a run's folder into a store."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice

import msgspec

from waqai.build import Progress
from waqai.errors import StoreError
from waqai.export import parquet
from waqai.run.place import Place
from waqai.run.shards import Done
from waqai.store import Store
from waqai.types import Failure, Record

__all__ = ["load"]

_BATCH = 128


def load(out: str, db: str, *, tell: Callable[[Progress], None] | None = None) -> Progress:
    """Store the records and failures of the run in the folder `out` and merge them; what is stored already is left out.

    Raises StoreError where the folder holds no run, a file is not what its name says, or the store cannot be written.
    """
    place = Place(out)
    made = _made(place)
    markers = [msgspec.json.decode(place.read(f"done/{n}"), type=Done) for n in place.names("done")]
    markers.sort(key=lambda d: (d.shard.paths, d.shard.start, d.shard.part))
    progress = Progress(total=sum(d.documents for d in markers))
    with Store.open(db, "rw", build=True) as store:
        store.begin_run(
            code_version=str(made["waqai"]), words_digest=str(made["words"]), models=made["models"], inputs=[out]
        )
        for done in markers:
            _store(store, place, done, progress, tell)
        progress.events = store.remerge()
        store.end_run()
    if tell is not None:
        tell(progress)
    return progress


def _made(place: Place) -> dict[str, dict[str, str]]:
    if "run.json" not in place.names(""):
        raise StoreError(f"{place.where} holds no run: name the folder that `waqai run` wrote with --out")
    made: dict[str, dict[str, str]] = msgspec.json.decode(place.read("run.json"))
    return made


def _store(store: Store, place: Place, done: Done, progress: Progress, tell: Callable[[Progress], None] | None) -> None:
    records: Iterator[Record] = (r for n in done.files["documents"] for r in parquet.records(_file(place, f"documents/{n}")))
    found = [
        Failure(source=s, stage=g, error=e, message=m, hint=h)
        for n in done.files["failures"]
        for s, g, e, m, h in parquet.read(_file(place, f"failures/{n}"), list(parquet.TABLES["failures"]))
    ]
    while (batch := list(islice(records, _BATCH))) or found:
        known = store.known([r.document.id for r in batch])
        stored = store.add_all([r for r in batch if r.document.id not in known], found)
        progress.stored += stored
        progress.skipped += len(batch) - stored
        progress.failed += len(found)
        progress.seen += len(batch)
        found = []
        if tell is not None:
            tell(progress)


def _file(place: Place, name: str) -> bytes:
    """The bytes of a file of the run, which must be those that its name is the hash of."""
    data = place.read(name)
    if hashlib.sha256(data).hexdigest()[:32] != name.rpartition("/")[2].removesuffix(".parquet"):
        raise StoreError(f"{place.where}/{name} was changed or damaged: remove the folder's `done` files and run again")
    return data
