"""Runs: rows the same whatever the engine and whatever dies; resuming; loading; merging by group-by."""

from __future__ import annotations

import gzip
import os
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest
import warc_samples as make
from test_build import articles
from typer.testing import CliRunner

import waqai.run.shards as shards_module
from waqai.cli import app
from waqai.errors import FormatError, QueryError, StoreError
from waqai.export import parquet
from waqai.intake import documents
from waqai.merge import merge_facts
from waqai.run import load, run
from waqai.run.group import group_part, links_of, packed_facts
from waqai.run.place import Place
from waqai.run.shards import Done, Shard, plan
from waqai.store import Store
from waqai.types import Document, Record

HERE = Path(__file__).parent
ANNOTATE = "store_samples:annotate"


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worker processes find the annotators of this folder."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])]))
    monkeypatch.setattr(shards_module, "_LINES", 3_000)


def inputs(folder: Path) -> list[str]:
    """Lines, an archive, a broken one, and a folder of small files, one of them no article."""
    folder.mkdir(exist_ok=True)
    lines = articles(folder / "lines", 40)
    data = make.packed(make.crawl(60, share=0.4))
    (folder / "a.warc.gz").write_bytes(data)
    (folder / "cut.warc.gz").write_bytes(make.packed(make.crawl(30, share=0.4, seed=5))[:-200])
    small = folder / "small"
    small.mkdir()
    for name in make.SAMPLES:
        (small / name).write_text(make.sample(name), encoding="utf-8")
    (small / "x.html").write_bytes(b"")
    return [str(lines), str(folder / "a.warc.gz"), str(folder / "cut.warc.gz"), str(small)]


def files(out: Path) -> dict[str, list[str]]:
    """The names, which are hashes of the contents, of all that a run has written."""
    return {t: Place(str(out)).names(t) for t in parquet.TABLES}


def rows(out: Path, table: str) -> list[tuple[object, ...]]:
    """All rows of a table."""
    place = Place(str(out))
    columns = list(parquet.TABLES[table])
    found = (parquet.read(place.read(f"{table}/{n}"), columns) for n in place.names(table))
    return sorted((r for part in found for r in part), key=repr)


def test_a_run_writes_a_row_for_each_article_and_failure(tmp_path: Path) -> None:
    given, out = inputs(tmp_path / "in"), tmp_path / "out"
    done = run(given, str(out), jobs=0, annotate=ANNOTATE)
    found = [d for g in given for d in documents(Path(g))]
    ids = sorted(d.id for d in found if isinstance(d, Document))
    assert [r[0] for r in rows(out, "documents")] == ids
    assert done.documents == len(ids)
    assert done.failures == len(rows(out, "failures")) == len(found) - len(ids) == 2
    assert done.archive.breaks == 1


def test_sources_are_told_as_without_a_run(tmp_path: Path) -> None:
    given, out = inputs(tmp_path / "in"), tmp_path / "out"
    run(given, str(out), jobs=0, annotate=ANNOTATE)
    expected = sorted(str(d.source) for g in given for d in documents(Path(g)) if isinstance(d, Document))
    assert sorted(str(r[9]) for r in rows(out, "documents")) == expected


def test_records_come_back_whole(tmp_path: Path) -> None:
    from store_samples import annotate

    found = [annotate(d) for d in documents(articles(tmp_path, 5)) if isinstance(d, Document)]
    data = parquet.encode("documents", [r for f in found for r in parquet.rows(f)["documents"]])
    assert list(parquet.records(data)) == found


def test_the_number_of_workers_changes_no_row(tmp_path: Path) -> None:
    given = inputs(tmp_path / "in")
    for name, jobs in (("one", 0), ("two", 2)):
        run(given, str(tmp_path / name), jobs=jobs, annotate=ANNOTATE)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_parts_of_an_archive_are_the_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = inputs(tmp_path / "in")[1:2]
    run(given, str(tmp_path / "whole"), jobs=0, annotate=ANNOTATE)
    monkeypatch.setattr(shards_module, "_ARCHIVE", 20_000)
    done = run(given, str(tmp_path / "parts"), jobs=0, annotate=ANNOTATE)
    assert done.shards > 1
    assert rows(tmp_path / "whole", "documents") == rows(tmp_path / "parts", "documents")
    assert done.archive.records == 61


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    given, out = inputs(tmp_path / "in"), tmp_path / "out"
    first = run(given, str(out), jobs=0, annotate=ANNOTATE)
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*.parquet")}
    again = run(given, str(out), jobs=0, annotate=ANNOTATE)
    assert again.skipped == again.shards == first.shards
    assert (again.documents, again.archive) == (first.documents, first.archive)
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*.parquet")} == before


