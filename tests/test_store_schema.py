"""Migrations: an older store is brought up to date when it is opened for writing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from store_samples import severs

from waqai import query
from waqai.errors import StoreError
from waqai.query import Filters
from waqai.store import Store, schema


def test_an_older_store_is_migrated_once_and_keeps_its_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "news.db")
    with Store.open(path, "rw") as store:
        store.add(severs("الأولى"))
    (tmp_path / f"{schema.SCHEMA + 1:03}.sql").write_text("-- a column more\nALTER TABLE runs ADD COLUMN host TEXT;\n")
    monkeypatch.setattr(schema, "_MIGRATIONS", tmp_path)
    monkeypatch.setattr(schema, "SCHEMA", schema.SCHEMA + 1)
    with pytest.raises(StoreError, match="older schema"):
        Store.open(path)
    with Store.open(path, "rw") as store:
        assert store.db.rows("SELECT host FROM runs") == []
        assert query.search(store, order="newest").total == 1
    Store.open(path).close()


def test_a_store_of_the_first_schema_becomes_one_of_the_newest(tmp_path: Path) -> None:
    path, new = str(tmp_path / "old.db"), str(tmp_path / "new.db")
    with Store.open(new, "rw") as store:
        store.add(severs("الأولى"))
    with closing(sqlite3.connect(path)) as old:
        for script in (Path(__file__).parent / "old_schemas/001.sql", Path(schema.__file__).parent / "search.sqlite.sql"):
            old.executescript(script.read_text(encoding="utf-8"))
        meta = {"schema": "1", "changed": "0", "merged_to": "0", "merged_by": ""}
        old.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
        old.execute("ATTACH ? AS new", (new,))
        for table in ("documents", "claims", "actors", "entities", "parties", "relations", "claim_countries", "claim_pairs", "tally", "tally_pair"):
            old.execute(f"INSERT INTO main.{table} SELECT * FROM new.{table}")
        old.commit()
    tables = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    with Store.open(path, "rw") as store, Store.open(new, "rw") as fresh:
        assert [(n, " ".join(s.split())) for n, s in store.db.rows(tables)] == [(n, " ".join(s.split())) for n, s in fresh.db.rows(tables)]
        store.remerge()
        assert query.relation(store, "MAR", "IRN").events == 1
        assert query.search(store, "قطع", Filters(country=["MAR"])).total == 1


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "news.db")
    Store.open(path, "rw").close()
    (tmp_path / f"{schema.SCHEMA + 1:03}.sql").write_text("ALTER TABLE runs ADD COLUMN host TEXT;\nDROP TABLE none;\n")
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", tmp_path)
        patch.setattr(schema, "SCHEMA", schema.SCHEMA + 1)
        with pytest.raises(StoreError):
            Store.open(path, "rw")
    with Store.open(path) as store, pytest.raises(StoreError):
        store.db.rows("SELECT host FROM runs")


def test_a_store_of_the_second_schema_learns_what_its_relations_tell(tmp_path: Path) -> None:
    path = str(tmp_path / "old.db")
    with Store.open(path, "rw") as store:
        store.add(severs("الأولى"))
        before = query.relation(store, "MAR", "IRN").steps
        store.db.run("DROP TABLE relation_told")
        store.db.run("UPDATE meta SET value = '2' WHERE key = 'schema'")
    with Store.open(path, "rw") as store:
        assert query.relation(store, "MAR", "IRN").steps == before
        assert len(store.db.rows("SELECT claim FROM relation_told")) == len(before) == 1
