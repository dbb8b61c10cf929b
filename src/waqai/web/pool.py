"""Open stores for the threads of the server, and whether the store is still the one that was opened."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Iterator
from pathlib import Path

from waqai.errors import StoreError
from waqai.store import Store
from waqai.store.db import is_postgres

__all__ = ["Pool"]

_SIZE = 4  # readers at once: more would only wait for each other


class Pool:
    """A few stores opened for reading. A file that was moved away or replaced is noticed at the next question."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._free: queue.LifoQueue[tuple[int, Store] | None] = queue.LifoQueue()
        for _ in range(_SIZE):
            self._free.put(None)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Store]:
        """Lend a store. Raises StoreError where there is none."""
        file = self._file()
        held = self._free.get()
        try:
            if held is not None and held[0] != file:
                held[1].close()
                held = None
            if held is None:
                held = (file, Store.open(self.where))
            yield held[1]
        except StoreError:
            # What cannot be read now may be readable when it is opened anew.
            if held is not None:
                held[1].close()
            held = None
            raise
        finally:
            self._free.put(held)

    @contextlib.contextmanager
    def writing(self) -> Iterator[Store]:
        """Open the store for one change."""
        self._file()
        with Store.open(self.where, "rw") as store:
            yield store

    def close(self) -> None:
        """Close what is open."""
        while not self._free.empty():
            held = self._free.get_nowait()
            if held is not None:
                held[1].close()

    def _file(self) -> int:
        """The file's own number, which a replaced file does not have. 0 for a server."""
        if is_postgres(self.where):
            return 0
        try:
            return Path(self.where).stat().st_ino
        except OSError as error:
            raise StoreError(f"no store at {self.where}: it was moved away, or is not built yet") from error