def test_a_run_that_was_broken_off_goes_on(tmp_path: Path) -> None:
    given = inputs(tmp_path / "in")
    run(given, str(tmp_path / "whole"), jobs=0, annotate=ANNOTATE)
    out = tmp_path / "half"
    shutil.copytree(tmp_path / "whole", out)
    for marker in sorted((out / "done").iterdir())[::2]:
        for table, names in msgspec.json.decode(marker.read_bytes(), type=Done).files.items():
            for name in names:
                (out / table / name).unlink(missing_ok=True)
        marker.unlink()
    run(given, str(out), jobs=0, annotate=ANNOTATE)
    assert files(out) == files(tmp_path / "whole")


def test_a_killed_worker_changes_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, flag = inputs(tmp_path / "in"), tmp_path / "flag"
    run(given, str(tmp_path / "whole"), jobs=0, annotate=ANNOTATE)
    flag.touch()
    monkeypatch.setenv("WAQAI_TEST_KILL", str(flag))
    done = run(given, str(tmp_path / "out"), jobs=2, annotate="run_samples:dies_once")
    assert not flag.exists()
    assert files(tmp_path / "out") == files(tmp_path / "whole")
    assert done.finished == done.shards


def test_what_no_worker_survives_is_a_failure_and_the_rest_is_read(tmp_path: Path) -> None:
    given = inputs(tmp_path / "in")
    done = run(given, str(tmp_path / "out"), jobs=2, annotate="run_samples:dies_always")
    died = [r for r in rows(tmp_path / "out", "failures") if r[2] == "WorkerDied"]
    assert len(died) == 1
    assert str(died[0][0]).startswith(given[0])
    assert done.finished == done.shards


def test_a_fault_in_one_article_is_one_failure(tmp_path: Path) -> None:
    path = articles(tmp_path, 40)
    done = run([str(path)], str(tmp_path / "out"), jobs=0, annotate="run_samples:breaks")
    assert (done.documents, done.failures) == (39, 1)
    assert rows(tmp_path / "out", "failures")[0][1:3] == ("annotate", "ZeroDivisionError")


def test_another_version_does_not_write_into_the_same_folder(tmp_path: Path) -> None:
    path = articles(tmp_path, 4)
    run([str(path)], str(tmp_path / "out"), jobs=0, annotate=ANNOTATE)
    with pytest.raises(StoreError, match="another version"):
        run([str(path)], str(tmp_path / "out"), jobs=0, annotate="run_samples:breaks")


@pytest.mark.parametrize(("given", "what"), [("s3://bucket/a/", "--engine"), ("-", "standard input"), ("/no/such", "no such")])
def test_impossible_inputs_are_refused(tmp_path: Path, given: str, what: str) -> None:
    with pytest.raises(QueryError, match=what):
        run([given], str(tmp_path / "out"), jobs=0, annotate=ANNOTATE)


def test_an_engine_that_is_not_installed_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "daft", None)
    with pytest.raises(QueryError, match=r"pip install 'waqai\[scale\]'"):
        run([str(articles(tmp_path, 2))], str(tmp_path / "out"), engine="daft", annotate=ANNOTATE)


def test_stretches_of_lines_cover_the_file(tmp_path: Path) -> None:
    path = articles(tmp_path, 40)
    found = list(plan([str(path)]))
    assert len(found) > 3
    assert [s.start for s in found[1:]] == [s.end for s in found[:-1]]
    assert (found[0].start, found[-1].end) == (0, path.stat().st_size)
    assert [s.line for s in found] == [path.read_bytes()[: s.start].count(b"\n") for s in found]


