"""The store: adding, versions, runs, judgements, bad files."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_samples import attack, document, record, severs

from waqai import query
from waqai.errors import StoreError
from waqai.query import NotFound
from waqai.store import Store
from waqai.store.verify import verify
from waqai.types import Failure


@pytest.fixture
def path(tmp_path: Path) -> str:
    return str(tmp_path / "news.db")


@pytest.fixture
def store(path: str) -> Iterator[Store]:
    with Store.open(path, "rw") as opened:
        opened.begin_run(code_version="1")
        yield opened


def total(store: Store) -> int:
    return query.search(store, order="newest").total


def test_a_record_comes_back_as_it_was(store: Store) -> None:
    given = severs("الأولى")
    store.add(given)
    assert query.article(store, given.document.id).record == given


def test_the_same_document_twice_changes_nothing(store: Store) -> None:
    assert store.add(severs("الأولى"))
    before = query.version(store)
    assert not store.add(severs("الأولى"))
    assert query.version(store) == before
    assert total(store) == 1


def test_a_changed_page_is_a_new_version_and_the_old_one_is_kept(store: Store) -> None:
    old = severs("الأولى", url="http://a.example/1")
    new = severs("الأولى", "قطع المغرب علاقاته مع إيران وأغلق سفارته.", url="http://a.example/1")
    store.add_all([old, new])
    store.remerge()
    page = query.article(store, old.document.id)
    assert not page.document.live
    assert [v.id for v in page.versions] == [new.document.id]
    assert total(store) == 1
    assert query.facets(store).total == 1
    assert query.search(store, order="newest").items[0].document.version == 2


def test_an_older_version_leaves_its_merged_event(store: Store) -> None:
    store.add_all([severs("الأولى", url="http://a.example/1"), severs("الثانية", url="http://b.example/1")])
    store.remerge()
    store.add(record(document("لا خبر في هذه الصفحة.", "الأولى", url="http://a.example/1")))
    store.remerge()
    [event] = query.timeline(store).items
    assert (event.claims, event.outlets) == (1, 1)


def test_failures_are_kept_once(store: Store) -> None:
    bad = Failure(source="x.html", stage="intake", error="FormatError", message="broken")
    store.fail(bad)
    store.fail(bad)
    assert [f.source for f in query.status(store).failures] == ["x.html"]


def test_a_run_broken_off_is_gone_on_with(path: str) -> None:
    with Store.open(path, "rw") as one:
        first = one.begin_run(code_version="1", inputs=["a"])
    with Store.open(path, "rw") as two:
        assert two.begin_run(code_version="1", inputs=["a"]) == first
        assert two.begin_run(code_version="2", inputs=["a"]) == first + 1


def test_the_run_keeps_versions_and_models(store: Store) -> None:
    store.begin_run(code_version="9", words_digest="abc", models={"tagger": "ff"}, inputs=["x"])
    run = query.status(store).runs[0]
    assert (run.code_version, run.words_digest, run.models, run.inputs) == ("9", "abc", {"tagger": "ff"}, ["x"])


def test_judgements_are_only_added_and_the_last_one_counts(store: Store) -> None:
    a, b = attack("الأولى", 3), attack("الثانية", 4)
    store.add_all([a, b])
    store.remerge()
    ids = [f"{r.document.id[:16]}.v0" for r in (a, b)]
    assert query.event(store, ids[0]).event.claims == 2
    store.judge("different", *ids, who="me")
    store.remerge()
    assert query.event(store, ids[0]).event.claims == 1
    store.judge("undo", *ids, who="me")
    store.remerge()
    page = query.event(store, ids[0])
    assert page.event.claims == 2
    assert [j.verdict for j in page.judgements] == ["different", "undo"]


def test_a_judgement_joins_what_no_score_would(store: Store) -> None:
    a, b = attack("الأولى", 3), severs("الثانية")
    store.add_all([a, b])
    ids = [f"{r.document.id[:16]}.v0" for r in (a, b)]
    store.judge("same", *ids, who="me")
    store.remerge()
    assert query.event(store, ids[0]).event.claims == 2


def test_a_judgement_on_an_unknown_claim_is_refused(store: Store) -> None:
    store.add(severs("الأولى"))
    with pytest.raises(StoreError, match="no claim or event 'nothing'"):
        store.judge("same", "nothing", "neither", who="me")


def test_verify_finds_no_fault_in_a_good_store(store: Store) -> None:
    store.add_all([severs("الأولى"), severs("الثانية"), attack("الثالثة", 4)])
    store.remerge()
    found = verify(store.db)
    assert (found.documents, found.claims, found.events, found.faults) == (3, 3, 2, [])


def test_verify_finds_a_changed_merged_event(store: Store) -> None:
    store.add_all([severs("الأولى"), severs("الثانية")])
    store.remerge()
    store.db.run("DELETE FROM merged_claims WHERE claim = 2")
    assert [f.where.startswith("event ") for f in verify(store.db).faults] == [True]


def test_verify_finds_a_broken_record(store: Store) -> None:
    store.add(severs("الأولى"))
    store.remerge()
    store.db.run("UPDATE documents SET record = ? WHERE id = 1", (b"nonsense",))
    assert "broken" in verify(store.db).faults[0].what


def test_verify_finds_a_span_that_does_not_give_its_words(store: Store) -> None:
    from waqai.store.rows import pack

    given = severs("الأولى")
    store.add(given)
    store.remerge()
    text = given.document.text.replace("إيران", "تركيا")
    from msgspec.structs import replace

    wrong = replace(given, document=replace(given.document, text=text))
    store.db.run("UPDATE documents SET record = ? WHERE id = 1", (pack(wrong),))
    assert any("«إيران»" in f.what for f in verify(store.db).faults)


# --- bad files ----------------------------------------------------------------------------------------------------------


def test_a_missing_store_says_how_to_make_one(path: str) -> None:
    with pytest.raises(StoreError, match="waqai build"):
        Store.open(path)


def test_a_file_that_is_no_database_is_refused(path: str) -> None:
    Path(path).write_text("these are words, not a database, and there are enough of them to fill a header\n" * 20)
    with pytest.raises(StoreError, match="not a Waqai store"):
        Store.open(path)


def test_another_database_is_refused_and_left_alone(path: str) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (x)")
    with pytest.raises(StoreError, match="not a Waqai store"):
        Store.open(path, "rw")
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]


def test_a_newer_schema_is_refused(store: Store, path: str) -> None:
    store.db.run("UPDATE meta SET value = '99' WHERE key = 'schema'")
    with pytest.raises(StoreError, match="newer Waqai"):
        Store.open(path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        Store.open(str(tmp_path), "rw")


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="does not exist"):
        Store.open(str(tmp_path / "no" / "news.db"), "rw")


def test_writing_to_a_store_opened_for_reading_is_refused(store: Store, path: str) -> None:
    with Store.open(path) as reader, pytest.raises(StoreError, match="opened for reading"):
        reader.add(severs("الأولى"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write read-only files")
def test_a_read_only_file_is_said(path: str) -> None:
    Store.open(path, "rw").close()
    os.chmod(path, 0o444)
    with pytest.raises(StoreError, match="read-only"):
        Store.open(path, "rw")


def test_a_read_only_database_is_said(path: str) -> None:
    from waqai.store.db import Sqlite

    Store.open(path, "rw").close()
    with pytest.raises(StoreError, match="is read-only"):
        Sqlite(path, "r").run("DELETE FROM claims")


def test_a_second_build_is_kept_out(path: str) -> None:
    with Store.open(path, "rw", build=True), pytest.raises(StoreError, match="being built by another process"):
        Store.open(path, "rw", build=True)


def test_a_store_that_another_process_holds_is_said(store: Store, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waqai.store.db._BUSY_SECONDS", 0.05)
    with Store.open(path, "rw") as other, other.db.transaction(), pytest.raises(StoreError, match="locked by another process"):
        Store.open(path, "rw").add(severs("الأولى"))


def test_a_full_disk_is_said_and_nothing_stored_is_lost(store: Store) -> None:
    store.add(severs("الأولى"))
    row = store.db.one("PRAGMA page_count")
    assert row is not None
    store.db.run(f"PRAGMA max_page_count = {int(row[0]) + 1}")
    many = [severs(f"{n} الثانية", "قطع المغرب علاقاته مع إيران. " * 200 + str(n)) for n in range(50)]
    with pytest.raises(StoreError, match="no room"):
        store.add_all(many)
    assert total(store) == 1
    store.db.run("PRAGMA max_page_count = 1000000")
    assert store.add_all(many) == 50


def test_a_damaged_file_is_said(path: str) -> None:
    with Store.open(path, "rw") as store:
        store.add_all([severs(f"{n}") for n in range(200)])
    data = bytearray(Path(path).read_bytes())
    for page in range(5, len(data) // 4096):
        data[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    Path(path).write_bytes(bytes(data))
    with pytest.raises(StoreError, match="is damaged"), Store.open(path) as store:
        query.search(store, "قطع", order="newest", limit=200)


def test_readers_see_whole_batches_while_another_writes(path: str) -> None:
    with Store.open(path, "rw") as writer:
        writer.add(severs("الأولى"))
        with Store.open(path) as reader, reader.db.snapshot():
            before = query.home(reader)
            writer.add_all([severs("الثانية"), attack("الثالثة", 2)])
            writer.remerge()
            assert query.home(reader) == before
            assert query.facets(reader).total == query.search(reader, order="newest").total == 1


def test_a_store_moves_with_its_file(store: Store, path: str, tmp_path: Path) -> None:
    store.add(severs("الأولى"))
    store.close()
    moved = tmp_path / "else" / "copy.db"
    moved.parent.mkdir()
    shutil.move(path, moved)
    with Store.open(str(moved)) as again:
        assert total(again) == 1


def test_an_unknown_id_is_not_found(store: Store) -> None:
    for ask in (query.event, query.article, query.actor, query.outlet):
        with pytest.raises(NotFound):
            ask(store, "zzz")


def test_a_lock_that_cannot_be_made_is_not_called_another_build(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def execute(self, _: str) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        def close(self) -> None:
            pass

    with Store.open(path, "rw") as store:
        monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: Full())
        with pytest.raises(StoreError, match="no room"):
            store.db.lock_build()
