"""Making a store, knowing one, and bringing an older one up to date."""

from __future__ import annotations

from pathlib import Path

from waqai.errors import StoreError
from waqai.store.db import APPLICATION_ID, Database
from waqai.store.reindex import reindex, retell

__all__ = ["SCHEMA", "prepare"]

SCHEMA = 3
_META = (("schema", str(SCHEMA)), ("changed", "0"), ("merged_to", "0"), ("merged_by", ""))
_WITH_WORDS = (2,)  # schemas whose index of words has other columns than the one before
_WITH_TOLD = (3,)  # schemas that keep more of a claim beside its article
_HERE = Path(__file__).parent
_MIGRATIONS = _HERE / "migrations"


def _engine_sql(sql: str, engine: str) -> str:
    if engine == "sqlite":
        return sql
    for ours, theirs in (("WITHOUT ROWID", ""), (" BLOB", " BYTEA"), (" REAL", " DOUBLE PRECISION")):
        sql = sql.replace(ours, theirs)
    return sql


def prepare(db: Database, mode: str) -> None:
    """Check that `db` is a store of this schema; in "rw" mode make it where it is empty and migrate it where it is older.

    Raises StoreError where it is something else, or newer than this program.
    """
    tables = db.tables()
    if "meta" not in tables or "claims" not in tables:
        if tables:
            raise StoreError(f"{db.where} is a database, but not a Waqai store: give another path with --db")
        if mode == "r":
            raise StoreError(f"{db.where} holds nothing: fill it with `waqai build INPUT --db {db.where}`")
        _create(db)
        return
    row = db.one("SELECT value FROM meta WHERE key = 'schema'")
    if row is None or not str(row[0]).isdigit():
        raise StoreError(f"{db.where} is a database, but not a Waqai store: give another path with --db")
    have = int(row[0])
    if have > SCHEMA:
        raise StoreError(
            f"{db.where} has schema {have}, made by a newer Waqai; this one knows schema {SCHEMA}: upgrade with "
            "`pip install -U waqai`"
        )
    if have < SCHEMA:
        _migrate(db, have, mode)


def _create(db: Database) -> None:
    with db.transaction():
        db.script(_engine_sql((_HERE / "schema.sql").read_text(encoding="utf-8"), db.engine))
        db.script((_HERE / f"search.{db.engine}.sql").read_text(encoding="utf-8"))
        if db.engine == "sqlite":
            db.run(f"PRAGMA application_id = {APPLICATION_ID}")
        db.many("INSERT INTO meta VALUES (?, ?)", _META)


def _migrate(db: Database, have: int, mode: str) -> None:
    if mode == "r":
        raise StoreError(
            f"{db.where} has the older schema {have}: run `waqai merge --db {db.where}` once to bring it up to date"
        )
    for number in range(have + 1, SCHEMA + 1):
        script = _MIGRATIONS / f"{number:03}.sql"
        with db.transaction():
            db.script(_engine_sql(script.read_text(encoding="utf-8"), db.engine))
            if number in _WITH_WORDS:
                reindex(db)
            if number in _WITH_TOLD:
                retell(db)
            db.run("UPDATE meta SET value = ? WHERE key = 'schema'", (str(number),))