def test_the_key_of_a_shard_is_that_of_its_content() -> None:
    a = Shard(kind="lines", paths=["a"], size=10, end=5)
    assert a.key() == Shard(kind="lines", paths=["a"], size=10, end=5).key()
    assert a.key() != Shard(kind="lines", paths=["a"], size=11, end=5).key()


# --- loading ------------------------------------------------------------------------------------------------------------


def test_loading_gives_the_store_that_a_build_gives(tmp_path: Path) -> None:
    from waqai.build import build

    given = inputs(tmp_path / "in")
    run(given, str(tmp_path / "out"), jobs=0, annotate=ANNOTATE)
    load(str(tmp_path / "out"), str(tmp_path / "run.db"))
    build(given, str(tmp_path / "build.db"), jobs=0, annotate=ANNOTATE)
    sql = {
        "documents": "SELECT uid, url, outlet, source, record FROM documents",
        "claims": "SELECT uid, type, date FROM claims",
        "merged": "SELECT uid, claims, documents, outlets FROM merged",
        "failures": "SELECT source, stage, error, message, hint FROM failures",
    }
    for query in sql.values():
        found = []
        for name in ("run.db", "build.db"):
            with Store.open(str(tmp_path / name)) as store:
                found.append(sorted(store.db.rows(query), key=repr))
        assert found[0] == found[1] != []


def test_loading_twice_stores_once(tmp_path: Path) -> None:
    run([str(articles(tmp_path, 12))], str(tmp_path / "out"), jobs=0, annotate=ANNOTATE)
    first, second = (load(str(tmp_path / "out"), str(tmp_path / "a.db")) for _ in range(2))
    assert (first.stored, first.skipped, second.stored, second.skipped) == (12, 0, 0, 12)


def test_a_file_that_was_changed_is_not_loaded(tmp_path: Path) -> None:
    run([str(articles(tmp_path, 4))], str(tmp_path / "out"), jobs=0, annotate=ANNOTATE)
    path = next((tmp_path / "out" / "documents").iterdir())
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(StoreError, match="damaged"):
        load(str(tmp_path / "out"), str(tmp_path / "a.db"))


def test_a_folder_without_a_run_is_not_loaded(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no run"):
        load(str(tmp_path), str(tmp_path / "a.db"))


@pytest.mark.parametrize("data", [b"", b"abc", b"PAR1" + b"x" * 40 + b"PAR1"])
def test_what_is_no_parquet_is_told(data: bytes) -> None:
    with pytest.raises(FormatError, match="Parquet"):
        list(parquet.read(data, ["record"]))


# --- merging ------------------------------------------------------------------------------------------------------------


def records(n: int, folder: Path) -> list[Record]:
    """Records of generated articles."""
    from store_samples import annotate

    return [annotate(d) for d in documents(articles(folder, n)) if isinstance(d, Document)]


def expected(found: list[Record]) -> list[list[str]]:
    """The claims of each merged event."""
    from waqai.merge import facts

    return sorted(m.claims for m in merge_facts([f for r in found for f in facts(r)]))


def packed(found: list[Record]) -> Iterator[bytes]:
    """The facts of records as they travel."""
    for r in found:
        text = r.document.text
        bare = msgspec.structs.replace(r, document=msgspec.structs.replace(r.document, text=""))
        yield from packed_facts(msgspec.json.encode(bare).decode(), text)


def test_grouping_by_block_and_component_gives_what_merging_at_once_gives(tmp_path: Path) -> None:
    from waqai.merge import Fact
    from waqai.merge.cluster import block_keys, components

    found = records(60, tmp_path)
    by_key: dict[str, list[bytes]] = {}
    by_uid: dict[str, bytes] = {}
    for data in packed(found):
        fact = msgspec.msgpack.decode(data, type=Fact)
        by_uid[fact.uid] = data
        for key in block_keys(fact):
            by_key.setdefault(key, []).append(data)
    edges = [(e.split(" ")[0], e.split(" ")[1]) for block in by_key.values() for e in links_of(block)]
    parts = components(by_uid, edges)
    got = sorted(g.split(" ") for part in parts for g in group_part([by_uid[u] for u in part]))
    assert got == expected(found)
    assert len(got) < len(by_uid)


# --- Daft and Ray -------------------------------------------------------------------------------------------------------

needs_daft = pytest.mark.skipif(find_spec("daft") is None, reason="the extra `scale` is not installed")
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="the extra `scale` is not installed")


