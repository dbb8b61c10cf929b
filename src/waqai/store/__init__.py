"""The store: what was read, and what people said of it. The only package with SQL. See docs/store.md."""

from __future__ import annotations

import functools
import zlib
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import TypeVar

import msgspec

from waqai.errors import StoreError
from waqai.store import write
from waqai.store.db import Database, connect
from waqai.store.merged import remerge
from waqai.store.rows import Told, unpack, unpack_told
from waqai.store.schema import SCHEMA, prepare
from waqai.types import Failure, Record

__all__ = ["SCHEMA", "Store"]

T = TypeVar("T")


class Store:
    """An open store. Use as a context manager, or `close` it."""

    def __init__(self, db: Database, mode: str) -> None:
        self.db = db
        self.mode = mode
        self._writer = write.Writer(db)
        self._run = 0
        # Stored records never change, so pages that show the same articles again need not unpack them again.
        self.record: Callable[[int], Record] = functools.lru_cache(maxsize=500)(lambda doc: self._unpack(doc, unpack))
        self.told: Callable[[int], Told] = functools.lru_cache(maxsize=5_000)(lambda doc: self._unpack(doc, unpack_told))

    def _unpack(self, doc: int, way: Callable[[bytes], T]) -> T:
        row = self.db.one("SELECT record FROM documents WHERE id = ?", (doc,))
        if row is None:
            raise StoreError(f"{self.db.where} has no document number {doc}: it was changed while it was read; ask again")
        try:
            return way(bytes(row[0]))
        except (zlib.error, msgspec.MsgspecError) as error:
            raise StoreError(f"document number {doc} of {self.db.where} is damaged: run `waqai verify`") from error

    @classmethod
    def open(cls, where: str, mode: str = "r", *, build: bool = False) -> Store:
        """Open the store at `where`: a path, or a postgresql:// address. `mode`: "r", or "rw", which makes it where it is new.

        `build` keeps other builds out until `close`. Raises StoreError where it cannot be opened, with what to do.
        """
        db = connect(str(where), mode)
        try:
            if build:
                db.lock_build()
            prepare(db, mode)
        except BaseException:
            db.close()
            raise
        return cls(db, mode)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self.db.close()

    def begin_run(
        self,
        *,
        code_version: str,
        words_digest: str = "",
        models: dict[str, str] | None = None,
        inputs: Sequence[str] = (),
    ) -> int:
        """Say what makes the rows that follow. A run that was broken off is gone on with where the same program runs again."""
        self._may_write()
        self._run = self._writer.begin_run(code_version, words_digest, models or {}, list(inputs))
        return self._run

    def end_run(self) -> None:
        """Mark the run as finished."""
        self._writer.end_run(self._run)

    def known(self, uids: Sequence[str]) -> set[str]:
        """Return those of the document ids that are stored."""
        return write.known(self.db, uids)

    def add(self, record: Record) -> bool:
        """Store one record; False where its document was there already."""
        return self.add_all([record]) == 1

    def add_all(self, records: Iterable[Record], failures: Iterable[Failure] = ()) -> int:
        """Store records and failures together or not at all; return how many documents were new."""
        self._may_write()
        return self._writer.add_all(records, failures, self._run)

    def fail(self, failure: Failure) -> None:
        """Keep a failure, once."""
        self.add_all([], [failure])

    def judge(self, verdict: str, a: str, b: str, *, who: str, note: str | None = None) -> int:
        """Add a judgement: "same", "different" or "undo" of two claims or events. The last one of a pair counts."""
        self._may_write()
        if verdict not in ("same", "different", "undo"):
            raise StoreError(f"{verdict!r} is no verdict: same, different or undo")
        return self._writer.judge(verdict, a, b, who, note)

    def remerge(self, *, rebuild: bool = False) -> int:
        """Bring the merged events up to date, or make all of them again; return how many were made."""
        self._may_write()
        return remerge(self.db, rebuild=rebuild)

    def _may_write(self) -> None:
        if self.mode != "rw":
            raise StoreError(f'{self.db.where} was opened for reading: open it with mode "rw"')
