"""One connection, two engines: what differs between SQLite and PostgreSQL stands here and in `search.*.sql`.

SQL elsewhere in this package is written once, with ``?`` for parameters and only what both engines understand.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from waqai.errors import StoreError

__all__ = ["Database", "Row", "connect", "is_postgres"]

Row = tuple[Any, ...]
HERE = Path(__file__).parent
APPLICATION_ID = 0x57514149  # "WQAI" in the header of the file: tells our stores from other SQLite files
_BUSY_SECONDS = 30.0


class Database(Protocol):
    """What the store asks of an engine."""

    engine: str
    where: str

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        """Run a query and return all its rows."""

    def one(self, sql: str, params: Sequence[object] = ()) -> Row | None:
        """Return the first row, or None."""

    def run(self, sql: str, params: Sequence[object] = ()) -> int:
        """Run a statement and return the number of rows it touched."""

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each of `rows`."""

    def script(self, sql: str) -> None:
        """Run several statements that take no parameters."""

    def transaction(self) -> contextlib.AbstractContextManager[None]:
        """Everything inside is stored together or not at all."""

    def snapshot(self) -> contextlib.AbstractContextManager[None]:
        """Everything read inside comes from one state of the store."""

    def tables(self) -> set[str]:
        """Return the names of the tables."""

    def lock_build(self) -> None:
        """Keep every other build out until `close`. Raises StoreError where one is under way."""

    def size(self) -> int:
        """Return the size of the store in bytes."""

    def check(self) -> list[str]:
        """Return what the engine itself finds damaged, a line each."""

    def close(self) -> None:
        """End the connection and give the lock back."""


def is_postgres(where: str) -> bool:
    """Tell whether `where` names a PostgreSQL database instead of a file."""
    return where.startswith(("postgresql://", "postgres://"))


def connect(where: str, mode: str) -> Database:
    """Connect to the store at `where` (a path or a postgresql:// address). `mode` is "r" or "rw"."""
    if is_postgres(where):
        from waqai.store.postgres import Postgres

        return Postgres(where, mode)
    return Sqlite(where, mode)


class Sqlite:
    """The embedded engine: one file in WAL mode; readers see the last commit while a build writes."""

    engine = "sqlite"

    def __init__(self, where: str, mode: str) -> None:
        self.where = where
        self._lock: sqlite3.Connection | None = None
        # One connection serves the threads of a web server in turn.
        self._turn = threading.RLock()
        address = _uri(where, mode)
        try:
            self._db = self._open(address, mode)
        except sqlite3.OperationalError as error:
            if mode != "r" or "unable to open" not in str(error):
                raise _explain(error, where) from error
            # On a medium that cannot be written the file of the log cannot be made; there nothing changes either.
            self._db = self._open(address + "&immutable=1", mode)
        except sqlite3.Error as error:
            raise _explain(error, where) from error

    @staticmethod
    def _open(address: str, mode: str) -> sqlite3.Connection:
        db = sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        db.execute("PRAGMA cache_size = -65536")
        db.execute("PRAGMA mmap_size = 1073741824")
        db.execute("PRAGMA temp_store = MEMORY")
        db.execute("SELECT COUNT(*) FROM sqlite_master")
        if mode == "rw":
            db.execute("PRAGMA journal_mode = WAL")
            # In WAL mode NORMAL survives a killed process; only a power cut may lose the last batch, never the file.
            db.execute("PRAGMA synchronous = NORMAL")
        return db

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        with self._told():
            return self._db.execute(sql, params).fetchall()

    def one(self, sql: str, params: Sequence[object] = ()) -> Row | None:
        with self._told():
            got: Row | None = self._db.execute(sql, params).fetchone()
            return got

    def run(self, sql: str, params: Sequence[object] = ()) -> int:
        with self._told():
            return self._db.execute(sql, params).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        with self._told():
            self._db.executemany(sql, rows)

    def script(self, sql: str) -> None:
        with self._told():
            for statement in statements(sql):
                self._db.execute(statement)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        with self._turn:
            self.run("BEGIN IMMEDIATE")
            try:
                yield
                self.run("COMMIT")
            except BaseException:
                # A full disk may have ended the transaction already.
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        with self._turn:
            inner = self._db.in_transaction
            if not inner:
                self.run("BEGIN")
            try:
                yield
            finally:
                if not inner and self._db.in_transaction:
                    self._db.execute("ROLLBACK")

    def tables(self) -> set[str]:
        return {str(r[0]) for r in self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def lock_build(self) -> None:
        # A second SQLite file, held exclusively: the system lets go of it when the process dies, however it dies.
        try:
            held = sqlite3.connect(self.where + "-build", timeout=0, isolation_level=None)
        except sqlite3.Error as error:
            raise _explain(error, self.where) from error
        try:
            held.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            held.close()
            if "locked" not in str(error):
                raise _explain(error, self.where) from error
            raise StoreError(
                f"{self.where} is being built by another process: wait until it has ended, or stop it, then run again"
            ) from error
        self._lock = held

    def size(self) -> int:
        files = (Path(self.where + end) for end in ("", "-wal"))
        return sum(f.stat().st_size for f in files if f.exists())

    def check(self) -> list[str]:
        return [str(r[0]) for r in self.rows("PRAGMA quick_check") if r[0] != "ok"]

    def close(self) -> None:
        self._db.close()
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        with self._turn:
            try:
                yield
            except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
                raise _explain(error, self.where) from error


def _uri(where: str, mode: str) -> str:
    path = Path(where)
    if path.is_dir():
        raise StoreError(
            f"{where} is a folder: give the path of the store's file, such as {where.rstrip('/')}/waqai.db"
        )
    if mode == "r" and not path.exists():
        raise StoreError(f"no store at {where}: make one with `waqai build INPUT --db {where}`")
    if mode == "rw" and not path.absolute().parent.is_dir():
        raise StoreError(f"the folder of {where} does not exist: make it first")
    return f"{path.absolute().as_uri()}?mode={'ro' if mode == 'r' else 'rwc'}"


def _explain(error: sqlite3.Error, where: str) -> StoreError:
    """Return one message that says what is wrong with the file and what to do."""
    said = str(error)
    if "disk is full" in said or "disk I/O error" in said:
        return StoreError(
            f"no room to write {where} ({said}): free some disk space and run again; nothing stored is lost"
        )
    if "readonly" in said or "read-only" in said:
        return StoreError(f"{where} is read-only: make the file and its folder writable, or copy it elsewhere")
    if "locked" in said or "busy" in said:
        return StoreError(f"{where} is locked by another process: wait until it has ended, then run again")
    if "not a database" in said or "encrypted" in said:
        return StoreError(f"{where} is not a Waqai store (not an SQLite file): give another path with --db")
    if "malformed" in said or "corrupt" in said or "vtable constructor failed" in said:
        return StoreError(f"{where} is damaged ({said}): restore it from a copy, or build it again from the inputs")
    if "unable to open" in said:
        return StoreError(f"cannot open {where}: check the path and your rights to the file and its folder")
    return StoreError(f"{where}: {said}")


def statements(sql: str) -> Iterator[str]:
    """Cut a script at the semicolons that end lines, comments left out."""
    lines = [line for line in sql.splitlines() if not line.lstrip().startswith("--")]
    for part in "\n".join(lines).split(";\n"):
        if part.strip().rstrip(";"):
            yield part.strip().rstrip(";")