@pytest.fixture
def local(tmp_path: Path) -> tuple[list[str], dict[str, list[str]]]:
    """Inputs, and what the local engine makes of them."""
    given = inputs(tmp_path / "in")
    run(given, str(tmp_path / "local"), jobs=0, annotate=ANNOTATE)
    return given, files(tmp_path / "local")


@pytest.mark.parametrize("engine", [pytest.param("daft", marks=needs_daft), pytest.param("ray", marks=needs_ray)])
def test_each_engine_writes_the_same_rows(engine: str, local: tuple[list[str], dict[str, list[str]]], tmp_path: Path) -> None:
    run(local[0], str(tmp_path / "out"), engine=engine, jobs=2, annotate=ANNOTATE)
    assert files(tmp_path / "out") == local[1]


@needs_daft
def test_a_killed_worker_of_daft_changes_no_row(
    local: tuple[list[str], dict[str, list[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag = tmp_path / "flag"
    flag.touch()
    monkeypatch.setenv("WAQAI_TEST_KILL", str(flag))
    run(local[0], str(tmp_path / "out"), engine="daft", jobs=2, annotate="run_samples:dies_once")
    assert not flag.exists()
    assert files(tmp_path / "out") == local[1]


@needs_daft
def test_merging_by_daft_gives_the_events_of_the_store(tmp_path: Path) -> None:
    from waqai.run import merged

    given = [str(articles(tmp_path, 60))]
    run(given, str(tmp_path / "out"), jobs=0, annotate=ANNOTATE)
    n = merged(str(tmp_path / "out"))
    place = Place(str(tmp_path / "out"))
    got = [list(c) for name in place.names("merged") for (c,) in parquet.read(place.read(f"merged/{name}"), ["claims"])]
    assert sorted(got) == expected(records(60, tmp_path))
    assert n == len(got)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a web server of `tmp_path`/in."""
    import functools
    import threading
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "in"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


@needs_daft
def test_archives_of_a_web_server_are_read_from_their_list(
    local: tuple[list[str], dict[str, list[str]]], tmp_path: Path, server: str
) -> None:
    (tmp_path / "in" / "warc.paths.gz").write_bytes(gzip.compress(b"a.warc.gz\ncut.warc.gz\n"))
    run([f"{server}/warc.paths.gz"], str(tmp_path / "out"), engine="daft", jobs=2, annotate=ANNOTATE)
    found = {r[0]: r for r in rows(tmp_path / "local", "documents")}
    got = rows(tmp_path / "out", "documents")
    assert len(got) > 20
    assert all(r[:9] == found[r[0]][:9] and str(r[9]).startswith(server) for r in got)


@needs_daft
@pytest.mark.parametrize("name", ["none.warc.gz", "none.paths.gz"])
def test_an_address_where_nothing_is_is_refused(tmp_path: Path, server: str, name: str) -> None:
    with pytest.raises(QueryError, match="check the address"):
        run([f"{server}/{name}"], str(tmp_path / "out"), engine="daft", jobs=1, annotate=ANNOTATE)


# --- the commands -------------------------------------------------------------------------------------------------------


def test_run_and_load_by_command(tmp_path: Path) -> None:
    runner, page = CliRunner(), tmp_path / "a.html"
    page.write_text(make.sample(make.SAMPLES[0]), encoding="utf-8")
    first = runner.invoke(app, ["run", str(page), "--out", str(tmp_path / "out"), "-j", "0"])
    assert (first.exit_code, first.output.split(" articles")[0]) == (0, "1")
    second = runner.invoke(app, ["load", str(tmp_path / "out"), "--db", str(tmp_path / "a.db")])
    assert (second.exit_code, second.output.split(",")[0]) == (0, "1 articles stored")


def test_an_address_without_ray_is_refused(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["run", sys.executable, "--out", str(tmp_path), "--address", "ray://a:1"])
    assert result.exit_code == 2
    assert "--engine ray" in result.output
