"""The shared engine: the same tables in a PostgreSQL database (extra `postgres`)."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from waqai.errors import StoreError
from waqai.store.db import Row, statements

if TYPE_CHECKING:
    import psycopg

__all__ = ["Postgres"]

_BUILD_LOCK = 0x57514149


class Postgres:
    """One connection, autocommit; `transaction` groups."""

    engine = "postgres"

    def __init__(self, where: str, mode: str) -> None:
        try:
            import psycopg
        except ImportError as error:
            raise StoreError(
                "a postgresql:// store needs psycopg: install it with `pip install 'waqai[postgres]'`"
            ) from error
        self.where = _without_password(where)
        self._turn = threading.RLock()
        self._error = psycopg.Error
        try:
            self._db: psycopg.Connection[Any] = psycopg.connect(where, autocommit=True, connect_timeout=10)
        except psycopg.Error as error:
            raise StoreError(
                f"cannot reach {self.where}: {_first_line(error)}; check host, name, user and password"
            ) from error
        self._mode = mode
        if mode == "r":
            self._db.execute("SET default_transaction_read_only = on")
        # Arabic letters sort by code point in both engines, so that both give one order.
        self._db.execute("SET client_encoding = 'UTF8'")

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[Row]:
        with self._told():
            return self._db.execute(_sql(sql), params).fetchall()

    def one(self, sql: str, params: Sequence[object] = ()) -> Row | None:
        with self._told():
            got: Row | None = self._db.execute(_sql(sql), params).fetchone()
            return got

    def run(self, sql: str, params: Sequence[object] = ()) -> int:
        with self._told():
            return self._db.execute(_sql(sql), params).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        with self._told(), self._db.cursor() as cursor:
            cursor.executemany(_sql(sql), ([_text(v) for v in row] for row in rows))

    def script(self, sql: str) -> None:
        with self._told():
            for statement in statements(sql):
                self._db.execute(statement.encode())

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        with self._turn, self._told(), self._db.transaction():
            yield

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        import psycopg

        with self._turn:
            if self._db.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                yield
                return
            with self._told(), self._db.transaction():
                self._db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                yield

    def tables(self) -> set[str]:
        return {str(r[0]) for r in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")}

    def lock_build(self) -> None:
        got = self.one("SELECT pg_try_advisory_lock(?)", (_BUILD_LOCK,))
        if got is None or not got[0]:
            raise StoreError(
                f"{self.where} is being built by another process: wait until it has ended, or stop it, then run again"
            )

    def size(self) -> int:
        row = self.one("SELECT pg_database_size(current_database())")
        return int(row[0]) if row else 0

    def check(self) -> list[str]:
        return []  # the server sees to its own pages

    def close(self) -> None:
        self._db.close()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        with self._turn:
            try:
                yield
            except self._error as error:
                raise _explain(error, self.where) from error


def _text(value: object) -> object:
    """PostgreSQL holds no NUL in text; the record itself, as bytes, keeps it."""
    return value.replace("\x00", "") if isinstance(value, str) and "\x00" in value else value


def _sql(sql: str) -> bytes:
    return sql.replace("%", "%%").replace("?", "%s").encode()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _without_password(where: str) -> str:
    parts = urlsplit(where)
    if parts.password is None:
        return where
    return where.replace(f":{parts.password}@", ":***@")


def _explain(error: Exception, where: str) -> StoreError:
    said, state = _first_line(error), getattr(error, "sqlstate", None) or ""
    if state in ("25006", "42501"):
        return StoreError(f"{where} may not be written ({said}): use a user with the right to write")
    if state.startswith("53"):
        return StoreError(f"{where} has no room ({said}): free some and run again; nothing stored is lost")
    if state.startswith("55") or state == "40P01":
        return StoreError(f"{where} is locked by another process ({said}): wait until it has ended, then run again")
    return StoreError(f"{where}: {said}")
